import type { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import type { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { quote } from '../../../machinery/go-text.ts'
import { matches } from '../../../machinery/labels.ts'
import { compareQuantities } from '../../../machinery/quantity.ts'

/** Which volume suits a claim. Models volume.FindMatchingVolume and pv index.go. */

const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

/**
 * The smallest volume that will do, one that was made for this very claim before all others. While the scheduler is
 * still to choose (`isDelayed`), only such a one counts.
 */
export function bestVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  isDelayed: boolean,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined
  for (const volume of volumes) {
    if (volume.metadata.deletionTimestamp !== undefined || !offersModes(volume, claim)) continue
    if (isBoundTo(volume, claim)) {
      if (shortfall(volume, claim) === undefined) return volume
      continue
    }
    if (isDelayed || volume.spec.claimRef || volume.status.phase !== 'Available') continue
    if (shortfall(volume, claim) !== undefined) continue
    if (claim.spec.selector && !matches(claim.spec.selector, volume.metadata.labels)) continue
    if (!best || compareQuantities(capacityOf(volume), capacityOf(best)) < 0) best = volume
  }
  return best
}

/** Whether a volume's reference is to this claim, complete or still without the uid. */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false
  return !claimRef.uid || claimRef.uid === metadata.uid
}

/** Why a volume cannot serve a claim, as an Event says it; undefined when it can: checkVolumeSatisfyClaim. */
export function shortfall(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined)
    return `the volume is marked for deletion ${quote(volume.metadata.name)}`
  if (compareQuantities(capacityOf(volume), claim.spec.resources.requests?.['storage'] ?? '0') < 0) {
    return 'requested PV is too small'
  }
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match'
  if ((volume.spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem'))
    return 'incompatible volumeMode'
  if (!offersModes(volume, claim)) return 'incompatible accessMode'
  return undefined
}

/** The name of the storage class: empty for none. */
export function classOf({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string {
  return metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? ''
}

function offersModes(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  return spec.accessModes.every(mode => volume.spec.accessModes.includes(mode))
}

function capacityOf({ spec }: PersistentVolume): string {
  return spec.capacity['storage'] ?? '0'
}
