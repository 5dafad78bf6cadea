import type { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { Context } from '../../../client/controller.ts'
import { quote } from '../../../machinery/go-text.ts'
import { keyOf } from '../../../machinery/object.ts'
import { newest, setVolumePhase, unbind } from './writing.ts'

const provisionedBy = 'pv.kubernetes.io/provisioned-by'

/** Looks at one volume. Models syncVolume and reclaimVolume. */
export function syncVolume(volume: PersistentVolume, context: Context): void {
  const { claimRef } = volume.spec
  if (!claimRef?.uid) {
    setVolumePhase(volume, 'Available', context)
    return
  }
  const cached = context.cache.get(PersistentVolumeClaim, claimRef.name ?? '', claimRef.namespace ?? '')
  const claim = cached?.metadata.uid === claimRef.uid ? newest(PersistentVolumeClaim, cached, context) : undefined
  if (!claim) release(volume, context)
  else if (!claim.spec.volumeName) context.enqueue(keyOf(claim))
  else if (claim.spec.volumeName === volume.metadata.name) setVolumePhase(volume, 'Bound', context)
  else if (wasProvisioned(volume) && volume.spec.persistentVolumeReclaimPolicy === 'Delete') release(volume, context)
  else unbind(volume, context)
}

/** The claim is gone: what becomes of the volume is its policy's to say. */
function release(volume: PersistentVolume, context: Context): void {
  const { phase } = volume.status
  const released = phase === 'Failed' ? volume : setVolumePhase(volume, 'Released', context)
  if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete' || wasProvisioned(volume) || volume.spec.csi) return
  const why = `error getting deleter volume plugin for volume ${quote(volume.metadata.name)}: no deletable volume plugin matched`
  if (phase === 'Failed') return
  setVolumePhase(released, 'Failed', context, why)
  context.event(volume, 'Warning', 'VolumeFailedDelete', why)
}

/** An external provisioner made it and deletes it, too. */
function wasProvisioned({ metadata }: PersistentVolume): boolean {
  return metadata.annotations?.[provisionedBy] !== undefined
}
