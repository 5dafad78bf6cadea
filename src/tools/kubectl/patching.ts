import { schema } from '../../api/schema.ts'
import {
  applyMergePatch,
  createMergePatch,
  createThreeWayMergePatch as createThreeWayJsonPatch,
} from '../../machinery/json-merge-patch.ts'
import { isObject, type JsonObject } from '../../machinery/json-value.ts'
import type { TypeSchema } from '../../machinery/schema.ts'
import { createThreeWayMergePatch, createTwoWayMergePatch } from '../../machinery/strategic-merge-diff.ts'
import { applyStrategicMergePatch } from '../../machinery/strategic-merge-patch.ts'
import { UsageError } from './errors.ts'
import { textAt } from './unstructured.ts'

/** A patch that kubectl made, in the form that the kind's server understands. */
export interface Patch {
  readonly type: 'strategic' | 'merge'
  readonly body: JsonObject
}

/** The type of an object's kind, if it is built in: only those are patched strategically. */
export function typeOf(object: JsonObject): TypeSchema | undefined {
  const [first = '', second] = textAt(object, 'apiVersion').split('/')
  const kind = textAt(object, 'kind')
  return second === undefined
    ? schema.schemaOf({ group: '', version: first, kind })
    : schema.schemaOf({ group: first, version: second, kind })
}

/** What a client-side apply sends (kubectl/pkg/cmd/apply/patcher.go). */
export function threeWayPatch(original: JsonObject, modified: JsonObject, current: JsonObject): Patch {
  const type = typeOf(modified)
  if (type) return { type: 'strategic', body: createThreeWayMergePatch(original, modified, current, type) }
  const { value, error } = createThreeWayJsonPatch(original, modified, current)
  if (error !== undefined) throw new UsageError(error)
  return { type: 'merge', body: value }
}

/** The patch that makes one object of another. */
export function twoWayPatch(before: JsonObject, after: JsonObject): Patch {
  const type = typeOf(before)
  if (type) return { type: 'strategic', body: createTwoWayMergePatch(before, after, type) }
  return { type: 'merge', body: createMergePatch(before, after) }
}

/** The object after a patch, worked out here: dry runs of the client. */
export function patched(object: JsonObject, { type, body }: Patch): JsonObject {
  const known = typeOf(object)
  if (type === 'strategic' && known) return applyStrategicMergePatch(object, body, known)
  const value = applyMergePatch(object, body)
  return isObject(value) ? value : object
}
