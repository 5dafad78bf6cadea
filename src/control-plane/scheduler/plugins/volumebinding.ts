import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { StorageClass } from '../../../api/storage/storageclass.ts'
import { quote } from '../../../machinery/go-text.ts'
import { type Cycle, definePlugin, fits, skip, unresolvable } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import type { Rejection } from '../refusal.ts'
import { claimsOf, type SortedClaims, sortClaims } from '../volumes/claims.ts'
import { isReachable, planClaims } from '../volumes/matching.ts'

interface Notes extends SortedClaims {
  readonly cycle: Cycle
}

/** Keeps Pods where their volumes can be used. Models plugins/volumebinding/volume_binding.go. */
export const volumeBinding = definePlugin<Notes>({
  name: 'VolumeBinding',
  reads: [PersistentVolumeClaim, PersistentVolume, StorageClass],
  requeueOn: [
    'StorageClass/Add',
    'StorageClass/Update',
    'PersistentVolumeClaim/Add',
    'PersistentVolumeClaim/Update',
    'PersistentVolume/Add',
    'PersistentVolume/Update',
    'Node/Add',
    'Node/UpdateLabel',
    'Node/UpdateTaint',
  ],

  /** A claim helps the Pods that have it. */
  mayHelp({ pod }, { event, next }) {
    if (!next || !event.startsWith('PersistentVolumeClaim/')) return true
    const { name, namespace } = next.metadata
    return namespace === pod.metadata.namespace && claimsOf(pod).some(claim => claim.name === name)
  },

  preFilter(pod, cycle) {
    if (claimsOf(pod.pod).length === 0) return skip
    const trouble = claimTrouble(pod, cycle)
    if (trouble) return { rejection: trouble }
    const claims = sortClaims(pod.pod, cycle.objects)
    if (claims.immediate.length > 0) {
      const names = claims.immediate.map(({ metadata }) => metadata.name)
      return { rejection: unresolvable('pod has unbound immediate PersistentVolumeClaims', { claims: names }) }
    }
    return { notes: { ...claims, cycle } }
  },

  filter(_pod, { node }, { bound, toBind, cycle }) {
    const reasons: string[] = []
    for (const { spec } of bound) {
      const volume = cycle.objects.get(PersistentVolume, spec.volumeName ?? '')
      if (!volume) return unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)')
      if (isReachable(volume, node)) continue
      reasons.push("node(s) didn't match PersistentVolume's node affinity")
      break
    }
    if (toBind.length > 0 && !planClaims(toBind, node, cycle)) {
      reasons.push("node(s) didn't find available persistent volumes to bind")
    }
    return reasons.length === 0 ? fits : unresolvable(reasons)
  },
})

/** What is wrong with a Pod's claims, whatever the node (podHasPVCs). */
function claimTrouble({ pod }: PodInfo, { objects }: Cycle): Rejection | undefined {
  for (const { name, isEphemeral } of claimsOf(pod)) {
    const claim = objects.get(PersistentVolumeClaim, name, pod.metadata.namespace)
    const quoted = quote(name)
    if (!claim) {
      return isEphemeral
        ? unresolvable(`waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`)
        : unresolvable(`persistentvolumeclaim ${quoted} not found`)
    }
    if (claim.status.phase === 'Lost') {
      const volume = quote(claim.spec.volumeName ?? '')
      return unresolvable(`persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${volume}`)
    }
    if (claim.metadata.deletionTimestamp) return unresolvable(`persistentvolumeclaim ${quoted} is being deleted`)
  }
  return undefined
}
