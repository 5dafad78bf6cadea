import type { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { findCondition, isConditionTrue } from '../../../api/meta/conditions.ts'
import { parseTime } from '../../../machinery/time.ts'
import { failureRule } from './failure-policy.ts'
import type { JobPods } from './pods.ts'
import { metRule } from './success-policy.ts'

/** Why a Job is over, or about to be. */
export interface End {
  readonly type: 'Complete' | 'Failed'
  readonly reason: string
  readonly message: string
}

export interface Counts {
  readonly succeeded: number
  readonly failed: number
}

export function isFinished({ status }: Job): boolean {
  return isConditionTrue(status.conditions, 'Complete') || isConditionTrue(status.conditions, 'Failed')
}

/** What the indexes of an Indexed Job have come to. */
export interface Indexes {
  readonly succeeded: ReadonlySet<number>
  /** Those that were given up; undefined unless each has a limit of its own. */
  readonly failed: ReadonlySet<number> | undefined
}

/** Why the Job ends although Pods of it may still run: what was decided before, its policies, its limits (syncJob). */
export function endOf(job: Job, pods: JobPods, { failed }: Counts, indexes: Indexes, now: number): End | undefined {
  const { spec, status } = job
  const met = findCondition(status.conditions, 'SuccessCriteriaMet')
  if (met?.status === 'True') return { type: 'Complete', reason: met.reason ?? '', message: met.message ?? '' }
  const decided = findCondition(status.conditions, 'FailureTarget')
  if (decided) return failure(decided.reason ?? '', decided.message ?? '')
  const matched = pods.all.map(pod => failureRule(job, pod)).find(rule => rule?.action === 'FailJob')
  if (matched) return failure('PodFailurePolicy', matched.message)
  if (failed > spec.backoffLimit || restartsTooOften(job, pods.all)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  }
  const leftMs = msUntilDeadline(job, now)
  if (leftMs !== undefined && leftMs <= 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline')
  }
  return endOfIndexes(job, indexes)
}

function endOfIndexes(job: Job, { succeeded, failed }: Indexes): End | undefined {
  const { completions = 0, maxFailedIndexes = Infinity } = job.spec
  if (failed && failed.size > maxFailedIndexes) {
    const message = 'Job has exceeded the specified maximal number of failed indexes'
    return failure('MaxFailedIndexesExceeded', message)
  }
  if (failed && failed.size > 0 && failed.size + succeeded.size >= completions) {
    return failure('FailedIndexes', 'Job has failed indexes')
  }
  const rule = metRule(job, succeeded)
  return rule === undefined ? undefined : { type: 'Complete', reason: 'SuccessPolicy', message: rule }
}

function failure(reason: string, message: string): End {
  return { type: 'Failed', reason, message }
}

export function msUntilDeadline({ spec, status }: Job, now: number): number | undefined {
  const { activeDeadlineSeconds: deadline, suspend } = spec
  if (deadline === undefined || suspend || status.startTime === undefined) return undefined
  return parseTime(status.startTime) + deadline * 1000 - now
}

/** Whether enough has succeeded, and nothing runs any more. */
export function successOf({ spec }: Job, active: number, { succeeded }: Counts): End | undefined {
  const isEnough = spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions
  const message = 'Reached expected number of succeeded pods'
  return isEnough && active === 0 ? { type: 'Complete', reason: 'CompletionsReached', message } : undefined
}

/** Containers that are restarted in place count towards the limit as well. */
function restartsTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue
    for (const { restartCount } of status.initContainerStatuses ?? []) restarts += restartCount
    for (const { restartCount } of status.containerStatuses ?? []) restarts += restartCount
  }
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= spec.backoffLimit
}

/** Whether a failed Pod is passed over by the policy. */
export function isIgnored(job: Job, pod: Pod): boolean {
  return failureRule(job, pod)?.action === 'Ignore'
}
