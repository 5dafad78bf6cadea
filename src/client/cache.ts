import type { Kind } from '../machinery/kind.ts'
import { type ApiObject, controllerOf } from '../machinery/object.ts'
import type { Cache } from './controller.ts'
import { discoveredKind } from './discovered-kind.ts'
import { getCached, type InformerState, listCached, listIndexed } from './informer.ts'

/** The informers of a process as its controllers read them: by kind. */
export function cacheOf(informers: ReadonlyMap<string, InformerState>): Cache {
  const informer = (kind: Kind): InformerState => {
    const found = informers.get(kind.resource)
    if (!found) throw new Error(`${kind.resource} is not watched: add it to the controller's reads`)
    return found
  }
  return {
    get: (kind, name, namespace) =>
      getCached(informer(kind), kind, namespace === undefined ? name : `${namespace}/${name}`),
    list: (kind, namespace) =>
      namespace === undefined
        ? listCached(informer(kind), kind)
        : listIndexed(informer(kind), kind, 'namespace', namespace),
    ownedBy: (kind, owner) => listIndexed(informer(kind), kind, 'owner', owner.metadata.uid),
    dependents: (kind, uid) => [
      ...listIndexed(informer(kind), kind, 'owner', uid),
      ...listIndexed(informer(kind), kind, 'other owners', uid),
    ],
    orphans: (kind, namespace) => listIndexed(informer(kind), kind, 'orphans', namespace),
    discovered: () =>
      [...informers.values()].flatMap(({ discovered }) => (discovered ? [discoveredKind(discovered)] : [])),
  }
}

/** Key of the object of this kind that controls a child, among the known owners; undefined when it is none of them. */
export function ownerKey(
  kind: Kind,
  owners: ReadonlyMap<string, ApiObject> | undefined,
  child: ApiObject,
): string | undefined {
  const owner = controllerOf(child)
  if (!owner || owner.kind !== kind.kind || groupOf(owner.apiVersion) !== kind.group) return undefined
  const key = kind.namespaced ? `${child.metadata.namespace ?? ''}/${owner.name}` : owner.name
  const cached = owners?.get(key)
  // Another object of the name that has since taken the owner's place is not the owner.
  return cached && cached.metadata.uid !== owner.uid ? undefined : key
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}
