import { compareBytes } from '../../../machinery/go-text.ts'
import { union } from '../../../machinery/structured-merge/field-set.ts'
import { identifierOf } from '../../../machinery/structured-merge/owners.ts'
import type { OwnedSet } from '../../../machinery/structured-merge/update.ts'

/** DefaultMaxUpdateManagers. */
const maxUpdaters = 10

/**
 * Merges the oldest updaters of a version into `ancient-changes` until there are no more than ten: internal/capmanagers.go.
 * Changes both maps.
 */
export function capManagers(managers: Map<string, OwnedSet>, times: Map<string, string>): void {
  const updaters = [...managers].filter(([, { isApplied }]) => !isApplied).map(([id]) => id)
  if (updaters.length <= maxUpdaters) return
  updaters.sort((a, b) => compareBytes(times.get(a) ?? '', times.get(b) ?? '') || compareBytes(a, b))
  let count = updaters.length
  const firsts = new Map<string, string>()
  for (const id of updaters) {
    if (count <= maxUpdaters) return
    const owned = managers.get(id)
    if (!owned) continue
    const { apiVersion, fields } = owned
    const first = firsts.get(apiVersion)
    if (first === undefined) {
      firsts.set(apiVersion, id)
      continue
    }
    const bucket = identifierOf({ manager: 'ancient-changes', operation: 'Update', apiVersion, subresource: '' })
    const gathered = managers.get(bucket) ?? managers.get(first)
    if (!managers.has(bucket)) managers.delete(first)
    managers.delete(id)
    managers.set(bucket, { ...owned, fields: gathered ? union(fields, gathered.fields) : fields })
    count--
    // Of the two times, that of the later one.
    const time = times.get(id)
    if (time === undefined) times.delete(bucket)
    else times.set(bucket, time)
  }
}
