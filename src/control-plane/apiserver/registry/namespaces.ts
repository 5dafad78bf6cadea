import { type ApiObject, deepFreeze, draftOf, isEqual } from '../../../machinery/object.ts'
import { timestamp } from '../../../machinery/time.ts'
import type { KeyValue } from '../../etcd/store.ts'
import type { Answer, Call } from '../call.ts'
import { dressed, shown } from '../managed-fields/shown.ts'
import { fieldsOf, isFields, listOf } from '../record.ts'
import { gcFinalizers } from './delete-options.ts'
import type { StorageHooks } from './storage-hooks.ts'
import { store } from './store-object.ts'

/** Namespaces go in two steps: they are Terminating until the namespace controller has emptied them (core/namespace/storage). */
export const namespaceHooks: StorageHooks = {
  delete: startTermination,
  keeps: hasSpecFinalizers,
}

function startTermination(call: Call, entry: KeyValue, namespace: ApiObject): Answer | undefined {
  if (namespace.metadata.deletionTimestamp) {
    return hasSpecFinalizers(namespace) ? { code: 200, body: shown(call, entry) } : undefined
  }
  const { resource, options, self } = call
  const draft = draftOf(namespace)
  draft.metadata.deletionTimestamp = timestamp(self.now)
  const finalizers = gcFinalizers(resource.kind, namespace, options)
  if (finalizers.length > 0) draft.metadata.finalizers = finalizers
  else delete draft.metadata.finalizers
  if (isFields(draft)) draft.status = { ...fieldsOf(draft.status), phase: 'Terminating' }
  if (options.dryRun || isEqual(draft, namespace)) {
    return { code: 200, body: dressed(call, deepFreeze(draft), entry.ledger) }
  }
  return { code: 200, body: store(call, entry.key, draft, entry) }
}

/** Whether the namespace is still being emptied. */
export function hasSpecFinalizers(namespace: ApiObject): boolean {
  return listOf(fieldsOf(fieldsOf(namespace).spec).finalizers).length > 0
}
