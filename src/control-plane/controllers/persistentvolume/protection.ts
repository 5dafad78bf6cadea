import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import { defineController, watchOf } from '../../../client/controller.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { Api } from '../../../client/api.ts'

const claimFinalizer = 'kubernetes.io/pvc-protection'
const volumeFinalizer = 'kubernetes.io/pv-protection'

/** Lets a deleted claim go when no Pod on a node uses it. Models pkg/controller/volume/pvcprotection. */
export const claimProtection = defineController({
  name: 'pvc-protection-controller',
  reconciles: PersistentVolumeClaim,
  workers: 1,
  concerns: (_old, next) => next !== undefined && isLeaving(next, claimFinalizer),
  watches: [
    watchOf(Pod, (old, next) => {
      const isFree = !next || next.status.phase === 'Succeeded' || next.status.phase === 'Failed'
      const pod = next ?? old
      return isFree && pod ? claimNames(pod).map(name => `${pod.metadata.namespace ?? ''}/${name}`) : []
    }),
  ],

  reconcile(claim, { api, cache }) {
    if (!isLeaving(claim, claimFinalizer)) return
    const { name, namespace } = claim.metadata
    // Kubelets start no Pod whose claim is being deleted, so that one without a node does not count.
    const isUsed = cache.list(Pod, namespace).some(pod => pod.spec.nodeName && claimNames(pod).includes(name))
    if (!isUsed) letGo(PersistentVolumeClaim, claim, claimFinalizer, api)
  },
})

/** Lets a deleted volume go when it is not bound. Models pkg/controller/volume/pvprotection. */
export const volumeProtection = defineController({
  name: 'pv-protection-controller',
  reconciles: PersistentVolume,
  workers: 1,
  concerns: (_old, next) => next !== undefined && isLeaving(next, volumeFinalizer),

  reconcile(volume, { api }) {
    if (!isLeaving(volume, volumeFinalizer) || volume.status.phase === 'Bound') return
    letGo(PersistentVolume, volume, volumeFinalizer, api)
  },
})

function claimNames({ metadata, spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName]
    return ephemeral ? [`${metadata.name}-${name}`] : []
  })
}

function isLeaving({ metadata }: ApiObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(finalizer) ?? false)
}

function letGo<T extends ApiObject>(kind: Kind<T>, object: T, finalizer: string, api: Api): void {
  const finalizers = object.metadata.finalizers?.filter(each => each !== finalizer) ?? []
  api.update(kind, { ...object, metadata: { ...object.metadata, finalizers } })
}
