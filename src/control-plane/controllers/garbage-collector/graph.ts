import { kinds } from '../../../api/index.ts'
import type { Cache } from '../../../client/controller.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject, OwnerReference } from '../../../machinery/object.ts'
import { keyOf } from '../../../machinery/object.ts'

/**
 * Who belongs to whom, as the caches show it. Upstream builds a graph of its own from watch events; ours asks the caches,
 * which index objects by owner. Models pkg/controller/garbagecollector/graph_builder.go.
 */

/** Events are nobody's dependents, and their conversion would be watched twice (DefaultIgnoredResources). */
const ignored: ReadonlySet<string> = new Set(['events', 'events.events.k8s.io'])

/** What the garbage collector looks after: all that can be deleted and watched, in one version each. */
export const collectable: readonly Kind[] = kinds.filter(
  ({ resource, verbs }, index) =>
    !ignored.has(resource) &&
    (!verbs || (verbs.includes('delete') && verbs.includes('watch'))) &&
    kinds.findIndex(other => other.resource === resource) === index,
)

const byResource = new Map(collectable.map(kind => [kind.resource, kind]))
const byName = new Map(collectable.map(kind => [`${kind.group}/${kind.kind}`, kind]))

/** `pods lab/web-x7k2p`: how an object is named in the queue. No object that the queue's kind could have has such a key. */
export function queueKey(kind: Kind, object: ApiObject): string {
  return `${kind.resource} ${keyOf(object)}`
}

export interface Item {
  readonly kind: Kind
  readonly object: ApiObject
}

/** All kinds that are looked after: those that are built in, and what CustomResourceDefinitions added. */
function collectableNow(cache: Cache): readonly Kind[] {
  const discovered = cache.discovered()
  return discovered.length > 0 ? [...collectable, ...discovered] : collectable
}

export function itemOf(key: string, cache: Cache): Item | undefined {
  const space = key.indexOf(' ')
  const resource = key.slice(0, space)
  const kind = byResource.get(resource) ?? cache.discovered().find(other => other.resource === resource)
  const [first = '', second] = key.slice(space + 1).split('/')
  const object = kind && (second === undefined ? cache.get(kind, first) : cache.get(kind, second, first))
  return object && { kind, object }
}

/** The kind of an owner; its version does not matter. */
export function kindOfOwner({ apiVersion, kind }: OwnerReference, cache: Cache): Kind | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  return (
    byName.get(`${group}/${kind}`) ?? cache.discovered().find(other => other.group === group && other.kind === kind)
  )
}

/** The owner as the cache has it, if it is that very object. */
export function cachedOwner(reference: OwnerReference, child: ApiObject, cache: Cache): ApiObject | undefined {
  const kind = kindOfOwner(reference, cache)
  const owner = kind && cache.get(kind, reference.name, kind.namespaced ? (child.metadata.namespace ?? '') : undefined)
  return owner?.metadata.uid === reference.uid ? owner : undefined
}

export function dependentsOf(owner: ApiObject, cache: Cache): Item[] {
  const items: Item[] = []
  for (const kind of collectableNow(cache)) {
    for (const object of cache.dependents(kind, owner.metadata.uid)) items.push({ kind, object })
  }
  return items
}

export function hasFinalizer({ metadata }: ApiObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false
}

export const orphanFinalizer = 'orphan'
export const foregroundFinalizer = 'foregroundDeletion'

/** Whether the object is kept until its dependents are gone. */
export function waitsForDependents(object: ApiObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && hasFinalizer(object, foregroundFinalizer)
}

/** Whether the object is kept until its dependents have been released. */
export function orphansDependents(object: ApiObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && hasFinalizer(object, orphanFinalizer)
}
