import { TLSSocket } from 'node:tls'
import type { OutsideRequest } from '../protocol/messages.ts'
import type { Incoming } from './body.ts'
import { identified, type Peer, peerOf } from './identity.ts'
import type { StaticUser } from './options.ts'
import { refusal, type WholeAnswer } from './respond.ts'

/** Names under which clients on this machine may call us; others are pages that had their name pointed here. */
const ownHosts = new Set([
  'localhost',
  '127.0.0.1',
  '[::1]',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
])

/** Headers that mean something to the API server; the others would only swell the record. */
const kept = [
  /^(accept|content-type|user-agent|authorization)$/,
  /^impersonate-(user|uid|group|extra-.+)$/,
  /^kubectl-(command|session)$/,
]

/** Besides, what a proxied request takes along. */
const isProxied = (path: string): boolean => /\/proxy(\/|\?|$)/.test(path)

/** Whether a request's Host is one of ours: a guard against pages that had their own name resolve to this machine. */
export function isOwnHost(host: string | undefined): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host ?? '')?.[1]
  return name !== undefined && ownHosts.has(name.toLowerCase())
}

const peers = new WeakMap<object, Peer>()

/** The peer of a connection, which does not change while it lasts. */
function cachedPeer(socket: TLSSocket): Peer {
  const known = peers.get(socket)
  if (known) return known
  const peer = peerOf(socket)
  peers.set(socket, peer)
  return peer
}

/** The socket below a request: HTTP/2 hides it behind the session. */
function socketOf(request: Incoming): TLSSocket {
  const socket = 'stream' in request ? request.stream.session?.socket : request.socket
  if (socket instanceof TLSSocket) return socket
  throw new Error('a request came without TLS')
}

/** A request as the session takes it, without its body; or why it is not let in. */
export function readRequest(
  request: Incoming,
  tokens: Readonly<Record<string, StaticUser>>,
): Omit<OutsideRequest, 'body'> | WholeAnswer {
  const { headers, method = 'GET', url = '/' } = request
  if (!isOwnHost(headers[':authority']?.toString() ?? headers.host)) {
    return refusal(403, 'Forbidden', 'this server answers to localhost and 127.0.0.1 only')
  }
  const peer = cachedPeer(socketOf(request))
  if ('refused' in peer) return refusal(401, 'Unauthorized', 'Unauthorized')
  const path = url.startsWith('/') ? url : pathOf(url)
  return { method, path, ...identified(headersOf(request, path), peer.certificate, tokens) }
}

/** Clients of proxies name the whole address. */
function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?]*(.*)$/i.exec(url)?.[1] ?? '/'
}

function headersOf({ headers }: Incoming, path: string): OutsideRequest['headers'] {
  const all = isProxied(path)
  const taken: [string, string | readonly string[]][] = []
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':')) continue
    if (all || kept.some(pattern => pattern.test(name))) taken.push([name, value])
  }
  return Object.fromEntries(taken)
}
