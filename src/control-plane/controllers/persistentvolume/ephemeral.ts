import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import { defineController } from '../../../client/controller.ts'
import { controllerOf } from '../../../machinery/object.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'

/** Makes the claims of ephemeral volumes, owned by their Pod. Models pkg/controller/volume/ephemeral/controller.go. */
export const ephemeralVolumeController = defineController({
  name: 'ephemeral-volume-controller',
  reconciles: Pod,
  concerns: (_old, next) => next?.spec.volumes?.some(({ ephemeral }) => ephemeral) ?? false,
  reads: [PersistentVolumeClaim],

  reconcile(pod, { api, cache, event }) {
    const { name: podName, namespace = '', uid, deletionTimestamp } = pod.metadata
    if (deletionTimestamp !== undefined) return
    for (const { name: volume, ephemeral } of pod.spec.volumes ?? []) {
      const template = ephemeral?.volumeClaimTemplate
      if (!template) continue
      const name = `${podName}-${volume}`
      const present = cache.get(PersistentVolumeClaim, name, namespace)
      if (present && controllerOf(present)?.uid !== uid) {
        const why = `PVC "${namespace}/${name}" was not created for the pod "${namespace}/${podName}" (pod is not owner)`
        event(pod, 'Warning', 'EphemeralVolumeNameConflict', why)
        throw new ApiError('', why)
      }
      if (present) continue
      const owner = { apiVersion: 'v1', kind: 'Pod', name: podName, uid, controller: true, blockOwnerDeletion: true }
      const { labels, annotations } = template.metadata ?? {}
      const metadata = {
        name,
        namespace,
        ...(labels && { labels }),
        ...(annotations && { annotations }),
        ownerReferences: [owner],
      }
      const failure = attempt(() => api.create(PersistentVolumeClaim, { metadata, spec: template.spec }))
      if (failure) throw failure
    }
  },
})
