import { ChannelStream } from './channels.ts'
import { ForwardedChannels, portsIn } from './forwarded-channels.ts'
import { ForwardedTunnel } from './forwarded-tunnel.ts'
import type { NearEnd } from './near-end.ts'

/** A subprotocol that a client may offer for a subresource, the one that we like best first. */
interface Subprotocol {
  readonly subresource: RegExp
  readonly name: string
  nearEnd(path: string): NearEnd
}

const portForward = /\/portforward(\?|$)/
const remoteCommand = /\/(exec|attach)(\?|$)/

const subprotocols: readonly Subprotocol[] = [
  { subresource: remoteCommand, name: 'v5.channel.k8s.io', nearEnd: () => new ChannelStream() },
  { subresource: remoteCommand, name: 'v4.channel.k8s.io', nearEnd: () => new ChannelStream() },
  { subresource: portForward, name: 'SPDY/3.1+portforward.k8s.io', nearEnd: () => new ForwardedTunnel() },
  { subresource: portForward, name: 'v4.channel.k8s.io', nearEnd: path => new ForwardedChannels(portsIn(path)) },
]

/** What a client and we both speak, about this path. */
export function subprotocolFor(path: string, offered: readonly string[]): Subprotocol | undefined {
  return subprotocols.find(({ subresource, name }) => subresource.test(path) && offered.includes(name))
}
