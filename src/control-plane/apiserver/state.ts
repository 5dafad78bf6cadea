import type { FieldSelector } from '../../machinery/fields.ts'
import type { Selector } from '../../machinery/labels.ts'
import type { WatchEvent } from '../../machinery/rest.ts'
import type { AuditState } from './audit/settings.ts'
import { type Counters, newCounters } from './metrics/counters.ts'

/** What an API server remembers: it keeps no objects, only who watches and how far they have been told. */
export interface ApiServerState {
  /** The etcd revision up to which watchers have been told. */
  seen: number
  nextWatchId: number
  readonly watches: Map<number, Watch>
  /** Resource → where watchers are found (watch/interest.ts) → their ids. */
  readonly interest: Map<string, Map<string, Set<number>>>
  /** Times at which deliveries are due → the watchers they are for. */
  readonly due: Map<number, Set<number>>
  /** The etcd lease under which Events are kept at the moment, and until when it is given to new ones. */
  eventLease: { id: number; until: number }
  /** Number of the simulation's event that ends the next lease, and when. */
  expiry: { event: number; at: number } | undefined
  /** Revision to compact at the next turn of the compactor. */
  compactTo: number
  /** When it had made what every server makes; 0 until then. */
  startedAt: number
  readonly counters: Counters
  /** The audit log, where there is a policy. */
  readonly audit?: AuditState
  /** Who serves the groups that other servers have. */
  readonly aggregation: Aggregation
}

export interface Aggregation {
  /** The event that looks at the APIServices next, and when. */
  event?: number
  at: number
  /** Discovery checks under way, by their streams. */
  readonly checks: Map<number, { readonly name: string; readonly url: string }>
  /** How often in a row a check has failed, by APIService. */
  readonly failures: Map<string, number>
}

export interface Watch {
  readonly id: number
  readonly resource: string
  /** `group/version/plural` of the version asked for. */
  readonly version: readonly [group: string, version: string, plural: string]
  readonly component: string
  readonly delayMs: number
  /** Where the watch is in the interest index. */
  readonly place: string
  readonly namespace: string | undefined
  readonly labels: Selector
  readonly fields: FieldSelector
  readonly bookmarks: boolean
  /** Whether the watcher is told of managedFields. */
  readonly managedFields: boolean
  /** Deliveries on their way, oldest first. */
  pending: Batch[]
  /** The newest revision that the watcher was or is being told of. */
  told: number
}

export interface Batch {
  readonly dueAt: number
  readonly events: WatchEvent[]
}

/** A server at its start; with an audit log if its flags ask for one. */
export function initialState(audit?: AuditState): ApiServerState {
  return {
    seen: 0,
    nextWatchId: 1,
    watches: new Map(),
    interest: new Map(),
    due: new Map(),
    eventLease: { id: 0, until: 0 },
    expiry: undefined,
    compactTo: 0,
    startedAt: 0,
    counters: newCounters(),
    ...(audit && { audit }),
    aggregation: { at: 0, checks: new Map(), failures: new Map() },
  }
}
