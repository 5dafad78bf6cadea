import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { CSINode } from '../../../api/storage/csi.ts'
import { type Cycle, definePlugin, fits, skip, unschedulable } from '../framework.ts'
import { claimsOf, classOf } from '../volumes/claims.ts'

interface Notes {
  readonly cycle: Cycle
}

/** Keeps to the number of volumes that a CSI driver can attach to a node. Models plugins/nodevolumelimits/csi.go. */
export const nodeVolumeLimits = definePlugin<Notes>({
  name: 'NodeVolumeLimits',
  reads: [CSINode, PersistentVolumeClaim, PersistentVolume],
  requeueOn: [
    'CSINode/Add',
    'CSINode/Update',
    'AssignedPod/Delete',
    'PersistentVolumeClaim/Add',
    'PersistentVolume/Add',
  ],

  preFilter: ({ pod }, cycle) => (claimsOf(pod).length === 0 ? skip : { notes: { cycle } }),

  filter({ pod }, { name, pods }, { cycle }) {
    const limits = cycle.objects.get(CSINode, name)?.spec.drivers ?? []
    if (limits.every(({ allocatable }) => allocatable?.count === undefined)) return fits
    const used = new Map<string, string>()
    for (const other of pods) addVolumes(used, other.pod, cycle)
    const wanted = new Map<string, string>()
    addVolumes(wanted, pod, cycle)
    for (const { name: driver, allocatable } of limits) {
      const fresh = [...wanted].filter(([volume, its]) => its === driver && !used.has(volume)).length
      const attached = [...used.values()].filter(its => its === driver).length
      if (fresh === 0 || allocatable?.count === undefined || attached + fresh <= allocatable.count) continue
      return unschedulable('node(s) exceed max volume count', { driver, attached, limit: allocatable.count })
    }
    return fits
  },
})

/** The CSI volumes of a Pod with their drivers; a claim without a volume counts for the driver that will make it. */
function addVolumes(volumes: Map<string, string>, pod: Pod, { objects }: Cycle): void {
  for (const { name } of claimsOf(pod)) {
    const claim = objects.get(PersistentVolumeClaim, name, pod.metadata.namespace)
    if (!claim) continue
    const source = claim.spec.volumeName ? objects.get(PersistentVolume, claim.spec.volumeName)?.spec.csi : undefined
    if (source) volumes.set(`${source.driver}/${source.volumeHandle}`, source.driver)
    else if (!claim.spec.volumeName) {
      const provisioner = classOf(claim, objects)?.provisioner
      if (provisioner) volumes.set(`claim ${pod.metadata.namespace ?? ''}/${name}`, provisioner)
    }
  }
}
