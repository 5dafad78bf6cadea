import { defineComponent, type ComponentDefinition, type Self } from '../sim/component.ts'
import type { Answer, Failure, Host, Listen, OpenExchange, Respond } from './exchange.ts'
import { finish, fail } from './ending.ts'
import { addHost, closePort, openPort, removeHost } from './hosts.ts'
import { cut, type Link, linkName, mend, slow, type Slowness } from './links.ts'
import { isLookupTag, openExchange, takeLookup } from './opening.ts'
import { goOn, reply, resend, respond } from './travel.ts'
import type { Rules } from './route.ts'
import type { NetworkState } from './state.ts'

export interface NetworkOptions extends Rules {
  /** Called after links were cut or mended: followers of the API learn that they are cut off, or back. */
  linksChanged?(self: Self<NetworkState>): void
  /** Called after a machine was switched on or off: what was in its kernel is gone. */
  machineChanged?(self: Self<NetworkState>, machine: string, up: boolean): void
}

/** Data of the event `pod-network`: a network plugin has set up a machine. */
export interface PodNetworkEvent {
  readonly machine: string
  readonly plugin: string
}

/** Data of the event `announce`: a machine answers for an address (a load balancer's), or no machine does. */
export interface Announce {
  readonly address: string
  readonly machine?: string
}

/**
 * The component `network`: carries exchanges hop by hop between hosts (exchange.ts is the contract). Service rules and
 * policies are asked of `options`; what is cut, slow, listening or announced is state.
 */
export function createNetwork(options: NetworkOptions): ComponentDefinition<NetworkState> {
  const linksChanged = (self: Self<NetworkState>, what: string, link: Link, detail?: string): void => {
    self.record('fault', { what, target: linkName(link), ...(detail !== undefined && { detail }) })
    options.linksChanged?.(self)
  }
  return defineComponent<NetworkState>({
    type: 'network',
    on: {
      open: (self, open: OpenExchange) => openExchange({ self, rules: options }, open),
      hop: (self, id: number) => goOn({ self, rules: options }, id),
      resend: (self, id: number) => resend({ self, rules: options }, id),
      respond: (self, data: Respond) => respond({ self, rules: options }, data),
      reply: (self, id: number) => reply({ self, rules: options }, id),
      end: (self, { id, failure }: { id: number; failure?: Failure }) => {
        const exchange = self.state.exchanges.get(id)
        delete exchange?.next
        if (exchange) finish(self, exchange, failure === undefined ? { ok: true } : { ok: false, failure })
      },
      timeout: (self, id: number) => {
        const exchange = self.state.exchanges.get(id)
        delete exchange?.timeout
        if (exchange) fail(self, exchange, exchange.phase === 'connecting' ? 'connect timed out' : 'timed out')
      },
      'connect-timeout': (self, id: number) => {
        const exchange = self.state.exchanges.get(id)
        if (!exchange) return
        delete exchange.connectTimeout
        if (exchange.phase === 'resolving' || exchange.phase === 'connecting') fail(self, exchange, 'connect timed out')
      },
      answer: (self, answer: Answer) => {
        if (isLookupTag(answer.tag)) takeLookup({ self, rules: options }, answer, answer.tag)
      },
      listen: (self, data: Listen) => openPort(self.state, data),
      unlisten: (self, data: Listen) => closePort({ self, rules: options }, data),
      host: (self, host: Host) => {
        const isMachine = (self.state.hosts.get(host.name) ?? host).machine === undefined
        const isNews = self.state.hosts.has(host.name) !== host.up
        if (host.up) addHost(self.state, host)
        else removeHost(self, host.name)
        if (isMachine && isNews) options.machineChanged?.(self, host.name, host.up)
      },
      'pod-network': (self, { machine, plugin }: PodNetworkEvent) => {
        self.state.podNetworks.set(machine, plugin)
      },
      announce: (self, { address, machine }: Announce) => {
        if (machine === undefined) self.state.announced.delete(address)
        else self.state.announced.set(address, machine)
      },
      cut: (self, link: Link) => {
        cut(self.state, link, self.now)
        linksChanged(self, 'cut', link)
      },
      mend: (self, link: Link) => {
        mend(self.state, link)
        linksChanged(self, 'mend', link)
      },
      slow: (self, slowness: Slowness) => {
        slow(self.state, slowness)
        linksChanged(self, 'slow', slowness, `${slowness.ms} ms`)
      },
    },
  })
}
