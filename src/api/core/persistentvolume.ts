import { type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { asQuantity, sign } from '../../machinery/quantity.ts'
import { timestamp } from '../../machinery/time.ts'
import { immutableError, isDns1123Subdomain } from '../../machinery/validation.ts'
import type { PersistentVolume as Model, PersistentVolumeSpec } from '../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { internalDiff, internalForm } from './internalform.ts'
import { checkAccessModes, classAnnotation, formatModes } from './persistentvolumeclaim.ts'
import { checkNodeSelector } from './podspec/affinity.ts'
import { checkHostPath } from './podspec/volumes.ts'
import { checkRemoteVolume, type RemoteSources } from './podspec/remotevolumes.ts'

export type PersistentVolume = Model

/** Strategy: pkg/registry/core/persistentvolume/strategy.go. */
export const PersistentVolume = defineKind<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  subresources: ['status'],
  countsGenerations: false,

  defaults({ spec, status }) {
    status.phase ||= 'Pending'
    spec.persistentVolumeReclaimPolicy ||= 'Retain'
    spec.volumeMode ??= 'Filesystem'
    if (spec.hostPath) spec.hostPath.type ??= ''
    if (spec.iscsi) spec.iscsi.iscsiInterface ||= 'default'
  },

  prepareForCreate(draft, { now }) {
    draft.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old, { now }) {
    draft.spec = old.spec
    if (
      draft.status.phase !== old.status.phase &&
      draft.status.lastPhaseTransitionTime === old.status.lastPhaseTransitionTime
    ) {
      draft.status.lastPhaseTransitionTime = timestamp(now)
    }
  },

  validate: ({ spec }) => checkSpec(spec),
  validateUpdate: checkUpdate,

  warnings({ spec }, old) {
    if (spec === old?.spec || spec.persistentVolumeReclaimPolicy !== 'Recycle') return []
    const instead = 'Instead, the recommended approach is to use dynamic provisioning.'
    return [`spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. ${instead}`]
  },

  selectableFields: {},

  columns: [
    nameColumn,
    { name: 'Capacity', cell: ({ spec }) => asQuantity(spec.capacity['storage'] ?? '0').text },
    { name: 'Access Modes', cell: ({ spec }) => formatModes(spec.accessModes) },
    { name: 'Reclaim Policy', cell: ({ spec }) => spec.persistentVolumeReclaimPolicy },
    { name: 'Status', cell: ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : status.phase) },
    {
      name: 'Claim',
      cell: ({ spec: { claimRef } }) => (claimRef ? `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}` : ''),
    },
    { name: 'StorageClass', cell: volumeClass },
    { name: 'VolumeAttributesClass', cell: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>' },
    { name: 'Reason', cell: ({ status }) => status.reason ?? '' },
    ageColumn,
    { name: 'VolumeMode', wide: true, cell: ({ spec }) => spec.volumeMode ?? '<unset>' },
  ],
})

/** The class a volume belongs to. */
export function volumeClass({ metadata: { annotations }, spec }: PersistentVolume): string {
  return annotations?.[classAnnotation] ?? spec.storageClassName ?? ''
}

/** Kinds of storage in upstream's order. */
const remotes: readonly (keyof RemoteSources)[] = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
]

/** ValidatePersistentVolumeSpec of core validation. */
function checkSpec(spec: PersistentVolumeSpec): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.accessModes?.length) errors.push(required('spec.accessModes'))
  checkAccessModes(errors, 'spec.accessModes', spec.accessModes ?? [])
  checkCapacity(errors, spec.capacity ?? {})
  checkSupported(errors, 'spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, [
    'Delete',
    'Recycle',
    'Retain',
  ])
  if (spec.nodeAffinity?.required) {
    checkNodeSelector(errors, 'spec.nodeAffinity.required', spec.nodeAffinity.required)
  } else if (spec.nodeAffinity)
    errors.push(required('spec.nodeAffinity.required', 'must specify required node constraints'))
  checkSource(errors, spec)
  if (spec.hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle') {
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"))
  }
  if (spec.storageClassName) {
    addInvalid(errors, 'spec.storageClassName', spec.storageClassName, isDns1123Subdomain(spec.storageClassName))
  }
  checkSupported(errors, 'spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem'])
  return errors
}

function checkCapacity(errors: FieldError[], capacity: Record<string, string>): void {
  const names = Object.keys(capacity)
  if (names.length === 0) errors.push(required('spec.capacity'))
  const { storage } = capacity
  if (storage === undefined || names.length > 1) {
    errors.push(notSupported('spec.capacity', names.length === 0 ? null : capacity, ['storage']))
  }
  for (const name of names) {
    const amount = capacity[name] ?? '0'
    if (sign(amount) <= 0) {
      errors.push(invalid(`spec.capacity[${name}]`, asQuantity(amount).text, 'must be greater than zero'))
    }
  }
}

function checkSource(errors: FieldError[], spec: PersistentVolumeSpec): void {
  let count = 0
  const isFirst = (name: string): boolean => {
    if (count++ === 0) return true
    errors.push(forbidden(`spec.${name}`, 'may not specify more than 1 volume type'))
    return false
  }
  if (spec.hostPath && isFirst('hostPath')) checkHostPath(errors, 'spec.hostPath', spec.hostPath)
  for (const name of remotes) {
    if (spec[name] !== undefined && isFirst(name)) checkRemoteVolume(errors, `spec.${name}`, name, spec)
  }
  if (spec.local && isFirst('local')) {
    if (!spec.local.path) errors.push(required('spec.local.path'))
    if (!spec.nodeAffinity) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
  }
  if (spec.storageos && isFirst('storageos')) checkRemoteVolume(errors, 'spec.storageos', 'storageos', spec)
  if (spec.csi && isFirst('csi')) {
    checkRemoteVolume(errors, 'spec.csi', 'csi', spec)
    if (!spec.csi.volumeHandle) errors.push(required('spec.csi.volumeHandle'))
  }
  if (count === 0) errors.push(required('spec', 'must specify a volume type'))
}

function checkUpdate({ spec }: PersistentVolume, { spec: old }: PersistentVolume): FieldError[] {
  const errors: FieldError[] = []
  if (spec === old) return errors
  const form = (from: PersistentVolumeSpec): Readonly<Record<string, unknown>> =>
    internalForm('PersistentVolumeSource', from)
  if (!isEqual(form(spec), form(old))) {
    const detail = 'spec.persistentvolumesource is immutable after creation'
    errors.push(forbidden('spec.persistentvolumesource', `${detail}\n${internalDiff(form(old), form(spec))}`))
  }
  if (!isEqual(spec.volumeMode, old.volumeMode)) {
    errors.push(invalid('spec.volumeMode', spec.volumeMode, immutableError))
  }
  if (old.nodeAffinity && !isEqual(spec.nodeAffinity, old.nodeAffinity)) {
    errors.push(invalid('spec.nodeAffinity', spec.nodeAffinity ?? null, immutableError))
  }
  return errors
}
