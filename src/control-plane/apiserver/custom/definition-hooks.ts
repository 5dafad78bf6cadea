import { deepFreeze, draftOf } from '../../../machinery/object.ts'
import { conflict } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { isOf } from '../objects.ts'
import type { StorageHooks } from '../registry/storage-hooks.ts'
import { store } from '../registry/store-object.ts'
import { setCondition } from './conditions.ts'
import { cleanupFinalizer } from './cleanup-finalizer.ts'
import { definitionKind } from './definitions.ts'

const pending = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon'

/** A definition that is deleted waits for its instances: pkg/registry/customresourcedefinition/etcd.go. */
export const definitionHooks: StorageHooks = {
  delete(call, entry, object) {
    if (object.metadata.deletionTimestamp || !isOf(definitionKind, object)) return undefined
    const { uid } = call.options.preconditions ?? {}
    if (uid !== undefined && uid !== object.metadata.uid) {
      const why = `precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`
      throw conflict(call.resource.kind, object.metadata.name, why)
    }
    const now = call.self.now
    const said = { type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending', message: pending }
    const finalizers = object.metadata.finalizers ?? []
    const metadata = {
      ...draftOf(object.metadata),
      deletionTimestamp: timestamp(now),
      finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer],
    }
    const marked = { ...object, metadata, status: setCondition(object, said, now) }
    return { code: 200, body: call.options.dryRun ? deepFreeze(marked) : store(call, entry.key, marked, entry) }
  },
}
