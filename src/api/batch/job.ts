import { defineKind } from '../../machinery/kind.ts'
import { parseTime } from '../../machinery/time.ts'
import { containersColumn, imagesColumn, selectorColumn } from '../apps/workload.ts'
import { defaultPodTemplate } from '../core/podtemplate.ts'
import { workloadWarnings } from '../core/podwarnings.ts'
import type { Job as Model, JobSpec } from '../generated/batch.v1.ts'
import { humanDuration } from '../meta/age.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { isConditionTrue } from '../meta/conditions.ts'
import { checkJob, checkJobUpdate } from './jobvalidation.ts'

export type { JobSpec }
export type Job = Model

/** Strategy: pkg/registry/batch/job/strategy.go. */
export const Job = defineKind<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  // Old clients did not know of garbage collection, and were promised that Pods of a finished Job stay.
  defaultPropagation: 'Orphan',

  defaults(draft) {
    defaultJobSpec(draft.spec)
    const { labels } = draft.spec.template.metadata
    if (!Object.keys(draft.metadata.labels ?? {}).length && labels) draft.metadata.labels = { ...labels }
  },

  prepareForCreate(draft) {
    draft.status = {}
    if (!draft.spec.manualSelector) generateSelector(draft)
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: checkJob,
  validateUpdate: checkJobUpdate,
  warnings: ({ metadata: { name }, spec }, old) =>
    spec === old?.spec ? [] : workloadWarnings(name, !old, spec.template),

  selectableFields: { 'status.successful': ({ status }) => String(status.succeeded ?? 0) },

  columns: [
    nameColumn,
    { name: 'Status', cell: jobStatus },
    { name: 'Completions', cell: jobCompletions },
    { name: 'Duration', cell: duration },
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
})

export function defaultJobSpec(spec: JobSpec): void {
  spec.template = defaultPodTemplate(spec.template)
  // Neither number given means one Pod; completions left out beside a parallelism means a work queue.
  if (spec.completions === undefined && spec.parallelism === undefined) {
    spec.completions = 1
    spec.parallelism = 1
  }
  spec.parallelism ??= 1
  // Failures of an index are counted by themselves, so the total is no limit.
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1
  spec.completionMode ||= 'NonIndexed'
  spec.suspend ??= false
  spec.manualSelector ??= false
  for (const { onPodConditions } of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of onPodConditions ?? []) pattern.status ||= 'True'
  }
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed'
}

export const controllerUidLabel = 'batch.kubernetes.io/controller-uid'
export const jobNameLabel = 'batch.kubernetes.io/job-name'

/** Labels with the Job's uid keep Jobs of one template apart; what a user wrote by hand is refused by validation. */
function generateSelector({ metadata, spec }: Job): void {
  const generated = {
    [controllerUidLabel]: metadata.uid,
    [jobNameLabel]: metadata.name,
    'controller-uid': metadata.uid,
    'job-name': metadata.name,
  }
  const template = spec.template.metadata
  template.labels = { ...generated, ...template.labels }
  // Go shares one map between a Job that has no labels of its own and its template.
  if (!Object.keys(metadata.labels ?? {}).length) metadata.labels = { ...template.labels }
  spec.selector = {
    ...spec.selector,
    matchLabels: { [controllerUidLabel]: metadata.uid, ...spec.selector?.matchLabels },
  }
}

/** The word of STATUS. */
export function jobStatus({ metadata, status }: Job): string {
  const { conditions } = status
  if (isConditionTrue(conditions, 'Complete')) return 'Complete'
  if (isConditionTrue(conditions, 'Failed')) return 'Failed'
  if (metadata.deletionTimestamp) return 'Terminating'
  if (isConditionTrue(conditions, 'Suspended')) return 'Suspended'
  if (isConditionTrue(conditions, 'FailureTarget')) return 'FailureTarget'
  if (isConditionTrue(conditions, 'SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

/** `2/5`, or `0/1 of 3` for a work queue. */
export function jobCompletions({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`
  const parallelism = spec.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function duration({ status }: Job, now: number): string {
  if (!status.startTime) return ''
  // A Job that failed has no completionTime: kubectl counts on for it.
  const { completionTime: end } = status
  return humanDuration((end ? parseTime(end) : now) - parseTime(status.startTime))
}

/** Whether the Job has come to an end, well or badly. */
export function isJobFinished({ status: { conditions } }: Job): boolean {
  return isConditionTrue(conditions, 'Complete') || isConditionTrue(conditions, 'Failed')
}
