/**
 * Requests that cross the network. A client component sends the event `open` to the component named `network`; the
 * network carries it hop by hop in virtual time (links, name resolution, service rules, policies on the way), hands it
 * to the listener's component as the event `exchange`, and carries the answer back as the event `answer`. What else
 * `network` takes: `listen`, `unlisten`, `host` (below), `pod-network`, `announce` (network.ts), `cut`, `mend`, `slow`
 * (links.ts).
 */
export type Protocol = 'http' | 'dns' | 'tcp' | 'udp'

export interface HttpRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Data of the event `open`, sent to the component `network`. */
export interface OpenExchange {
  /** Host that sends: the name of a machine (`w1-k8s`, `workstation`) or `pod/<uid>`. */
  readonly from: string
  readonly protocol: Protocol
  /** Host name or address, and port, as the client was given them. */
  readonly host: string
  readonly port: number
  readonly scheme?: 'http' | 'https'
  readonly http?: HttpRequest
  /** Payload of protocols other than HTTP: a DnsQuery (dns.ts). Without one, `tcp` ends at the handshake, as a probe does. */
  readonly payload?: unknown
  /** After how many ms the client gives up; without it, TCP's own patience decides. */
  readonly timeoutMs?: number
  /** After how many ms the client gives up if it is not connected by then. */
  readonly connectTimeoutMs?: number
  /** What led the client to this address: places that the packet is shown to pass first (an Ingress, its Service). */
  readonly via?: readonly Waypoint[]
  readonly replyTo: ReplyAddress
}

/** A place that is no machine and no Pod, with what was decided there. */
export interface Waypoint {
  /** Id of the place as HopEvidence has it: `ingress/<namespace>/<name>`. */
  readonly place: string
  readonly rule: string
}

/** Who gets the answer: the event `answer` with an Answer as data. `tag` comes back unchanged. */
export interface ReplyAddress {
  readonly component: string
  readonly tag: unknown
}

/** Data of the event `exchange` that the listener's component receives. Answer by sending `respond` to `network`. */
export interface Delivered {
  readonly exchange: number
  readonly listener: ListenerTag
  readonly protocol: Protocol
  /** Source address as the server sees it: after source NAT it is a node's. */
  readonly source: string
  readonly destination: string
  readonly port: number
  readonly http?: HttpRequest
  readonly payload?: unknown
}

/** Data of the event `respond` to `network`. A server that never responds lets the client time out. */
export interface Respond {
  readonly exchange: number
  /** How long the server worked before it answered, in ms. */
  readonly afterMs: number
  readonly http?: HttpResponse
  readonly payload?: unknown
  /** The server hangs up instead: the client sees an empty reply or a reset. */
  readonly reset?: boolean
}

/** How an exchange ended for the client. */
export type Answer = { readonly exchange: number; readonly tag: unknown; readonly tookMs: number } & (
  | { readonly ok: true; readonly http?: HttpResponse; readonly payload?: unknown; readonly remote: string }
  | { readonly ok: false; readonly failure: Failure; readonly remote: string }
)

export type Failure =
  'name not resolved' | 'no route' | 'connection refused' | 'connect timed out' | 'timed out' | 'reset'

/** What a listener gave when it began to listen; comes back with every exchange, so a runtime finds its container. */
export interface ListenerTag {
  readonly component: string
  readonly container?: string
}

/** Data of the events `listen` and `unlisten` to `network`: a process opens or closes a port on a host's addresses. */
export interface Listen {
  readonly host: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  readonly tag: ListenerTag
}

/** A port of a machine that leads to a Pod on it. */
export interface HostPort {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: 'tcp' | 'udp'
}

/** Data of the event `host` to `network`: a machine or a Pod sandbox appears, changes or (up: false) is gone. */
export interface Host {
  /** The machine's name, or `pod/<uid>`. */
  readonly name: string
  readonly addresses: readonly string[]
  /** For Pods: the machine they are on. Pods of the host network share the machine's host and have none of their own. */
  readonly machine?: string
  readonly up: boolean
  /** What the host's resolver asks: CoreDNS' service address and search domains for Pods. */
  readonly dns?: { readonly server: string; readonly search: readonly string[]; readonly ndots: number }
  /** Ports of the machine that lead to this Pod (hostPort). */
  readonly hostPorts?: readonly HostPort[]
  /** Lines of /etc/hosts. */
  readonly hosts?: Readonly<Record<string, string>>
}
