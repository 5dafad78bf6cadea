import { duplicate, type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError } from '../../machinery/validation.ts'
import { checkDriverName } from '../core/podspec/remotevolumes.ts'
import type {
  CSIDriver as DriverModel,
  CSINode as NodeModel,
  CSIStorageCapacity as CapacityModel,
} from '../generated/storage.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type CSIDriver = DriverModel
export type CSINode = NodeModel
export type CSIStorageCapacity = CapacityModel

/** A storage driver and what it can do. Strategy: pkg/registry/storage/csidriver/strategy.go. */
export const CSIDriver = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  countsGenerations: false,

  defaults({ spec }) {
    spec.attachRequired ??= true
    spec.podInfoOnMount ??= false
    spec.storageCapacity ??= false
    spec.requiresRepublish ??= false
    spec.seLinuxMount ??= false
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType'
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent']
  },

  columns: [
    nameColumn,
    { name: 'AttachRequired', type: 'boolean', cell: ({ spec }) => spec.attachRequired ?? true },
    { name: 'PodInfoOnMount', type: 'boolean', cell: ({ spec }) => spec.podInfoOnMount ?? false },
    { name: 'StorageCapacity', type: 'boolean', cell: ({ spec }) => spec.storageCapacity ?? false },
    {
      name: 'TokenRequests',
      cell: ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
    },
    { name: 'RequiresRepublish', type: 'boolean', cell: ({ spec }) => spec.requiresRepublish ?? false },
    { name: 'Modes', cell: ({ spec }) => spec.volumeLifecycleModes?.join(',') ?? '<none>' },
    ageColumn,
  ],
})

/** The drivers that one node has. Strategy: pkg/registry/storage/csinode/strategy.go. */
export const CSINode = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  countsGenerations: false,

  validate({ spec }) {
    const errors: FieldError[] = []
    const names = new Set<string>()
    spec.drivers.forEach(({ name, nodeID }, i) => {
      const path = `spec.drivers[${i}]`
      checkDriverName(errors, `${path}.name`, name)
      if (!nodeID) errors.push(required(`${path}.nodeID`))
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
      names.add(name)
    })
    return errors
  },

  columns: [nameColumn, { name: 'Drivers', type: 'integer', cell: ({ spec }) => spec.drivers.length }, ageColumn],
})

/** How much room a driver has in one part of the cluster. */
export const CSIStorageCapacity = defineKind<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,

  validateUpdate(capacity, old) {
    const errors: FieldError[] = []
    for (const field of ['nodeTopology', 'storageClassName'] as const) {
      if (!isEqual(capacity[field], old[field])) errors.push(invalid(field, capacity[field] ?? null, immutableError))
    }
    return errors
  },
})
