/** What a program asks of the network (Outcome `answer`): the host carries it from the machine that the shell is on. */
export type NetworkRequest = HttpQuestion | LookupQuestion | ConnectQuestion

interface HttpQuestion {
  readonly kind: 'http'
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
}

/** A question to a DNS server, by its address. */
interface LookupQuestion {
  readonly kind: 'lookup'
  /** Fully qualified, without the final dot. */
  readonly name: string
  readonly type: DnsType
  readonly server: string
  readonly timeoutMs?: number
}

/** A TCP handshake and nothing else. */
interface ConnectQuestion {
  readonly kind: 'connect'
  readonly host: string
  readonly port: number
  readonly timeoutMs?: number
}

export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'SRV' | 'PTR' | 'NS' | 'SOA' | 'TXT' | 'ANY'

/** What a DNS server answered. */
export interface DnsReply {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED'
  readonly records: readonly { readonly name: string; readonly type: DnsType; readonly data: string }[]
}

export type NetworkFailure =
  | 'name not resolved'
  | 'no route'
  | 'connection refused'
  | 'connect timed out'
  | 'timed out'
  | 'reset'
  /** The connection was closed without a word. */
  | 'empty reply'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the host answers. `remote` is the address that was connected to, as far as it got. */
export type NetworkAnswer = { readonly remote: string; readonly tookMs: number } & (
  | { readonly ok: true; readonly http?: HttpAnswer; readonly dns?: DnsReply }
  | { readonly ok: false; readonly failure: NetworkFailure }
)

/** Whether a value is such an answer: hosts hand answers over as data. */
export function isNetworkAnswer(value: unknown): value is NetworkAnswer {
  return typeof value === 'object' && value !== null && 'ok' in value && 'tookMs' in value
}

/** The parts of an http(s) address as curl and wget read it. */
export interface Address {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly path: string
}

/** Reads an address; a missing scheme is http. Undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:([a-z]+):\/\/)?(?:[^@/]*@)?([^/:?#\s]+)(?::(\d{1,5}))?(\/[^#\s]*|\?[^#\s]*)?(?:#.*)?$/i.exec(text)
  const host = match?.[2]
  const scheme = match?.[1]?.toLowerCase() ?? 'http'
  if (host === undefined || (scheme !== 'http' && scheme !== 'https')) return undefined
  const port = Number(match?.[3] ?? (scheme === 'https' ? 443 : 80))
  if (port > 65_535) return undefined
  const path = match?.[4] ?? '/'
  return { scheme, host, port, path: path.startsWith('/') ? path : `/${path}` }
}
