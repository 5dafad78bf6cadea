import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { definePlugin, fits, skip, unresolvable } from '../framework.ts'
import { claimsOf, sortClaims } from '../volumes/claims.ts'

/** Where a volume is: a label and the values that will do. */
interface Place {
  readonly volume: string
  readonly label: string
  readonly values: readonly string[]
}

const labels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** Keeps Pods in the zones of their volumes. Models plugins/volumezone/volume_zone.go. */
export const volumeZone = definePlugin<readonly Place[]>({
  name: 'VolumeZone',
  reads: [PersistentVolumeClaim, PersistentVolume],
  requeueOn: [
    'Node/Add',
    'Node/UpdateLabel',
    'PersistentVolume/Add',
    'PersistentVolume/Update',
    'PersistentVolumeClaim/Add',
    'PersistentVolumeClaim/Update',
  ],

  preFilter({ pod }, { objects }) {
    if (claimsOf(pod).length === 0) return skip
    const places = sortClaims(pod, objects).bound.flatMap(({ spec }) => {
      const volume = objects.get(PersistentVolume, spec.volumeName ?? '')
      return labels.flatMap((label): Place[] => {
        const value = volume?.metadata.labels?.[label]
        if (!volume || value === undefined) return []
        // A volume in several zones has them in one label: a__b.
        return [{ volume: volume.metadata.name, label, values: value.split('__') }]
      })
    })
    return places.length === 0 ? skip : { notes: places }
  },

  filter(_pod, { node }, places) {
    const own = node.metadata.labels ?? {}
    // A node without any such label is taken to be in every zone.
    if (labels.every(label => own[label] === undefined)) return fits
    const elsewhere = places.find(({ label, values }) => !values.includes(own[label] ?? ''))
    return elsewhere ? unresolvable('node(s) had no available volume zone', elsewhere) : fits
  },
})
