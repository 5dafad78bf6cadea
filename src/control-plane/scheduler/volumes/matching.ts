import type { Node } from '../../../api/core/node.ts'
import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import type { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { StorageClass } from '../../../api/storage/storageclass.ts'
import { matches } from '../../../machinery/labels.ts'
import { keyOf } from '../../../machinery/object.ts'
import { compareQuantities } from '../../../machinery/quantity.ts'
import type { Cycle } from '../framework.ts'
import { matchesTerm } from '../node-selection.ts'
import { classOf } from './claims.ts'

/** What is to be done for each claim of a Pod that goes to a node: bind a volume, or have one made. */
export interface ClaimPlan {
  readonly claim: PersistentVolumeClaim
  readonly volume?: PersistentVolume
}

/** What can be done for the claims on this node, or undefined if nothing: findMatchingVolumes and checkVolumeProvisions. */
export function planClaims(
  claims: readonly PersistentVolumeClaim[],
  node: Node,
  cycle: Pick<Cycle, 'objects' | 'takenVolumes'>,
): ClaimPlan[] | undefined {
  const plans: ClaimPlan[] = []
  const chosen = new Set<string>()
  for (const claim of [...claims].sort(bySize)) {
    const selected = claim.metadata.annotations?.['volume.kubernetes.io/selected-node']
    if (selected !== undefined && selected !== node.metadata.name) return undefined
    const volume = selected === undefined ? findVolume(claim, node, cycle, chosen) : undefined
    if (volume) {
      chosen.add(volume.metadata.name)
      plans.push({ claim, volume })
    } else if (canProvision(classOf(claim, cycle.objects), node)) plans.push({ claim })
    else return undefined
  }
  return plans
}

function bySize(a: PersistentVolumeClaim, b: PersistentVolumeClaim): number {
  return compareQuantities(requested(a), requested(b))
}

function requested({ spec }: PersistentVolumeClaim): string {
  return spec.resources.requests?.['storage'] ?? '0'
}

/** The smallest volume that will do, one that was made for the claim before all others (volume.FindMatchingVolume). */
function findVolume(
  claim: PersistentVolumeClaim,
  node: Node,
  { objects, takenVolumes }: Pick<Cycle, 'objects' | 'takenVolumes'>,
  chosen: ReadonlySet<string>,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined
  for (const volume of objects.list(PersistentVolume)) {
    const { name } = volume.metadata
    const taker = takenVolumes.get(name)
    if (chosen.has(name) || (taker !== undefined && taker !== keyOf(claim))) continue
    if (!suits(volume, claim) || !isReachable(volume, node)) continue
    if (isMeantFor(volume, claim)) return volume
    if (volume.spec.claimRef || volume.status.phase !== 'Available') continue
    if (!best || compareQuantities(capacity(volume), capacity(best)) < 0) best = volume
  }
  return best
}

function capacity({ spec }: PersistentVolume): string {
  return spec.capacity['storage'] ?? '0'
}

function isMeantFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false
  return !claimRef.uid || claimRef.uid === metadata.uid
}

function suits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (volume.metadata.deletionTimestamp) return false
  const { spec } = claim
  if (volume.spec.volumeMode !== spec.volumeMode) return false
  if ((volume.spec.storageClassName ?? '') !== (spec.storageClassName ?? '')) return false
  if (compareQuantities(capacity(volume), requested(claim)) < 0) return false
  if (!spec.accessModes.every(mode => volume.spec.accessModes.includes(mode))) return false
  return !spec.selector || matches(spec.selector, volume.metadata.labels)
}

/** Whether a volume can be used on a node: volume.CheckNodeAffinity. */
export function isReachable({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec.nodeAffinity?.required
  return !required || required.nodeSelectorTerms.some(term => matchesTerm(term, node))
}

function canProvision(storageClass: StorageClass | undefined, { metadata: { labels = {} } }: Node): boolean {
  const { provisioner, allowedTopologies } = storageClass ?? {}
  if (!provisioner || provisioner === 'kubernetes.io/no-provisioner') return false
  if (!allowedTopologies?.length) return true
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')),
  )
}
