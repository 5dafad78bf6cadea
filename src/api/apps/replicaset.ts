import { type FieldError } from '../../machinery/fieldpath.ts'
import { formatLabelSelector } from '../../machinery/labels.ts'
import { defineKind } from '../../machinery/kind.ts'
import type { ReplicaSet as Model, ReplicaSetStatus } from '../generated/apps.v1.ts'
import { checkNonNegative } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { defaultPodTemplate } from '../core/podtemplate.ts'
import { workloadWarnings } from '../core/podwarnings.ts'
import { checkReplicaCounts } from './replicacounts.ts'
import {
  checkImmutable,
  checkSelector,
  checkTemplate,
  containersColumn,
  imagesColumn,
  selectorColumn,
} from './workload.ts'

export type { ReplicaSetStatus }
export type ReplicaSet = Model

/** Strategy: pkg/registry/apps/replicaset/strategy.go. */
export const ReplicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],

  defaults(draft) {
    draft.spec.replicas ??= 1
    draft.spec.template = defaultPodTemplate(draft.spec.template)
  },

  prepareForCreate(draft) {
    draft.status = { replicas: 0 }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    checkNonNegative(errors, 'spec.replicas', spec.replicas)
    checkNonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds)
    checkSelector(errors, spec.selector, 'deployment')
    checkTemplate(errors, 'spec.template', spec, { invalidSelector: 'invalid label selector' })
    return errors
  },

  validateUpdate({ spec }, old) {
    const errors: FieldError[] = []
    if (spec !== old.spec) checkImmutable(errors, 'spec.selector', spec.selector, old.spec.selector)
    return errors
  },

  validateStatusUpdate: ({ status }) =>
    checkReplicaCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),

  warnings: ({ metadata: { name }, spec }, old) =>
    spec === old?.spec ? [] : workloadWarnings(name, !old, spec.template),

  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas) },

  scale: {
    replicas: ({ spec }) => spec.replicas,
    statusReplicas: ({ status }) => status.replicas,
    selector: ({ spec }) => formatLabelSelector(spec.selector),
    withReplicas: (set, replicas) => ({ ...set, spec: { ...set.spec, replicas } }),
  },

  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: ({ spec }) => spec.replicas },
    { name: 'Current', type: 'integer', cell: ({ status }) => status.replicas },
    { name: 'Ready', type: 'integer', cell: ({ status }) => status.readyReplicas ?? 0 },
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
})
