import type { StageEvidence } from '../../../machinery/evidence.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import type { Self } from '../../../sim/component.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import type { HttpRequest } from './message.ts'
import { firstOf, type Query } from './query.ts'
import type { IncludeObject } from './table.ts'

/** Who is let in, and what the gate's stages said. */
export interface Passed {
  readonly user: UserInfo
  readonly stages: readonly StageEvidence[]
  /** Who really asked, if he asked as somebody else. */
  readonly impersonator: UserInfo | undefined
}

/** One HTTP request with what was read from its line. */
export interface Exchange {
  readonly server: Server
  readonly self: Self<ApiServerState>
  readonly request: HttpRequest
  readonly parts: readonly string[]
  readonly query: Query
  /** Who was let in. */
  readonly passed: Passed
}

/** Which part of the objects the rows of a Table carry. */
export function includeObject(query: Query): IncludeObject {
  const value = firstOf(query, 'includeObject')
  return value === 'None' || value === 'Object' ? value : 'Metadata'
}
