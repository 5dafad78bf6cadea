import { type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { asQuantity, compareQuantities, sign } from '../../machinery/quantity.ts'
import { isDns1123Subdomain } from '../../machinery/validation.ts'
import type { PersistentVolumeClaim as Model, PersistentVolumeClaimSpec } from '../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkLabelSelector } from '../meta/labelselector.ts'
import { internalDiff, internalForm } from './internalform.ts'

export type PersistentVolumeClaim = Model

export const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const shortModes: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** Where classes were named before there was a field. */
export const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

/** Strategy: pkg/registry/core/persistentvolumeclaim/strategy.go. */
export const PersistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  subresources: ['status'],
  countsGenerations: false,

  defaults: defaultPersistentVolumeClaim,

  prepareForCreate(draft) {
    draft.status = { phase: 'Pending' }
    mirrorDataSource(draft.spec)
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
    mirrorDataSource(draft.spec)
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: ({ spec }) => checkClaimSpec(spec),
  validateUpdate: checkUpdate,

  warnings({ metadata: { annotations }, spec }, old) {
    if (spec === old?.spec || annotations?.[classAnnotation] === undefined) return []
    const text = 'deprecated since v1.8; use "storageClassName" attribute instead'
    return [`metadata.annotations[${classAnnotation}]: ${text}`]
  },

  columns: [
    nameColumn,
    { name: 'Status', cell: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status.phase) },
    { name: 'Volume', cell: ({ spec }) => spec.volumeName ?? '' },
    { name: 'Capacity', cell: claimCapacity },
    { name: 'Access Modes', cell: ({ spec, status }) => (spec.volumeName ? formatModes(status.accessModes) : '') },
    { name: 'StorageClass', cell: claimClass },
    { name: 'VolumeAttributesClass', cell: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>' },
    ageColumn,
    { name: 'VolumeMode', wide: true, cell: ({ spec }) => spec.volumeMode ?? '<unset>' },
  ],
})

/** Also what the claim templates of StatefulSets get. */
export function defaultPersistentVolumeClaim(claim: PersistentVolumeClaim): void {
  claim.spec ??= { accessModes: [], resources: {}, volumeMode: 'Filesystem' }
  claim.spec.volumeMode ??= 'Filesystem'
  claim.status ??= { phase: 'Pending' }
  claim.status.phase ||= 'Pending'
}

/** dataSource and dataSourceRef say the same thing in an old and a new way. */
function mirrorDataSource(spec: PersistentVolumeClaimSpec): void {
  const { dataSource, dataSourceRef } = spec
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource }
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { kind, name, apiGroup } = dataSourceRef
    spec.dataSource = { kind, name, ...(apiGroup !== undefined && { apiGroup }) }
  }
}

/** The class a claim asks for: by annotation or field; '' is no class at all. */
export function claimClass({ metadata: { annotations }, spec }: PersistentVolumeClaim): string {
  return annotations?.[classAnnotation] ?? spec.storageClassName ?? ''
}

function claimCapacity({ spec, status }: PersistentVolumeClaim): string {
  return spec.volumeName ? asQuantity(status.capacity?.['storage'] ?? '0').text : ''
}

/** `RWO,ROX`. */
export function formatModes(modes: readonly string[] | undefined): string {
  const given = new Set(modes)
  return Object.entries(shortModes)
    .filter(([mode]) => given.has(mode))
    .map(([, short]) => short)
    .join(',')
}

export function checkAccessModes(errors: FieldError[], path: string, modes: readonly string[]): void {
  for (const mode of modes) if (!accessModes.includes(mode)) errors.push(notSupported(path, mode, accessModes))
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'))
  }
}

/** ValidatePersistentVolumeClaimSpec of core validation. */
function checkClaimSpec(spec: PersistentVolumeClaimSpec): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.accessModes?.length) errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
  checkLabelSelector(errors, 'spec.selector', spec.selector)
  checkAccessModes(errors, 'spec.accessModes', spec.accessModes ?? [])
  const storage = spec.resources?.requests?.['storage']
  if (storage === undefined) errors.push(required('spec.resources[storage]'))
  else if (sign(storage) <= 0) {
    errors.push(invalid('spec.resources[storage]', asQuantity(storage).text, 'must be greater than zero'))
  }
  const { storageClassName } = spec
  if (storageClassName) {
    addInvalid(errors, 'spec.storageClassName', storageClassName, isDns1123Subdomain(storageClassName))
  }
  checkSupported(errors, 'spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem'])
  return errors
}

const onlyRequests =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

/** ValidatePersistentVolumeClaimUpdate: a claim may grow, and is bound once. */
function checkUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = []
  if (claim.spec === old.spec) return errors
  const munged = { ...claim.spec }
  // The binder may fill in the volume, and an admission default the class.
  if (!old.spec.volumeName && claim.spec.volumeName && old.status.phase !== 'Bound') munged.volumeName = ''
  if (old.spec.storageClassName === undefined) delete munged.storageClassName
  const before = old.spec.resources?.requests?.['storage']
  const now = claim.spec.resources?.requests?.['storage']
  if (old.status.phase === 'Bound') {
    munged.resources = old.spec.resources
    if (old.spec.volumeAttributesClassName === undefined) delete munged.volumeAttributesClassName
    else munged.volumeAttributesClassName = old.spec.volumeAttributesClassName
  }
  if (!isEqual(withoutEmpty(munged), withoutEmpty(old.spec))) {
    const diff = internalDiff(
      internalForm('PersistentVolumeClaimSpec', old.spec),
      internalForm('PersistentVolumeClaimSpec', munged),
    )
    errors.push(forbidden('spec', `${onlyRequests}\n${diff}`))
  }
  const capacity = old.status.capacity?.['storage'] ?? '0'
  const isSmaller = before !== undefined && now !== undefined && compareQuantities(now, before) < 0
  // An expansion that failed may be taken back, but not below what there is.
  if (old.status.phase === 'Bound' && isSmaller && compareQuantities(now, capacity) <= 0) {
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  }
  return errors
}

function withoutEmpty(spec: PersistentVolumeClaimSpec): object {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== ''))
}
