import { deepFreeze } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import { get } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { noteOwners } from '../managed-fields/note.ts'
import { asPlanned } from '../managed-fields/shown.ts'
import { storedObject } from '../objects.ts'
import { fieldsOf, isFields } from '../record.ts'
import { bodyOf, checkName, newDraft } from '../registry/body.ts'
import { hasSpecFinalizers } from '../registry/namespaces.ts'
import { erase, store } from '../registry/store-object.ts'
import { keyFor } from '../resources.ts'

/**
 * `namespaces/finalize`: the namespace controller says that it has emptied a namespace (core/namespace/storage,
 * FinalizeREST). It is an update but for the status.
 */
export function finalizeNamespace(call: Call): Answer {
  const { resource, etcd } = call
  const name = nameOf(call)
  const entry = get(etcd, keyFor(resource, undefined, name))
  if (!entry) throw notFound(resource.kind, name)
  const old = storedObject(entry)
  const body = bodyOf(call, resource.kind)
  checkName(body.metadata.name, name)
  const draft = newDraft(body, resource.kind, undefined)
  resource.kind.defaults?.(draft)
  noteOwners(call, draft, entry)
  const { deletionTimestamp, creationTimestamp, uid } = old.metadata
  Object.assign(draft.metadata, { name, uid, creationTimestamp, ...(deletionTimestamp && { deletionTimestamp }) })
  if (isFields(draft)) draft.status = fieldsOf(old).status
  const isLast = deletionTimestamp !== undefined && !hasSpecFinalizers(draft) && !draft.metadata.finalizers?.length
  if (!isLast) return { code: 200, body: store(call, entry.key, draft, entry) }
  const { resourceVersion } = old.metadata
  erase(call, entry, draft)
  return {
    code: 200,
    body: asPlanned(call, deepFreeze({ ...draft, metadata: { ...draft.metadata, resourceVersion } })),
  }
}
