import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { formatLabels, matches } from '../../machinery/labels.ts'
import { isEqual } from '../../machinery/object.ts'
import { checkPodTemplate, defaultPodTemplate } from '../core/podtemplate.ts'
import { templateWarnings } from '../core/podwarnings.ts'
import type { DaemonSet as Model, DaemonSetSpec, DaemonSetUpdateStrategy } from '../generated/apps.v1.ts'
import { checkNonNegative } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkLabelSelector, isEmptySelector } from '../meta/labelselector.ts'
import { checkAtMost100Percent, checkIntOrPercent, isNothing } from './rollingupdate.ts'
import { checkImmutable, checkRestartsAlways, containersColumn, imagesColumn, selectorColumn } from './workload.ts'

export type DaemonSet = Model

const templateGeneration = 'deprecated.daemonset.template.generation'

/** Strategy: pkg/registry/apps/daemonset/strategy.go. */
export const DaemonSet = defineKind<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],

  defaults({ metadata, spec }) {
    // Conversion writes it down for clients even before there is a generation.
    metadata.annotations = { [templateGeneration]: '0', ...metadata.annotations }
    spec.template = defaultPodTemplate(spec.template)
    spec.updateStrategy ??= { type: 'RollingUpdate' }
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...spec.updateStrategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
  },

  prepareForCreate(draft) {
    draft.status = emptyStatus
    setTemplateGeneration(draft, 1)
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 0)
    setTemplateGeneration(draft, isEqual(draft.spec.template, old.spec.template) ? before : before + 1)
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: ({ spec }) => checkSpec(spec),

  validateUpdate({ spec }, old) {
    const errors: FieldError[] = []
    if (spec !== old.spec) checkImmutable(errors, 'spec.selector', spec.selector, old.spec.selector)
    return errors
  },

  validateStatusUpdate({ status }) {
    const errors: FieldError[] = []
    for (const [name, count] of Object.entries(status)) {
      if (typeof count === 'number') checkNonNegative(errors, `status.${name}`, count)
    }
    return errors
  },

  warnings: ({ spec }, old) => (spec === old?.spec ? [] : templateWarnings('spec.template', spec.template)),

  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: ({ status }) => status.desiredNumberScheduled },
    { name: 'Current', type: 'integer', cell: ({ status }) => status.currentNumberScheduled },
    { name: 'Ready', type: 'integer', cell: ({ status }) => status.numberReady },
    { name: 'Up-to-date', type: 'integer', cell: ({ status }) => status.updatedNumberScheduled ?? 0 },
    { name: 'Available', type: 'integer', cell: ({ status }) => status.numberAvailable ?? 0 },
    { name: 'Node Selector', cell: ({ spec }) => formatLabels(spec.template.spec.nodeSelector) },
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
})

const emptyStatus: DaemonSet['status'] = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
}

/** A number from before ControllerRevisions, which clients can still read in an annotation. */
function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) }
}

/** ValidateDaemonSetSpec of pkg/apis/apps/validation. */
function checkSpec(spec: DaemonSetSpec): FieldError[] {
  const errors: FieldError[] = []
  const { selector, template } = spec
  checkLabelSelector(errors, 'spec.selector', selector)
  if (!matches(selector, template.metadata.labels)) {
    const detail = '`selector` does not match template `labels`'
    errors.push(invalid('spec.template.metadata.labels', template.metadata.labels ?? null, detail))
  }
  if (selector && isEmptySelector(selector)) {
    errors.push(invalid('spec.selector', selector, 'empty selector is invalid for daemonset'))
  }
  checkPodTemplate(errors, 'spec.template', template)
  checkRestartsAlways(errors, 'spec.template', template)
  checkNonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds)
  checkUpdateStrategy(errors, spec.updateStrategy ?? {})
  checkNonNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit)
  return errors
}

const path = 'spec.updateStrategy'

function checkUpdateStrategy(errors: FieldError[], { type, rollingUpdate }: DaemonSetUpdateStrategy): void {
  if (type === 'OnDelete') return
  if (type !== 'RollingUpdate') {
    errors.push(notSupported(`${path}.type`, type, ['OnDelete', 'RollingUpdate']))
    return
  }
  const at = `${path}.rollingUpdate`
  if (!rollingUpdate) {
    errors.push(required(at))
    return
  }
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate
  checkIntOrPercent(errors, `${at}.maxUnavailable`, maxUnavailable)
  checkAtMost100Percent(errors, `${at}.maxUnavailable`, maxUnavailable)
  checkIntOrPercent(errors, `${at}.maxSurge`, maxSurge)
  checkAtMost100Percent(errors, `${at}.maxSurge`, maxSurge)
  // Either an old Pod goes first or a new one comes first.
  if (!isNothing(maxUnavailable) && !isNothing(maxSurge)) {
    errors.push(invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  } else if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
    errors.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  }
}
