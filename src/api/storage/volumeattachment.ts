import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError } from '../../machinery/validation.ts'
import { checkDriverName } from '../core/podspec/remotevolumes.ts'
import type {
  VolumeAttachment as AttachmentModel,
  VolumeAttributesClass as AttributesModel,
} from '../generated/storage.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type VolumeAttachment = AttachmentModel
export type VolumeAttributesClass = AttributesModel

/** The wish that a volume be attached to a node. Strategy: pkg/registry/storage/volumeattachment/strategy.go. */
export const VolumeAttachment = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
  subresources: ['status'],
  countsGenerations: false,

  prepareForCreate(draft) {
    draft.status = { attached: false }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    checkDriverName(errors, 'spec.attacher', spec.attacher)
    if (!spec.nodeName) errors.push(required('spec.nodeName'))
    if (!spec.source?.persistentVolumeName && !spec.source?.inlineVolumeSpec) {
      errors.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'))
    }
    return errors
  },

  validateUpdate: ({ spec }, old) => (isEqual(spec, old.spec) ? [] : [invalid('spec', spec, 'field is immutable')]),

  columns: [
    nameColumn,
    { name: 'Attacher', format: 'name', cell: ({ spec }) => spec.attacher },
    { name: 'PV', cell: ({ spec }) => spec.source.persistentVolumeName ?? '' },
    { name: 'Node', cell: ({ spec }) => spec.nodeName },
    { name: 'Attached', type: 'boolean', cell: ({ status }) => status.attached },
    ageColumn,
  ],
})

/** Properties of volumes that may change while they are in use. */
export const VolumeAttributesClass = defineKind<VolumeAttributesClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,

  validate({ driverName, parameters }) {
    const errors: FieldError[] = []
    checkDriverName(errors, 'driverName', driverName)
    if (!Object.keys(parameters ?? {}).length) {
      errors.push(required('parameters', 'must contain at least one key/value pair'))
    }
    return errors
  },

  validateUpdate(attributes, old) {
    const errors: FieldError[] = []
    for (const field of ['driverName', 'parameters'] as const) {
      if (!isEqual(attributes[field], old[field]))
        errors.push(invalid(field, attributes[field] ?? null, immutableError))
    }
    return errors
  },

  columns: [nameColumn, { name: 'DriverName', cell: ({ driverName }) => driverName }, ageColumn],
})
