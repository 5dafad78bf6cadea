import { goJsonSorted } from '../../../machinery/go-text.ts'
import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { Atom } from '../../../machinery/structured-merge/atom.ts'
import { compare } from '../../../machinery/structured-merge/compare.ts'
import { difference, type FieldSet, hasPath } from '../../../machinery/structured-merge/field-set.ts'
import { setOf } from '../../../machinery/structured-merge/to-set.ts'
import type { Conflict } from '../../../machinery/structured-merge/update.ts'
import { validate } from '../../../machinery/structured-merge/validate.ts'
import { fieldsOf } from '../record.ts'

/** How objects come from client-side to server-side apply: internal/lastapplied{manager,updater}.go. */

/** The manager of `kubectl apply --server-side`; others get no help. */
export const kubectlManager = 'kubectl'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** Conflicts that are not about what client-side apply has put there. */
export function conflictsBesidesLastApplied(
  atom: Atom,
  apiVersion: string,
  live: ApiObject | undefined,
  conflicts: readonly Conflict[],
): readonly Conflict[] {
  const mine = live && fieldsOfLastApplied(atom, apiVersion, live)
  return mine ? conflicts.filter(({ path }) => !hasPath(mine, path)) : conflicts
}

/** What was applied and is still so. */
function fieldsOfLastApplied(atom: Atom, apiVersion: string, live: ApiObject): FieldSet | undefined {
  const applied = parsed(live.metadata.annotations?.[annotation])
  if (!applied || applied.apiVersion !== apiVersion || validate(atom, applied).length > 0) return undefined
  const { modified, added, removed } = compare(atom, applied, live)
  return difference(difference(difference(setOf(atom, applied), modified), added), removed)
}

function parsed(text: string | undefined): JsonObject | undefined {
  if (!text) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The annotation follows what kubectl applies in the server, where there is one. Changes the draft. */
export function followLastApplied(draft: ApiObject, config: JsonObject): void {
  const { annotations } = draft.metadata
  if (!annotations?.[annotation]) return
  draft.metadata.annotations = { ...annotations, [annotation]: `${goJsonSorted(withoutAnnotation(config))}\n` }
}

function withoutAnnotation(config: JsonObject): JsonObject {
  const metadata = fieldsOf(config.metadata)
  if (!isObject(metadata.annotations)) return config
  const { [annotation]: _, ...annotations } = metadata.annotations
  return { ...config, metadata: { ...metadata, annotations } }
}
