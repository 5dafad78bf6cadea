import { CustomResourceDefinition } from '../../../api/apiextensions/customresourcedefinition.ts'
import { Namespace } from '../../../api/core/namespace.ts'
import { type Cache, type ControllerDefinition, defineController, watchOf } from '../../../client/controller.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { type ApiObject, isEqual } from '../../../machinery/object.ts'
import { customResources } from '../custom-resources.ts'
import { collect } from './collect.ts'
import {
  cachedOwner,
  collectable,
  dependentsOf,
  itemOf,
  kindOfOwner,
  orphansDependents,
  queueKey,
  waitsForDependents,
} from './graph.ts'

/**
 * Deletes what has lost its owners, in the background, in the foreground, or lets it go as an orphan. Its queue holds
 * objects of all kinds, whose keys no Namespace has: so each comes as one that is not among the reconciled ones.
 * Models pkg/controller/garbagecollector/garbagecollector.go.
 */
export const garbageCollector: ControllerDefinition = defineController({
  name: 'garbage-collector-controller',
  serviceAccount: 'generic-garbage-collector',
  reconciles: Namespace,
  concerns: () => false,
  workers: 20,
  rate: { qps: 2, burst: 1 }, // startGarbageCollectorController
  watches: collectable.map(kind => watchOf(kind, (old, next, cache) => affected(kind, old, next, cache))),
  reads: [CustomResourceDefinition],
  discovers: { kinds: customResources, keys: affected },

  reconcile: () => undefined,

  removed(key, context) {
    const item = itemOf(key, context.cache)
    if (item) collect(item, context)
  },
})

/** Keys of the objects that a change gives a reason to look at. */
function affected(kind: Kind, old: ApiObject | undefined, next: ApiObject | undefined, cache: Cache): string[] {
  if (!next) return old ? bereaved(old, cache) : []
  const keys: string[] = []
  const owners = next.metadata.ownerReferences
  const isRelated = !isEqual(old?.metadata.ownerReferences, owners)
  // A new object may have an owner that is gone, or going, already.
  if (isRelated && owners?.length) keys.push(queueKey(kind, next))
  if (isRelated && old) keys.push(...waitingOwners(old, cache))
  const begins = (is: (object: ApiObject) => boolean): boolean => is(next) && !(old && is(old))
  if (begins(waitsForDependents) || begins(orphansDependents)) keys.push(queueKey(kind, next))
  return keys
}

/** After a deletion: those that belonged to the object, and those that waited for it to go. */
function bereaved(object: ApiObject, cache: Cache): string[] {
  const dependents = dependentsOf(object, cache).map(item => queueKey(item.kind, item.object))
  return [...dependents, ...waitingOwners(object, cache)]
}

function waitingOwners(child: ApiObject, cache: Cache): string[] {
  return (child.metadata.ownerReferences ?? []).flatMap(reference => {
    const owner = cachedOwner(reference, child, cache)
    const kind = kindOfOwner(reference, cache)
    return owner && kind && waitsForDependents(owner) ? [queueKey(kind, owner)] : []
  })
}
