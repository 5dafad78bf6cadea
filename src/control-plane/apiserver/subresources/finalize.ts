import { type ApiObject, draftOf } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import { get } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { storedObject } from '../objects.ts'
import { fieldsOf, isFields, listOf } from '../record.ts'
import { bodyOf } from '../registry/body.ts'
import { erase, store } from '../registry/store-object.ts'
import { keyFor } from '../resources.ts'

/** `namespaces/finalize`: the namespace controller says that it has emptied a namespace (core/namespace/storage, FinalizeREST). */
export function finalizeNamespace(call: Call): Answer {
  const { resource, etcd } = call
  const name = nameOf(call)
  const entry = get(etcd, keyFor(resource, undefined, name))
  if (!entry) throw notFound(resource.kind, name)
  const namespace = storedObject(entry)
  const { spec } = fieldsOf(bodyOf(call, resource.kind))
  const finalizers = listOf(fieldsOf(spec).finalizers)
  const draft = withFinalizers(draftOf(namespace), finalizers)
  const isLast = finalizers.length === 0 && !namespace.metadata.finalizers?.length
  if (isLast && namespace.metadata.deletionTimestamp) return { code: 200, body: erase(call, entry, draft) }
  return { code: 200, body: store(call, entry.key, draft, entry) }
}

function withFinalizers(draft: ApiObject, finalizers: readonly unknown[]): ApiObject {
  if (!isFields(draft)) return draft
  const { finalizers: _, ...spec } = fieldsOf(draft.spec)
  draft.spec = finalizers.length > 0 ? { ...spec, finalizers } : spec
  return draft
}
