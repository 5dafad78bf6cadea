import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { Volume } from '../../../api/generated/core.v1.ts'
import { quote } from '../../../machinery/go-text.ts'
import { type Cycle, definePlugin, fits, skip, unresolvable, unschedulable } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import { claimsOf } from '../volumes/claims.ts'

interface Notes {
  /** Whether another Pod uses a claim that only one Pod may use. */
  readonly isTaken: boolean
  readonly claims: ReadonlySet<string>
}

/** Keeps Pods from using one disk or one claim at once where that is not possible. Models plugins/volumerestrictions/. */
export const volumeRestrictions = definePlugin<Notes>({
  name: 'VolumeRestrictions',
  reads: [PersistentVolumeClaim],
  requeueOn: ['AssignedPod/Delete', 'Node/Add', 'PersistentVolumeClaim/Add', 'PersistentVolumeClaim/Update'],

  preFilter(pod, cycle) {
    const { namespace } = pod.pod.metadata
    const exclusive = new Set<string>()
    for (const { name, isEphemeral } of claimsOf(pod.pod)) {
      if (isEphemeral) continue
      const claim = cycle.objects.get(PersistentVolumeClaim, name, namespace)
      if (!claim) return { rejection: unresolvable(`persistentvolumeclaim ${quote(name)} not found`) }
      if (claim.spec.accessModes.includes('ReadWriteOncePod')) exclusive.add(name)
    }
    if (exclusive.size === 0 && !pod.pod.spec.volumes?.some(isDisk)) return skip
    return { notes: { isTaken: isUsed(pod, exclusive, cycle), claims: exclusive } }
  },

  withoutPod: (notes, pod, other, _node, cycle) =>
    notes.isTaken && uses(other, notes.claims, pod)
      ? { ...notes, isTaken: isUsed(pod, notes.claims, cycle, other) }
      : notes,

  withPod: (notes, pod, other) => (uses(other, notes.claims, pod) ? { ...notes, isTaken: true } : notes),

  filter({ pod }, { pods }, { isTaken }) {
    const mine = pod.spec.volumes?.filter(isDisk) ?? []
    const conflict = mine.some(volume => pods.some(other => other.pod.spec.volumes?.some(its => clashes(volume, its))))
    if (conflict) return unschedulable('node(s) had no available disk')
    if (!isTaken) return fits
    const reason = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'
    return unschedulable(reason)
  },
})

function isUsed(pod: PodInfo, claims: ReadonlySet<string>, { nodes }: Cycle, except?: PodInfo): boolean {
  if (claims.size === 0) return false
  return nodes.some(({ pods }) => pods.some(other => other.uid !== except?.uid && uses(other, claims, pod)))
}

function uses(other: PodInfo, claims: ReadonlySet<string>, pod: PodInfo): boolean {
  if (other.pod.metadata.namespace !== pod.pod.metadata.namespace) return false
  return claimsOf(other.pod).some(({ name }) => claims.has(name))
}

function isDisk(volume: Volume): boolean {
  return !!(volume.gcePersistentDisk ?? volume.awsElasticBlockStore ?? volume.rbd ?? volume.iscsi)
}

/** The same disk, unless both only read it (isVolumeConflict). */
function clashes(a: Volume, b: Volume): boolean {
  const areReaders = (one?: { readOnly?: boolean }, two?: { readOnly?: boolean }): boolean =>
    one?.readOnly === true && two?.readOnly === true
  if (a.gcePersistentDisk && a.gcePersistentDisk.pdName === b.gcePersistentDisk?.pdName) {
    return !areReaders(a.gcePersistentDisk, b.gcePersistentDisk)
  }
  if (a.awsElasticBlockStore && a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore?.volumeID) return true
  if (a.iscsi && a.iscsi.iqn === b.iscsi?.iqn) return !areReaders(a.iscsi, b.iscsi)
  if (!a.rbd || !b.rbd || a.rbd.pool !== b.rbd.pool || a.rbd.image !== b.rbd.image) return false
  const shareMonitor = a.rbd.monitors.some(monitor => b.rbd?.monitors.includes(monitor))
  return shareMonitor && !areReaders(a.rbd, b.rbd)
}
