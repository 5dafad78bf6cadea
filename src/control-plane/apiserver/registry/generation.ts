import type { Kind } from '../../../machinery/kind.ts'
import { type ApiObject, isEqual } from '../../../machinery/object.ts'
import { fieldsOf } from '../record.ts'

/** Whether metadata.generation counts the changes of the object's spec. */
export function countsGenerations(kind: Kind, object: ApiObject): boolean {
  return (
    kind.countsGenerations ?? (fieldsOf(object).spec !== undefined && Boolean(kind.subresources?.includes('status')))
  )
}

/** Whether two versions differ in what a user asks for: in anything but metadata and status. */
export function changesContent(next: ApiObject, old: ApiObject): boolean {
  const before = fieldsOf(old)
  const after = fieldsOf(next)
  for (const name of new Set([...Object.keys(after), ...Object.keys(before)])) {
    if (name !== 'metadata' && name !== 'status' && !isEqual(after[name], before[name])) return true
  }
  return false
}
