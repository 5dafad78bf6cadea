import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import { StorageClass } from '../../../api/storage/storageclass.ts'
import { defineController, watchOf } from '../../../client/controller.ts'
import { keyOf } from '../../../machinery/object.ts'
import { syncClaim } from './claims.ts'
import { syncVolume } from './volumes.ts'
import { newest } from './writing.ts'

/** Keys of volumes, which no claim has: claims are in a namespace. */
const volumeKey = (name: string): string => `/${name}`

/**
 * Brings claims and volumes together. Its queue holds both: a key that is no claim's is a volume's, or of a claim that is
 * gone. Models pkg/controller/volume/persistentvolume/pv_controller_base.go.
 */
export const persistentVolumeBinder = defineController({
  name: 'persistentvolume-controller',
  serviceAccount: 'persistent-volume-binder',
  reconciles: PersistentVolumeClaim,
  watches: [
    watchOf(PersistentVolume, (old, next) => {
      const { metadata, spec } = next ?? old ?? {}
      if (!metadata) return []
      // The claim of a deleted volume is lost, and has to hear of it.
      const { name = '', namespace = '' } = spec?.claimRef ?? {}
      return next ? [volumeKey(metadata.name)] : name ? [`${namespace}/${name}`] : []
    }),
    // The volume of a deleted claim is released.
    watchOf(PersistentVolumeClaim, (old, next) => {
      const volume = next ? undefined : old?.spec.volumeName
      return volume ? [volumeKey(volume)] : []
    }),
  ],
  reads: [StorageClass, Pod],
  workers: 2,

  reconcile(claim, context) {
    syncClaim(newest(PersistentVolumeClaim, claim, context), context)
  },

  removed(key, context) {
    const volume = key.startsWith('/') ? context.cache.get(PersistentVolume, key.slice(1)) : undefined
    if (volume) syncVolume(newest(PersistentVolume, volume, context), context)
  },

  /** Claims that wait are tried again, in case something changed that nobody told of (PVClaimBinderSyncPeriod). */
  periodMs: 15_000,
  tick({ cache, enqueue }) {
    for (const claim of cache.list(PersistentVolumeClaim)) {
      if (claim.status.phase === 'Pending') enqueue(keyOf(claim))
    }
    for (const { metadata, status } of cache.list(PersistentVolume)) {
      if (status.phase !== 'Bound') enqueue(volumeKey(metadata.name))
    }
  },
})
