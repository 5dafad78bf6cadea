import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { fieldsOf } from '../record.ts'

/** Whether metadata.generation counts the changes of the object's spec. */
export function countsGenerations(kind: Kind, object: ApiObject): boolean {
  return (
    kind.countsGenerations ?? (fieldsOf(object).spec !== undefined && Boolean(kind.subresources?.includes('status')))
  )
}
