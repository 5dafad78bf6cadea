import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { formatLabels, formatSet, matchesSet } from '../../machinery/labels.ts'
import { checkReplicaCounts } from '../apps/replicacounts.ts'
import { checkRestartsAlways } from '../apps/workload.ts'
import type { ReplicationController as Model } from '../generated/core.v1.ts'
import { checkNonNegative } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkPodTemplate, containerImages, containerNames, defaultPodTemplate } from './podtemplate.ts'
import { workloadWarnings } from './podwarnings.ts'

export type ReplicationController = Model

/** What ReplicaSets were before they had set-based selectors. Strategy: pkg/registry/core/replicationcontroller. */
export const ReplicationController = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  // Old clients did not know of garbage collection.
  defaultPropagation: 'Orphan',

  defaults({ metadata, spec }) {
    spec.replicas ??= 1
    const labels = spec.template?.metadata?.labels
    if (labels) {
      if (!Object.keys(spec.selector ?? {}).length) spec.selector = { ...labels }
      if (!Object.keys(metadata.labels ?? {}).length) metadata.labels = { ...labels }
    }
    spec.template = defaultPodTemplate(spec.template)
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
    const { selector = {}, template } = spec
    checkNonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds)
    const isEmpty = Object.keys(selector).length === 0
    if (isEmpty) errors.push(required('spec.selector'))
    checkNonNegative(errors, 'spec.replicas', spec.replicas)
    if (!template) return errors
    if (!isEmpty && !matchesSet(selector, template.metadata.labels)) {
      const detail = '`selector` does not match template `labels`'
      errors.push(invalid('spec.template.metadata.labels', template.metadata.labels ?? null, detail))
    }
    checkPodTemplate(errors, 'spec.template', template)
    checkRestartsAlways(errors, 'spec.template', template)
    return errors
  },

  validateStatusUpdate: ({ status }) =>
    checkReplicaCounts(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),

  warnings: ({ metadata: { name }, spec }, old) =>
    spec === old?.spec ? [] : workloadWarnings(name, !old, spec.template),

  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas) },

  scale: {
    replicas: ({ spec }) => spec.replicas ?? 0,
    statusReplicas: ({ status }) => status.replicas,
    selector: ({ spec }) => formatSet(spec.selector),
    withReplicas: (controller, replicas) => ({ ...controller, spec: { ...controller.spec, replicas } }),
  },

  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', cell: ({ status }) => status.replicas },
    { name: 'Ready', type: 'integer', cell: ({ status }) => status.readyReplicas ?? 0 },
    ageColumn,
    { name: 'Containers', wide: true, cell: ({ spec }) => containerNames(spec.template) },
    { name: 'Images', wide: true, cell: ({ spec }) => containerImages(spec.template) },
    { name: 'Selector', wide: true, cell: ({ spec }) => formatLabels(spec.selector) },
  ],
})
