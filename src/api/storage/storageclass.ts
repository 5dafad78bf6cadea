import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError, isQualifiedName } from '../../machinery/validation.ts'
import type { StorageClass as Model } from '../generated/storage.v1.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type StorageClass = Model

/** Mark the class of claims that name none; the second is from before the first. */
const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

/** Strategy: pkg/registry/storage/storageclass/strategy.go. */
export const StorageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,

  defaults(draft) {
    draft.reclaimPolicy ??= 'Delete'
    draft.volumeBindingMode ??= 'Immediate'
  },

  validate({ provisioner, reclaimPolicy, volumeBindingMode }) {
    const errors: FieldError[] = []
    if (!provisioner) errors.push(required('provisioner'))
    else checkProvisioner(errors, provisioner.toLowerCase())
    checkSupported(errors, 'reclaimPolicy', reclaimPolicy, ['Delete', 'Retain'])
    const modes = ['Immediate', 'WaitForFirstConsumer']
    if (!volumeBindingMode) errors.push(required('volumeBindingMode'))
    else if (!modes.includes(volumeBindingMode))
      errors.push(notSupported('volumeBindingMode', volumeBindingMode, modes))
    return errors
  },

  validateUpdate(storageClass, old) {
    const errors: FieldError[] = []
    for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const) {
      if (isEqual(storageClass[field], old[field])) continue
      errors.push(invalid(field, storageClass[field] ?? null, immutableError))
    }
    return errors
  },

  columns: [
    { ...nameColumn, cell: each => `${each.metadata.name}${isDefaultStorageClass(each) ? ' (default)' : ''}` },
    { name: 'Provisioner', cell: ({ provisioner }) => provisioner },
    { name: 'ReclaimPolicy', cell: ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', cell: ({ volumeBindingMode }) => volumeBindingMode ?? '<unset>' },
    { name: 'AllowVolumeExpansion', cell: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false },
    ageColumn,
  ],
})

function checkProvisioner(errors: FieldError[], provisioner: string): void {
  addInvalid(errors, 'provisioner', provisioner, isQualifiedName(provisioner))
}

export function isDefaultStorageClass({ metadata: { annotations } }: Pick<StorageClass, 'metadata'>): boolean {
  return defaultAnnotations.some(key => annotations?.[key] === 'true')
}
