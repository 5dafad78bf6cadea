import { type ApiObject, deepFreeze, draftOf, isEqual } from '../../../machinery/object.ts'
import { ApiError, notFound } from '../../../machinery/status.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'
import { get, type KeyValue } from '../../etcd/store.ts'
import { attributesOf, validate } from '../admission/admit.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { dressed, shown } from '../managed-fields/shown.ts'
import { inVersion, storedObject } from '../objects.ts'
import { listOf } from '../record.ts'
import { keyFor } from '../resources.ts'
import { checkDeleteOptions, gcFinalizers } from './delete-options.ts'
import { hooksOf } from './hooks.ts'
import { erase, store } from './store-object.ts'
import { returnsDeletedObject, withoutGarbageCollection } from './strategies.ts'

/** DELETE of one object: grace periods, finalizers and propagation (registry/store.go, Delete; rest/delete.go). */
export function remove(call: Call): Answer {
  const { resource, namespace, etcd, options } = call
  const name = nameOf(call)
  checkDeleteOptions(options)
  const entry = get(etcd, keyFor(resource, namespace, name))
  if (!entry) throw notFound(resource.kind, name)
  const object = inVersion(resource, storedObject(entry))
  validate(call, undefined, attributesOf(call, 'DELETE', name, object))
  checkPreconditions(call, object)
  return hooksOf(resource.name).delete?.(call, entry, object) ?? removeGenerically(call, entry, object)
}

/** What the generic store does with a deletion. */
export function removeGenerically(call: Call, entry: KeyValue, object: ApiObject): Answer {
  const { resource, options } = call
  const draft = { ...object, metadata: draftOf(object.metadata) }
  const grace = beforeDelete(call, draft)
  if (grace === 'pending') return answer(call, shown(call, entry), false)
  if (!withoutGarbageCollection.has(resource.name)) setFinalizers(draft, gcFinalizers(resource.kind, object, options))
  const hasFinalizers = listOf(draft.metadata.finalizers).length > 0
  if (grace === undefined && !hasFinalizers) return { code: 200, body: deleteNow(call, entry, shown(call, entry)) }
  if (grace === undefined) markAsDeleting(call, draft)
  const changed = isEqual(draft, object) || options.dryRun ? shown(call, entry) : store(call, entry.key, draft, entry)
  const result = options.dryRun ? dressed(call, deepFreeze(draft), entry.ledger) : changed
  if (hasFinalizers || (grace ?? 0) > 0) return answer(call, result, false)
  const current = options.dryRun ? entry : get(call.etcd, entry.key)
  return { code: 200, body: current ? deleteNow(call, current, result) : changed }
}

/** The last finalizer is gone from an object that is being deleted: the update is its end. */
export function shouldDeleteDuringUpdate(call: Call, { metadata, ...rest }: ApiObject, old: ApiObject): boolean {
  if (!old.metadata.deletionTimestamp || listOf(metadata.finalizers).length > 0) return false
  if ((old.metadata.deletionGracePeriodSeconds ?? 0) > 0) return false
  return !hooksOf(call.resource.name).keeps?.({ metadata, ...rest })
}

export function removeDuringUpdate(call: Call, entry: KeyValue, last: ApiObject): void {
  erase(call, entry, last)
}

/**
 * Sets or shortens the grace period. Answers it in seconds, 'pending' when the object is going already and nothing is
 * to be changed, or undefined when its kind knows no graceful deletion.
 */
function beforeDelete({ resource: { kind }, self, options }: Call, draft: ApiObject): number | 'pending' | undefined {
  if (!kind.deletionGraceSeconds) return undefined
  const { metadata } = draft
  const requested = options.gracePeriodSeconds
  const wanted = requested !== undefined && requested < 0 ? 1 : requested
  if (metadata.deletionTimestamp) {
    const current = metadata.deletionGracePeriodSeconds ?? 0
    if (current === 0) return undefined
    if (wanted === undefined || wanted >= current) return 'pending'
    const begun = parseTime(metadata.deletionTimestamp) - current * 1000
    metadata.deletionTimestamp = timestamp(begun + wanted * 1000)
    metadata.deletionGracePeriodSeconds = wanted
    return wanted
  }
  const seconds = kind.deletionGraceSeconds(draft, wanted)
  metadata.deletionTimestamp = timestamp(self.now + seconds * 1000)
  metadata.deletionGracePeriodSeconds = seconds
  if (metadata.generation) metadata.generation++
  return seconds
}

function markAsDeleting({ self }: Call, { metadata }: ApiObject): void {
  if (!metadata.deletionTimestamp && metadata.generation) metadata.generation++
  metadata.deletionTimestamp ??= timestamp(self.now)
  metadata.deletionGracePeriodSeconds = 0
}

function setFinalizers({ metadata }: ApiObject, finalizers: string[]): void {
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
}

function deleteNow(call: Call, entry: KeyValue, object: ApiObject): unknown {
  const { resource, options } = call
  const last = options.dryRun ? object : erase(call, entry, object)
  return returnsDeletedObject.has(resource.name) ? last : successStatus(call, object)
}

function answer(call: Call, object: ApiObject, wasDeleted: boolean): Answer {
  const { options } = call
  return { code: !wasDeleted && options.orphanDependents === false ? 202 : 200, body: object }
}

function successStatus({ resource: { kind } }: Call, { metadata }: ApiObject): unknown {
  const details = {
    name: metadata.name,
    ...(kind.group && { group: kind.group }),
    kind: kind.plural,
    uid: metadata.uid,
  }
  return deepFreeze({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details })
}

function checkPreconditions({ resource: { kind }, options }: Call, { metadata }: ApiObject): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  let why: string | undefined
  if (uid !== undefined && uid !== metadata.uid) {
    const found = `does not match the UID in record (${metadata.uid})`
    why = `the UID in the precondition (${uid}) ${found}. The object might have been deleted and then recreated`
  } else if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const found = `does not match the ResourceVersion in record (${metadata.resourceVersion})`
    why = `the ResourceVersion in the precondition (${resourceVersion}) ${found}. The object might have been modified`
  }
  if (why === undefined) return
  // Upstream names the kind here where it names the resource elsewhere.
  const what = kind.group ? `${kind.kind}.${kind.group}` : kind.kind
  const details = { name: metadata.name, ...(kind.group && { group: kind.group }), kind: kind.kind }
  throw new ApiError('Conflict', `Operation cannot be fulfilled on ${what} "${metadata.name}": ${why}`, details)
}
