import type { WatchTarget } from '../../../machinery/rest.ts'
import type { StreamRef } from '../../../machinery/streams.ts'
import type { Call } from '../call.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Query } from '../http/query.ts'
import type { KubeletRefusal } from '../kubelet-door.ts'

/** What a connecting subresource works with besides its call. */
export interface Connecting {
  readonly call: Call
  readonly query: Query
  readonly http: HttpRequest
  /** What follows `/proxy` in the path, as it was written. */
  readonly rest: string
  readonly target: WatchTarget
}

/** A subresource that is connected to instead of read or written (rest.Connecter). */
export interface Connecter {
  readonly methods: readonly string[]
  /** Whether the connection has to be upgraded; else what comes is one answer. */
  readonly upgrades: boolean
  connect(connecting: Connecting): StreamRef | KubeletRefusal
}
