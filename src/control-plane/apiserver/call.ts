import type { StageEvidence } from '../../machinery/evidence.ts'
import type { JsonDocument } from '../../machinery/json-text.ts'
import type { ApiRequest, RequestOptions } from '../../machinery/rest.ts'
import { ApiError } from '../../machinery/status.ts'
import type { Self } from '../../sim/component.ts'
import type { EtcdState } from '../etcd/store.ts'
import type { OwnersNote } from './managed-fields/owners-note.ts'
import type { Resource } from './resources.ts'
import type { Server } from './server-context.ts'
import type { ApiServerState } from './state.ts'

/** One request on its way through the pipeline. */
export interface Call {
  readonly server: Server
  readonly self: Self<ApiServerState>
  readonly request: ApiRequest
  readonly options: RequestOptions
  /** The body as it was written, when it came as text. */
  readonly document: JsonDocument | undefined
  readonly etcd: EtcdState
  readonly resource: Resource
  readonly namespace: string | undefined
  /** Texts for Warning headers. */
  readonly warnings: string[]
  /** What every stage said (machinery/evidence.ts). */
  readonly stages: StageEvidence[]
  /** The stage that the request is in: where it ended, if it was refused. */
  at: StageEvidence
  /** The etcd revision that the request made. */
  revision: number | undefined
  /** What the request means for the owners of fields; undefined while it means nothing (managed-fields/note.ts). */
  note: OwnersNote | undefined
  /** What admission notes for the audit log; nothing is noted where nobody reads. */
  annotations: Record<string, string> | undefined
}

export interface Answer {
  readonly code: number
  readonly body: unknown
}

/** The name in the path, which all but create and the collection verbs have. */
export function nameOf({ request }: Call): string {
  if (!request.name) throw new ApiError('BadRequest', 'resource name may not be empty')
  return request.name
}
