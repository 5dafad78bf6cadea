import type { Host, ListenerTag, OpenExchange, Respond } from './exchange.ts'

/** The network as plain data: who is where, which links are cut, and what is under way. */
export interface NetworkState {
  /** Machines, Pods and the outside world, by name. */
  readonly hosts: Map<string, Host>
  /** Whose an address is: address → host name. */
  readonly addresses: Map<string, string>
  /** Addresses that hosts had which are gone, with the machine that its neighbours would ask for them. */
  readonly former: Map<string, string>
  /** Open ports by host, and there by `port/protocol`. */
  readonly listeners: Map<string, Map<string, ListenerTag>>
  /** Addresses that a machine answers for besides its own (load balancers): address → machine. */
  readonly announced: Map<string, string>
  /** Ports of machines that lead to Pods: `machine port/protocol` → the Pod's host and port. */
  readonly hostPorts: Map<string, { readonly host: string; readonly port: number }>
  /** Network plugins by the machine on which they are set up. */
  readonly podNetworks: Map<string, string>
  /** Cut links, with the time of the cut. A machine that is cut off altogether stands for itself, see linkName. */
  readonly cuts: Map<string, number>
  /** What links take longer than they should, in ms one way. */
  readonly delays: Map<string, number>
  readonly exchanges: Map<number, Exchange>
  /** Exchanges that the process behind a port works on: `host port/protocol` → ids. */
  readonly serving: Map<string, Set<number>>
  nextExchange: number
  /** How many more exchanges may leave all their hops in the trace, by sort. */
  readonly allowances: Map<string, Allowance>
}

/** A bucket of exchanges that may still be shown hop by hop. */
export interface Allowance {
  tokens: number
  at: number
}

/** A request under way. */
export interface Exchange {
  readonly id: number
  readonly open: OpenExchange
  readonly openedAt: number
  /** Whether it leaves every hop in the trace (visibility.ts). */
  readonly shown: boolean
  phase: 'resolving' | 'connecting' | 'request' | 'serving' | 'response'
  /** The address that the client connects to, once it is known. */
  address: string
  lookup?: Lookup
  route?: Route
  /** Which step of the route comes next, counted from the side where the leg begins. */
  step: number
  /** How often the packet of this leg was lost. */
  losses: number
  /** When the first packet of this leg was sent. */
  legSince: number
  /** Event that ends the client's patience. */
  timeout?: number
  /** Event that ends its patience with a connection that does not open. */
  connectTimeout?: number
  /** The event that goes on with the exchange. */
  next?: number
  /** The port that serves it: a key of `serving`. */
  servedBy?: string
  response?: Respond
}

/** A name that is being resolved: which of the candidate names is asked for, and how often it was. */
export interface Lookup {
  readonly candidates: readonly string[]
  index: number
  attempt: number
}

/** One stretch of the way. */
export interface Step {
  /** Ids of places as HopEvidence has them. */
  readonly from: string
  readonly to: string
  readonly latencyMs: number
  /** Machines at both ends: the same where the packet stays on one. */
  readonly fromMachine: string
  readonly toMachine: string
  readonly rule?: string
  /** Addresses as the packet carries them on this stretch. */
  readonly source: string
  readonly destination: string
}

/** The way of a packet, and what becomes of it at its end. */
export interface Route {
  readonly steps: readonly Step[]
  readonly latencyMs: number
  readonly end: RouteEnd
}

export type RouteEnd =
  | {
      readonly kind: 'arrived'
      readonly host: string
      readonly source: string
      readonly destination: string
      readonly port: number
    }
  /** Somebody says no at once: TCP reset or ICMP port unreachable. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'dropped' }
  /** The last machine finds nobody behind the address: ICMP host unreachable after ARP has given up. */
  | { readonly kind: 'no route' }

/** A network without hosts. */
export function newNetwork(): NetworkState {
  return {
    hosts: new Map(),
    addresses: new Map(),
    former: new Map(),
    listeners: new Map(),
    announced: new Map(),
    hostPorts: new Map(),
    podNetworks: new Map(),
    cuts: new Map(),
    delays: new Map(),
    exchanges: new Map(),
    serving: new Map(),
    nextExchange: 1,
    allowances: new Map(),
  }
}

/** The host that stands for everything outside the lab: the visitor's computer and the internet. */
export const outside = 'outside'

/** Where a host is drawn: the scene's item id. */
export function placeOf(host: string): string {
  return host === outside || host.startsWith('pod/') ? host : `machine/${host}`
}

/** The machine that a host is on: machines are on themselves. */
export function machineOf(host: Host): string {
  return host.machine ?? host.name
}

/** Who listens on a port of a host. */
export function listenerOf(
  state: NetworkState,
  host: string,
  port: number,
  transport: string,
): ListenerTag | undefined {
  return state.listeners.get(host)?.get(`${port}/${transport}`)
}

/** TCP or UDP under a protocol. */
export function transportOf(protocol: OpenExchange['protocol']): 'tcp' | 'udp' {
  return protocol === 'dns' || protocol === 'udp' ? 'udp' : 'tcp'
}
