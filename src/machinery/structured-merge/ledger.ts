import type { Owners } from './owners.ts'

/**
 * Who owns which fields of a stored object, kept beside it: either worked out, or a note of what has happened since. Notes
 * are worked out when somebody from outside looks, or when there are many (apiserver/managed-fields/ledger.ts).
 */
export type Ledger = SettledLedger | NotedLedger

export interface SettledLedger {
  readonly owners: Owners
  /** How many notes there are. */
  readonly depth: 0
}

/** One write on top of those before it. */
export interface NotedLedger {
  readonly owners?: undefined
  readonly depth: number
  readonly previous: Ledger | undefined
  readonly manager: string
  readonly apiVersion: string
  readonly subresource: string
  /** Ms since 1970. */
  readonly at: number
  /** The stored object before the write; undefined if the write created it. */
  readonly before: object | undefined
  /** What was stored; of a creation what was asked for, without what the server added. */
  readonly after: object
}
