/** Questions and answers of the domain name system: the payloads of exchanges of the protocol `dns`. */
export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'SRV' | 'PTR' | 'NS' | 'SOA' | 'TXT' | 'ANY'

export interface DnsQuery {
  /** Fully qualified, without the final dot. */
  readonly name: string
  readonly type: DnsType
}

export interface DnsRecord {
  readonly name: string
  readonly type: DnsType
  readonly ttl: number
  /** Address, target name, or text, as `dig +short` prints it. */
  readonly data: string
}

export interface DnsAnswer {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED'
  readonly answers: readonly DnsRecord[]
  /** Whether the answer comes from the server that owns the name. */
  readonly authoritative: boolean
}

/** Whether a payload is a DNS question. */
export function isDnsQuery(payload: unknown): payload is DnsQuery {
  return typeof payload === 'object' && payload !== null && 'name' in payload && 'type' in payload
}

/** Whether a payload is a DNS answer. */
export function isDnsAnswer(payload: unknown): payload is DnsAnswer {
  return typeof payload === 'object' && payload !== null && 'code' in payload && 'answers' in payload
}

/** The addresses in an answer, names followed. */
export function addressesOf(answer: DnsAnswer): string[] {
  return answer.answers.filter(record => record.type === 'A').map(record => record.data)
}
