import type { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { findCondition, isConditionTrue } from '../../../api/meta/conditions.ts'
import { parseTime } from '../../../machinery/time.ts'
import { isFailed, type JobPods } from './pods.ts'

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

/** Whether the Job fails now: what was decided before, its failure policy, its limits. */
export function failureOf(job: Job, pods: JobPods, { failed }: Counts, now: number): End | undefined {
  const { spec, status } = job
  const decided = findCondition(status.conditions, 'FailureTarget')
  if (decided) return { type: 'Failed', reason: decided.reason ?? '', message: decided.message ?? '' }
  const matched = pods.newFailed.map(pod => failingRule(job, pod)).find(message => message !== undefined)
  if (matched !== undefined) return { type: 'Failed', reason: 'PodFailurePolicy', message: matched }
  const hasNewFailure = failed > (status.failed ?? 0)
  const isOver = hasNewFailure && pods.active.length !== spec.parallelism && failed > spec.backoffLimit
  if (isOver || restartsTooOften(job, pods.all)) {
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  }
  const leftMs = msUntilDeadline(job, now)
  if (leftMs === undefined || leftMs > 0) return undefined
  return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
}

export function msUntilDeadline({ spec, status }: Job, now: number): number | undefined {
  const { activeDeadlineSeconds: deadline, suspend } = spec
  if (deadline === undefined || suspend || status.startTime === undefined) return undefined
  return parseTime(status.startTime) + deadline * 1000 - now
}

/** Whether enough has succeeded. */
export function successOf({ spec }: Job, pods: JobPods, { succeeded }: Counts): End | undefined {
  const isEnough =
    spec.completions === undefined ? succeeded > 0 && pods.active.length === 0 : succeeded >= spec.completions
  const message = 'Reached expected number of succeeded pods'
  return isEnough ? { type: 'Complete', reason: 'CompletionsReached', message } : undefined
}

/** Containers that are restarted in place count towards the limit as well. */
function restartsTooOften({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue
    for (const { restartCount } of status.containerStatuses ?? []) restarts += restartCount
  }
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= spec.backoffLimit
}

/** The first rule that a failed Pod matches: undefined if it counts as any failure, a message if it fails the Job. */
function failingRule(job: Job, pod: Pod): string | undefined {
  const matched = ruleFor(job, pod)
  return matched?.action === 'FailJob' ? matched.message : undefined
}

/** Whether a failed Pod is passed over by the policy. */
export function isIgnored(job: Job, pod: Pod): boolean {
  return ruleFor(job, pod)?.action === 'Ignore'
}

function ruleFor(job: Job, pod: Pod): { action: string; message: string } | undefined {
  if (!isFailed(pod, job)) return undefined
  const { name, namespace } = pod.metadata
  for (const [index, { action, onExitCodes, onPodConditions }] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const ending = `matching ${action} rule at index ${index}`
    for (const { name: container, state } of onExitCodes ? (pod.status.containerStatuses ?? []) : []) {
      const exitCode = state.terminated?.exitCode ?? 0
      if (exitCode === 0 || (onExitCodes?.containerName && onExitCodes.containerName !== container)) continue
      const isListed = onExitCodes?.values.includes(exitCode) ?? false
      if (isListed !== (onExitCodes?.operator === 'In')) continue
      return {
        action,
        message: `Container ${container} for pod ${namespace}/${name} failed with exit code ${exitCode} ${ending}`,
      }
    }
    const condition = onPodConditions?.find(
      ({ type, status }) => findCondition(pod.status.conditions, type)?.status === status,
    )
    if (condition) return { action, message: `Pod ${namespace}/${name} has condition ${condition.type} ${ending}` }
  }
  return undefined
}
