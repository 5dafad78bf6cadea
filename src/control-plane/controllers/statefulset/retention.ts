import { StatefulSet } from '../../../api/apps/statefulset.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import type { OwnerReference } from '../../../machinery/object.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'
import { claimName, firstOrdinal, ordinalOf } from './pods.ts'

/**
 * What becomes of the claims of Pods that are given up: who owns a claim takes it along. Models
 * persistentVolumeClaimRetentionPolicy in pkg/controller/statefulset/{stateful_pod_control,stateful_set_utils}.go.
 */

/** Whether the claims of a Pod have the owners that the policy asks for. A claim that is gone has. */
export function claimsFollowPolicy(set: StatefulSet, pod: Pod, { cache }: Context): boolean {
  return claimsOf(set, pod, cache).every(claim => isUpToDate(claim, set, pod))
}

/** Gives the claims of a Pod the owners that the policy asks for. Throws when one was changed meanwhile. */
export function setOwners(set: StatefulSet, pod: Pod, { api, cache, event }: Context): void {
  for (const claim of claimsOf(set, pod, cache)) {
    const { name, ownerReferences = [] } = claim.metadata
    if (ownerReferences.some(owner => owner.controller === true && !isOneOf(owner, set, pod))) {
      const text = `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a managing controller, the retention policy is ignored for this claim`
      event(set, 'Warning', 'ConflictingController', text)
    }
    if (isUpToDate(claim, set, pod)) continue
    const others = ownerReferences.filter(owner => !isOneOf(owner, set, pod))
    const wanted = [...others, ...ownersFor(claim, set, pod)]
    const failure = attempt(() =>
      api.update(PersistentVolumeClaim, { ...claim, metadata: { ...claim.metadata, ownerReferences: wanted } }),
    )
    if (failure) {
      throw new ApiError(
        failure.reason,
        `could not update claim ${name} for delete policy ownerRefs: ${failure.message}`,
      )
    }
  }
}

function claimsOf(set: StatefulSet, pod: Pod, cache: Context['cache']): PersistentVolumeClaim[] {
  return (set.spec.volumeClaimTemplates ?? []).flatMap(template => {
    const name = claimName(set, template, ordinalOf(pod, set))
    return cache.get(PersistentVolumeClaim, name, set.metadata.namespace) ?? []
  })
}

function isUpToDate({ metadata }: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { ownerReferences = [] } = metadata
  if (ownerReferences.some(owner => owner.controller === true && !isOneOf(owner, set, pod))) return true
  const present = ownerReferences.filter(owner => isOneOf(owner, set, pod)).map(({ uid }) => uid)
  const wanted = policyOwners(set, pod).map(({ metadata: { uid } }) => uid)
  return present.length === wanted.length && wanted.every(uid => present.includes(uid))
}

function ownersFor({ metadata }: PersistentVolumeClaim, set: StatefulSet, pod: Pod): OwnerReference[] {
  const isManaged = metadata.ownerReferences?.some(owner => owner.controller === true && !isOneOf(owner, set, pod))
  if (isManaged) return []
  return policyOwners(set, pod).map(owner => ({
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }))
}

/** The set, when its claims go with it; the Pod instead, when it is one too many and claims go with such. */
function policyOwners(set: StatefulSet, pod: Pod): (StatefulSet | Pod)[] {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  const place = ordinalOf(pod, set) - firstOrdinal(set)
  const isCondemned = place < 0 || place >= set.spec.replicas
  if (whenScaled === 'Delete' && isCondemned) return [pod]
  return whenDeleted === 'Delete' ? [set] : []
}

function isOneOf({ uid, kind }: OwnerReference, set: StatefulSet, pod: Pod): boolean {
  return (kind === StatefulSet.kind && uid === set.metadata.uid) || (kind === Pod.kind && uid === pod.metadata.uid)
}
