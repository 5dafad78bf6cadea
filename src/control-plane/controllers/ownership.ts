import type { Context } from '../../client/controller.ts'
import type { Kind } from '../../machinery/kind.ts'
import { type ApiObject, controllerOf, type OwnerReference } from '../../machinery/object.ts'
import { ApiError, attempt } from '../../machinery/status.ts'

/** Who owns what: adoption and release of children. Models pkg/controller/controller_ref_manager.go. */

/** The reference by which an object controls its children (metav1.NewControllerRef). */
export function controllerReference({ apiVersion, kind }: Kind, { metadata }: ApiObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }
}

/** An owner that claims its children. */
export interface Claimant<Owner extends ApiObject> {
  readonly kind: Kind<Owner>
  readonly owner: Owner
  /** Whether an object's labels are those that the owner selects. */
  selects(labels: Readonly<Record<string, string>> | undefined): boolean
}

/**
 * The children of an owner among its own and the orphans of its namespace: adopts orphans that match, releases children
 * that no longer do. A refusal of one object does not keep the others from being claimed; the first one is thrown.
 */
export function claim<Owner extends ApiObject, Child extends ApiObject>(
  context: Context,
  claimant: Claimant<Owner>,
  childKind: Kind<Child>,
  isWanted: (child: Child) => boolean = () => true,
): Child[] {
  const { cache } = context
  const { owner, selects } = claimant
  const isGoing = owner.metadata.deletionTimestamp !== undefined
  const claimed: Child[] = []
  let failure: ApiError | undefined
  for (const child of cache.ownedBy(childKind, owner)) {
    if (!isWanted(child)) continue
    if (selects(child.metadata.labels)) claimed.push(child)
    else if (!isGoing) failure ??= attempt(() => release(context, owner, childKind, child))
  }
  const orphans = isGoing ? [] : cache.orphans(childKind, owner.metadata.namespace ?? '')
  for (const orphan of orphans) {
    if (!isWanted(orphan) || orphan.metadata.deletionTimestamp !== undefined) continue
    if (!selects(orphan.metadata.labels)) continue
    failure ??= attempt(() => {
      if (adopt(context, claimant, childKind, orphan)) claimed.push(orphan)
    })
  }
  if (failure) throw failure
  return claimed
}

/** Makes the owner the orphan's controller, after a look at the live owner: the cache may not show yet that it is going. */
function adopt<Owner extends ApiObject>(
  { api }: Context,
  { kind, owner }: Claimant<Owner>,
  childKind: Kind,
  orphan: ApiObject,
): boolean {
  const { name, namespace, uid } = owner.metadata
  const live = api.get(kind, name, namespace)
  if (live.metadata.uid !== uid) {
    throw new ApiError(
      '',
      `original ${kind.kind} ${namespace}/${name} is gone: got uid ${live.metadata.uid}, wanted ${uid}`,
    )
  }
  if (live.metadata.deletionTimestamp !== undefined) {
    throw new ApiError('', `${namespace}/${name} has just been deleted at ${live.metadata.deletionTimestamp}`)
  }
  const metadata = { ownerReferences: [controllerReference(kind, owner)], uid: orphan.metadata.uid }
  const failure = attempt(() => api.patch(childKind, orphan, 'strategic', { metadata }))
  // An orphan that is gone needs no owner.
  if (failure && failure.reason !== 'NotFound') throw failure
  return failure === undefined
}

function release({ api }: Context, owner: ApiObject, childKind: Kind, child: ApiObject): void {
  const ownerReferences = [{ $patch: 'delete', uid: owner.metadata.uid }]
  const failure = attempt(() =>
    api.patch(childKind, child, 'strategic', { metadata: { ownerReferences, uid: child.metadata.uid } }),
  )
  // Invalid means that another object has taken the child's name: the child is gone.
  if (failure && failure.reason !== 'NotFound' && failure.reason !== 'Invalid') throw failure
}

/** Keys of objects of a namespace that would claim an orphan, for a watch on children. */
export function claimantKeys<Owner extends ApiObject>(
  orphan: ApiObject | undefined,
  owners: () => readonly Owner[],
  selects: (owner: Owner, labels: Readonly<Record<string, string>> | undefined) => boolean,
): string[] {
  if (!orphan || controllerOf(orphan)) return []
  const { labels, namespace } = orphan.metadata
  const found = owners().filter(owner => selects(owner, labels))
  return found.map(({ metadata }) => `${namespace}/${metadata.name}`)
}
