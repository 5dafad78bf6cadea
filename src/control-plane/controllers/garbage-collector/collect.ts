import type { Api } from '../../../client/api.ts'
import type { Context } from '../../../client/controller.ts'
import type { ApiObject, OwnerReference } from '../../../machinery/object.ts'
import { type ApiError, attempt } from '../../../machinery/status.ts'
import {
  cachedOwner,
  dependentsOf,
  foregroundFinalizer,
  hasFinalizer,
  type Item,
  kindOfOwner,
  orphanFinalizer,
  orphansDependents,
  queueKey,
  waitsForDependents,
} from './graph.ts'

/** Does what is due for one object. Models attemptToDeleteItem and attemptToOrphan. */
export function collect(item: Item, context: Context): void {
  const { object } = item
  if (orphansDependents(object)) return orphan(item, context)
  if (waitsForDependents(object)) return waitOrFinish(item, context)
  // Deletion is a one-way trip: its end is another change.
  if (object.metadata.deletionTimestamp !== undefined) return
  const owners = ownersOf(object, context)
  const lost = [...owners.absent, ...owners.waiting]
  if (owners.solid.length + lost.length === 0) return
  if (owners.solid.length > 0) return lost.length > 0 ? forget(item, lost, context) : undefined
  const dependents = owners.waiting.length > 0 ? dependentsOf(object, context.cache) : []
  if (dependents.length > 0) {
    // Its owner waits for it: it must wait for its own dependents. A circle would wait for ever, so the chain is cut.
    if (dependents.some(dependent => waitsForDependents(dependent.object))) unblock(item, context)
    return remove(item, 'Foreground', context)
  }
  remove(item, policyOf(object), context)
}

interface Owners {
  readonly solid: OwnerReference[]
  /** There is no such object any more. */
  readonly absent: OwnerReference[]
  /** Being deleted in the foreground. */
  readonly waiting: OwnerReference[]
}

function ownersOf(child: ApiObject, context: Context): Owners {
  const owners: Owners = { solid: [], absent: [], waiting: [] }
  for (const reference of child.metadata.ownerReferences ?? []) {
    const owner = cachedOwner(reference, child, context.cache) ?? liveOwner(reference, child, context)
    if (owner === 'unknown') owners.solid.push(reference)
    else if (!owner) owners.absent.push(reference)
    else if (waitsForDependents(owner)) owners.waiting.push(reference)
    else owners.solid.push(reference)
  }
  return owners
}

/** The cache may trail: before anything is deleted the server is asked. A kind that nobody serves protects its objects. */
function liveOwner(
  reference: OwnerReference,
  child: ApiObject,
  { api, cache }: Context,
): ApiObject | 'unknown' | undefined {
  const kind = kindOfOwner(reference, cache)
  if (!kind) return 'unknown'
  const owner = api.find(kind, reference.name, kind.namespaced ? child.metadata.namespace : undefined)
  return owner?.metadata.uid === reference.uid ? owner : undefined
}

function policyOf(object: ApiObject): 'Orphan' | 'Foreground' | 'Background' {
  if (hasFinalizer(object, orphanFinalizer)) return 'Orphan'
  return hasFinalizer(object, foregroundFinalizer) ? 'Foreground' : 'Background'
}

function remove(
  { kind, object }: Item,
  propagationPolicy: 'Orphan' | 'Foreground' | 'Background',
  { api }: Context,
): void {
  const { resourceVersion, uid } = object.metadata
  const options = { propagationPolicy, preconditions: { uid, resourceVersion } }
  const failure = attempt(() => api.delete(kind, object, options))
  // Another version of the object may have another owner: it is looked at again.
  if (failure && failure.reason !== 'NotFound') throw failure
}

/** Removes references to owners that are gone from an object that has others. */
function forget(item: Item, lost: readonly OwnerReference[], { api }: Context): void {
  releaseFrom(
    item,
    lost.map(({ uid }) => uid),
    api,
  )
}

function releaseFrom(item: Item, uids: readonly string[], api: Api): void {
  const rest = item.object.metadata.ownerReferences?.filter(({ uid }) => !uids.includes(uid)) ?? []
  const deletions = uids.map(uid => ({ $patch: 'delete', uid }))
  patchReferences(item, deletions, rest, api)
}

function unblock(item: Item, { api }: Context): void {
  const references = item.object.metadata.ownerReferences ?? []
  const ownerReferences = references.map(reference => ({ ...reference, blockOwnerDeletion: false }))
  patchReferences(item, ownerReferences, ownerReferences, api)
}

/** Resources that take no strategic patch get all references anew. Models patch.go, `patch`. */
function patchReferences({ kind, object }: Item, strategic: readonly object[], all: readonly object[], api: Api): void {
  const { uid, resourceVersion } = object.metadata
  const failure = attempt(() => {
    api.patch(kind, object, 'strategic', { metadata: { ownerReferences: strategic, uid } })
  })
  if (!failure) return
  if (failure.reason !== 'UnsupportedMediaType') throw failure
  api.patch(kind, object, 'merge', { metadata: { resourceVersion, ownerReferences: all } })
}

/** An object that is deleted in the foreground goes when the dependents that block it have gone. */
function waitOrFinish(item: Item, context: Context): void {
  const { uid } = item.object.metadata
  const blocking: Item[] = []
  for (const dependent of dependentsOf(item.object, context.cache)) {
    const { ownerReferences, deletionTimestamp } = dependent.object.metadata
    const isBlocking = ownerReferences?.some(owner => owner.uid === uid && owner.blockOwnerDeletion) ?? false
    if (isBlocking) blocking.push(dependent)
    if (deletionTimestamp === undefined) context.enqueue(queueKey(dependent.kind, dependent.object))
  }
  if (blocking.length === 0) removeFinalizer(item, foregroundFinalizer, context)
}

/** Releases all dependents; once that is done the object is looked at again, and let go. */
function orphan(item: Item, context: Context): void {
  const { uid } = item.object.metadata
  const dependents = dependentsOf(item.object, context.cache)
  if (dependents.length === 0) return removeFinalizer(item, orphanFinalizer, context)
  let refusal: ApiError | undefined
  context.together(() => {
    for (const dependent of dependents) {
      const failure = attempt(() => releaseFrom(dependent, [uid], context.api))
      if (failure && failure.reason !== 'NotFound' && failure.reason !== 'Invalid') refusal ??= failure
    }
  })
  if (refusal) throw refusal
  context.enqueue(queueKey(item.kind, item.object))
}

function removeFinalizer({ kind, object }: Item, finalizer: string, { api }: Context): void {
  const { metadata } = object
  const finalizers = metadata.finalizers?.filter(name => name !== finalizer) ?? []
  const patch = {
    metadata: { finalizers: finalizers.length > 0 ? finalizers : null, resourceVersion: metadata.resourceVersion },
  }
  const failure = attempt(() => api.patch(kind, object, 'merge', patch))
  if (failure && failure.reason !== 'NotFound') throw failure
}
