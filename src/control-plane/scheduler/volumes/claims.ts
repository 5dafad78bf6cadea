import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { StorageClass } from '../../../api/storage/storageclass.ts'
import type { Cache } from '../../../client/controller.ts'

/** A volume of a Pod that is a claim, or makes one of its own (ephemeral). */
export interface PodClaim {
  readonly name: string
  readonly isEphemeral: boolean
}

export function claimsOf({ metadata, spec: { volumes = [] } }: Pod): PodClaim[] {
  return volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return { name: persistentVolumeClaim.claimName, isEphemeral: false }
    return ephemeral ? { name: `${metadata.name}-${name}`, isEphemeral: true } : []
  })
}

/** The claims of a Pod by what is still to be done. */
export interface SortedClaims {
  readonly bound: readonly PersistentVolumeClaim[]
  /** To be bound once the Pod's node is known (WaitForFirstConsumer), the smallest first. */
  readonly toBind: readonly PersistentVolumeClaim[]
  /** The volume controller should bind these by itself and has not yet. */
  readonly immediate: readonly PersistentVolumeClaim[]
}

/** GetPodVolumeClaims of plugins/volumebinding/binder.go. Claims that are not there are left out. */
export function sortClaims(pod: Pod, objects: Cache): SortedClaims {
  const bound: PersistentVolumeClaim[] = []
  const toBind: PersistentVolumeClaim[] = []
  const immediate: PersistentVolumeClaim[] = []
  for (const { name } of claimsOf(pod)) {
    const claim = objects.get(PersistentVolumeClaim, name, pod.metadata.namespace)
    if (!claim) continue
    if (isBound(claim)) bound.push(claim)
    else if (!claim.spec.volumeName && waitsForConsumer(claim, objects)) toBind.push(claim)
    else immediate.push(claim)
  }
  return { bound, toBind, immediate }
}

export function isBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return !!spec.volumeName && metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined
}

function waitsForConsumer(claim: PersistentVolumeClaim, objects: Cache): boolean {
  return classOf(claim, objects)?.volumeBindingMode === 'WaitForFirstConsumer'
}

export function classOf({ spec }: PersistentVolumeClaim, objects: Cache): StorageClass | undefined {
  return spec.storageClassName ? objects.get(StorageClass, spec.storageClassName) : undefined
}
