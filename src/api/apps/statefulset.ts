import { type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { formatLabelSelector } from '../../machinery/labels.ts'
import { isEqual } from '../../machinery/object.ts'
import { printInternal } from '../core/internalform.ts'
import { defaultPersistentVolumeClaim } from '../core/persistentvolumeclaim.ts'
import { defaultPodTemplate } from '../core/podtemplate.ts'
import { templateWarnings } from '../core/podwarnings.ts'
import type { StatefulSet as Model, StatefulSetSpec, StatefulSetUpdateStrategy } from '../generated/apps.v1.ts'
import { checkNonNegative } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkReplicaCounts } from './replicacounts.ts'
import { checkAtMost100Percent, checkIntOrPercent, isNothing } from './rollingupdate.ts'
import { checkSelector, checkTemplate, containersColumn, imagesColumn } from './workload.ts'

export type StatefulSet = Model

/** Strategy: pkg/registry/apps/statefulset/strategy.go. */
export const StatefulSet = defineKind<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],

  defaults({ spec }) {
    spec.replicas ??= 1
    spec.template = defaultPodTemplate(spec.template)
    spec.podManagementPolicy ||= 'OrderedReady'
    spec.updateStrategy ??= { type: 'RollingUpdate' }
    if (!spec.updateStrategy.type) spec.updateStrategy.type = 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= { partition: 0 }
      spec.updateStrategy.rollingUpdate.partition ??= 0
    }
    const retain = { whenDeleted: 'Retain', whenScaled: 'Retain' }
    spec.persistentVolumeClaimRetentionPolicy = { ...retain, ...spec.persistentVolumeClaimRetentionPolicy }
    spec.revisionHistoryLimit ??= 10
    for (const claim of spec.volumeClaimTemplates ?? []) {
      // Templates are typed objects of their own.
      claim.apiVersion = 'v1'
      claim.kind = 'PersistentVolumeClaim'
      defaultPersistentVolumeClaim(claim)
    }
  },

  prepareForCreate(draft) {
    draft.status = { replicas: 0, availableReplicas: 0 }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: ({ spec }) => checkSpec(spec),
  validateUpdate: ({ spec }, old) => checkSpecUpdate(spec, old.spec),
  validateStatusUpdate: ({ status }) =>
    checkReplicaCounts(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']),

  warnings: ({ spec }, old) => (spec === old?.spec ? [] : templateWarnings('spec.template', spec.template)),

  scale: {
    replicas: ({ spec }) => spec.replicas ?? 0,
    statusReplicas: ({ status }) => status.replicas,
    selector: ({ spec }) => formatLabelSelector(spec.selector),
    withReplicas: (set, replicas) => ({ ...set, spec: { ...set.spec, replicas } }),
  },

  columns: [
    nameColumn,
    { name: 'Ready', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    ageColumn,
    containersColumn,
    imagesColumn,
  ],
})

/** ValidateStatefulSetSpec of pkg/apis/apps/validation. */
function checkSpec(spec: StatefulSetSpec): FieldError[] {
  const errors: FieldError[] = []
  const { podManagementPolicy } = spec
  if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel') {
    errors.push(invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"))
  }
  checkUpdateStrategy(errors, spec.updateStrategy ?? {})
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {}
  checkRetention(errors, 'whenDeleted', whenDeleted)
  checkRetention(errors, 'whenScaled', whenScaled)
  checkNonNegative(errors, 'spec.replicas', spec.replicas)
  checkNonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds)
  checkNonNegative(errors, 'spec.ordinals.start', spec.ordinals?.start)
  checkSelector(errors, spec.selector, 'statefulset')
  checkTemplate(errors, 'spec.template', withClaimVolumes(spec), { invalidSelector: '' })
  checkNonNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit)
  return errors
}

/** Containers mount the claims that each Pod will get by the names of their templates. */
function withClaimVolumes({
  selector,
  template,
  volumeClaimTemplates,
}: StatefulSetSpec): Pick<StatefulSetSpec, 'selector' | 'template'> {
  if (!volumeClaimTemplates?.length) return { selector, template }
  const present = new Set(template.spec.volumes?.map(({ name }) => name))
  const claims = volumeClaimTemplates
    .filter(({ metadata }) => metadata.name && !present.has(metadata.name))
    .map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: name } }))
  const volumes = [...(template.spec.volumes ?? []), ...claims]
  return { selector, template: { ...template, spec: { ...template.spec, volumes } } }
}

const path = 'spec.updateStrategy'

function checkUpdateStrategy(errors: FieldError[], strategy: StatefulSetUpdateStrategy): void {
  const { type, rollingUpdate } = strategy
  switch (type) {
    case 'OnDelete':
      if (rollingUpdate) {
        errors.push(invalid(`${path}.rollingUpdate`, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"))
      }
      break
    case 'RollingUpdate':
      if (!rollingUpdate) break
      checkNonNegative(errors, `${path}.rollingUpdate.partition`, rollingUpdate.partition)
      if (rollingUpdate.maxUnavailable === undefined) break
      checkIntOrPercent(errors, `${path}.rollingUpdate.maxUnavailable`, rollingUpdate.maxUnavailable)
      checkAtMost100Percent(errors, `${path}.rollingUpdate.maxUnavailable`, rollingUpdate.maxUnavailable)
      if (isNothing(rollingUpdate.maxUnavailable)) {
        errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, rollingUpdate.maxUnavailable, 'cannot be 0'))
      }
      break
    default: {
      const shown = printInternal('StatefulSetUpdateStrategy', strategy)
      errors.push(invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'"))
    }
  }
}

function checkRetention(errors: FieldError[], field: string, value: string | undefined): void {
  const at = `spec.persistentVolumeClaimRetentionPolicy.${field}`
  if (!value) errors.push(required(at))
  else if (value !== 'Retain' && value !== 'Delete') errors.push(notSupported(at, value, ['Delete', 'Retain']))
}

const mayChange =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
  "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

function checkSpecUpdate(spec: StatefulSetSpec, old: StatefulSetSpec): FieldError[] {
  const fixed = ({ selector, serviceName, podManagementPolicy, volumeClaimTemplates }: StatefulSetSpec): object => ({
    selector,
    serviceName,
    podManagementPolicy,
    volumeClaimTemplates,
  })
  return spec === old || isEqual(fixed(spec), fixed(old)) ? [] : [forbidden('spec', mayChange)]
}
