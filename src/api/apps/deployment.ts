import { isEqual } from '../../machinery/object.ts'
import { type FieldError, forbidden, invalid, notSupported } from '../../machinery/fieldpath.ts'
import { formatLabelSelector } from '../../machinery/labels.ts'
import { defineKind } from '../../machinery/kind.ts'
import type {
  Deployment as Model,
  DeploymentCondition,
  DeploymentSpec,
  DeploymentStrategy,
} from '../generated/apps.v1.ts'
import { checkNonNegative } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { printInternal } from '../core/internalform.ts'
import { defaultPodTemplate } from '../core/podtemplate.ts'
import { workloadWarnings } from '../core/podwarnings.ts'
import { checkReplicaCounts } from './replicacounts.ts'
import { checkAtMost100Percent, checkIntOrPercent, isNothing } from './rollingupdate.ts'
import {
  checkImmutable,
  checkSelector,
  checkTemplate,
  containersColumn,
  imagesColumn,
  selectorColumn,
} from './workload.ts'

export type { DeploymentCondition, DeploymentStrategy }
export type Deployment = Model

/** Strategy: pkg/registry/apps/deployment/strategy.go. */
export const Deployment = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],

  defaults(draft) {
    const { spec } = draft
    spec.replicas ??= 1
    spec.template = defaultPodTemplate(spec.template)
    spec.strategy.type ||= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      const quarter = { maxUnavailable: '25%', maxSurge: '25%' }
      spec.strategy.rollingUpdate = { ...quarter, ...spec.strategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
  },

  prepareForCreate(draft) {
    draft.status = {}
  },

  // Annotations count as well: the controller copies them to the ReplicaSets.
  prepareForUpdate(draft, old) {
    draft.status = old.status
    const { annotations, generation = 0 } = old.metadata
    if (!isEqual(draft.metadata.annotations, annotations)) draft.metadata.generation = generation + 1
  },

  // Labels and everything in the spec are as they were; annotations may change (the controller copies the revision).
  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
    if (old.metadata.labels) draft.metadata.labels = old.metadata.labels
    else delete draft.metadata.labels
  },

  validate: ({ spec }) => checkSpec(spec),

  validateUpdate({ spec }, old) {
    const errors: FieldError[] = []
    if (spec !== old.spec) checkImmutable(errors, 'spec.selector', spec.selector, old.spec.selector)
    return errors
  },

  validateStatusUpdate({ status }, old) {
    const parts = ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const
    const errors = checkReplicaCounts(status, parts, ['unavailableReplicas', 'terminatingReplicas', 'collisionCount'])
    if ((status.collisionCount ?? 0) < (old.status.collisionCount ?? 0)) {
      errors.push(invalid('status.collisionCount', status.collisionCount ?? 0, 'cannot be decremented'))
    }
    return errors
  },

  warnings: ({ metadata: { name }, spec }, old) =>
    spec === old?.spec ? [] : workloadWarnings(name, !old, spec.template),

  scale: {
    replicas: ({ spec }) => spec.replicas,
    statusReplicas: ({ status }) => status.replicas ?? 0,
    selector: ({ spec }) => formatLabelSelector(spec.selector),
    withReplicas: (deployment, replicas) => ({ ...deployment, spec: { ...deployment.spec, replicas } }),
  },

  columns: [
    nameColumn,
    { name: 'Ready', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}` },
    { name: 'Up-to-date', cell: ({ status }) => status.updatedReplicas ?? 0 },
    { name: 'Available', cell: ({ status }) => status.availableReplicas ?? 0 },
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
})

/** ValidateDeploymentSpec of pkg/apis/apps/validation. */
function checkSpec(spec: DeploymentSpec): FieldError[] {
  const errors: FieldError[] = []
  checkNonNegative(errors, 'spec.replicas', spec.replicas)
  checkSelector(errors, spec.selector, 'deployment')
  checkTemplate(errors, 'spec.template', spec, { invalidSelector: 'invalid label selector' })
  checkStrategy(errors, spec.strategy)
  checkNonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds)
  checkNonNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit)
  checkNonNegative(errors, 'spec.progressDeadlineSeconds', spec.progressDeadlineSeconds)
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)) {
    const path = 'spec.progressDeadlineSeconds'
    errors.push(invalid(path, spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'))
  }
  return errors
}

const path = 'spec.strategy'

function checkStrategy(errors: FieldError[], strategy: DeploymentStrategy): void {
  const { type, rollingUpdate } = strategy
  switch (type) {
    case 'Recreate':
      if (rollingUpdate) {
        errors.push(forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"))
      }
      break
    case 'RollingUpdate':
      checkRollingUpdate(errors, strategy)
      break
    default:
      errors.push(notSupported(path, printInternal('DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate']))
  }
}

function checkRollingUpdate(errors: FieldError[], { rollingUpdate }: DeploymentStrategy): void {
  const at = `${path}.rollingUpdate`
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {}
  checkIntOrPercent(errors, `${at}.maxUnavailable`, maxUnavailable)
  checkIntOrPercent(errors, `${at}.maxSurge`, maxSurge)
  // With neither a Pod less nor one more there would be no way forward.
  if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
    errors.push(invalid(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  }
  checkAtMost100Percent(errors, `${at}.maxUnavailable`, maxUnavailable)
}

export interface DeploymentSummary {
  readonly desired: number
  readonly current: number
  readonly updated: number
  readonly ready: number
  readonly available: number
  readonly unavailable: number
}

/** The counts of a Deployment's status, with nothing left out. */
export function deploymentStatus({ spec, status }: Deployment): DeploymentSummary {
  return {
    desired: spec.replicas,
    current: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    unavailable: status.unavailableReplicas ?? 0,
  }
}
