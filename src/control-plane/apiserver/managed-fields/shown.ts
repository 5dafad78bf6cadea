import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import type { Ledger } from '../../../machinery/structured-merge/ledger.ts'
import { encodeOwners, noOwners, type Owners } from '../../../machinery/structured-merge/owners.ts'
import type { KeyValue } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { inVersion, storedObject } from '../objects.ts'
import type { Resource } from '../resources.ts'
import type { Server } from '../server-context.ts'
import { ownersIn } from './ledger.ts'

/** Whether who asks minds `metadata.managedFields`: whoever comes over HTTP does, our own components never look. */
export function mindsOwners({ options }: Pick<Call, 'options'>): boolean {
  return options.managedFields ?? false
}

/** Objects without and with their managedFields. A memo. */
const complete = new WeakMap<ApiObject, ApiObject>()

/** A stored object as who asks wants to see it. */
export function shown(call: Call, entry: KeyValue): ApiObject {
  return dressed(call, inVersion(call.resource, storedObject(entry)), entry.ledger)
}

/** A stored object with its managedFields. */
export function withManagedFields(
  server: Server,
  resource: Resource,
  object: ApiObject,
  ledger: Ledger | undefined,
): ApiObject {
  if (!ledger) return object
  let result = complete.get(object)
  if (!result) complete.set(object, (result = withOwners(object, ownersIn(server, resource, ledger))))
  return result
}

/** An object with the owners of its fields, if who asks minds them. */
export function dressed(call: Call, object: ApiObject, ledger: Ledger | undefined): ApiObject {
  return mindsOwners(call) ? withManagedFields(call.server, call.resource, object, ledger) : object
}

/** What a dry run answers: the object that would have been stored. */
export function asPlanned({ note }: Call, object: ApiObject): ApiObject {
  return withOwners(object, note?.owners ?? noOwners)
}

export function withOwners(object: ApiObject, owners: Owners): ApiObject {
  if (owners.length === 0) return object
  return deepFreeze({ ...object, metadata: { ...object.metadata, managedFields: encodeOwners(owners) } })
}
