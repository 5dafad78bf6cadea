import { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { Context } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { timestamp } from '../../../machinery/time.ts'
import { type End, isIgnored } from './end.ts'
import { formatIndexes, hasValidIndex, indexOf, isIndexed, parseIndexes } from './indexes.ts'
import { isFailed, isTracked, releasePod } from './pods.ts'

type Status = Job['status']

/**
 * Counts Pods that have ended, each exactly once: their uids are noted in the status, then they are let go, then the
 * counts are raised. Models trackJobStatusAndRemoveFinalizers.
 */
export function track(job: Job, status: Status, pods: readonly Pod[], end: End | undefined, context: Context): void {
  const { succeeded: notedSucceeded = [], failed: notedFailed = [] } = status.uncountedTerminatedPods ?? {}
  const succeeded = new Set(notedSucceeded)
  const failed = new Set(notedFailed)
  const done = parseIndexes(status.completedIndexes, job.spec.completions)
  const release: Pod[] = []
  for (const pod of pods) {
    const isOver =
      isTerminal(pod) || isFailed(pod, job) || end !== undefined || job.metadata.deletionTimestamp !== undefined
    if (!isTracked(pod) || !isOver) continue
    release.push(pod)
    if (isIndexed(job) && !hasValidIndex(pod, job.spec)) continue
    if (pod.status.phase === 'Succeeded') {
      if (isIndexed(job)) done.add(indexOf(pod))
      else succeeded.add(pod.metadata.uid)
    } else if ((isFailed(pod, job) || end?.type === 'Failed') && !isIgnored(job, pod)) failed.add(pod.metadata.uid)
  }
  let next: Status = isIndexed(job) ? withIndexes(status, done) : status
  const interim = end ? withCondition(next, interimType[end.type], end, context.now) : next
  const isNew = succeeded.size > notedSucceeded.length || failed.size > notedFailed.length || interim !== next
  next = interim
  if (isNew || !isEqual(next.completedIndexes, job.status.completedIndexes)) {
    next = { ...next, uncountedTerminatedPods: uncounted(succeeded, failed) }
  }
  const written = isEqual(next, job.status) ? job : context.api.updateStatus(Job, { ...job, status: next })
  for (const pod of release) releasePod(pod, context)
  finish(written, next, { succeeded, failed }, end, context)
}

const interimType = { Complete: 'SuccessCriteriaMet', Failed: 'FailureTarget' } as const

/** The Pods that were noted are gone: now they are counted. A Job ends only when its last Pod has. */
function finish(
  job: Job,
  before: Status,
  { succeeded, failed }: { succeeded: ReadonlySet<string>; failed: ReadonlySet<string> },
  end: End | undefined,
  { api, event, now }: Context,
): void {
  const counted = (before.succeeded ?? 0) + succeeded.size
  const lost = (before.failed ?? 0) + failed.size
  let status: Status = {
    ...before,
    ...(counted > 0 && { succeeded: counted }),
    ...(lost > 0 && { failed: lost }),
    uncountedTerminatedPods: {},
  }
  const isEnding = end !== undefined && (status.terminating ?? 0) === 0 && !findCondition(status.conditions, end.type)
  if (end && isEnding) {
    status = withCondition(status, end.type, end, now)
    if (end.type === 'Complete') status.completionTime = timestamp(now)
  }
  if (isEqual(status, before)) return
  api.updateStatus(Job, { ...job, status })
  if (!end || !isEnding) return
  if (end.type === 'Complete') event(job, 'Normal', 'Completed', 'Job completed')
  else event(job, 'Warning', end.reason, end.message)
}

function withIndexes(status: Status, done: ReadonlySet<number>): Status {
  if (done.size === 0) return status
  return { ...status, succeeded: done.size, completedIndexes: formatIndexes(done) }
}

function uncounted(
  succeeded: ReadonlySet<string>,
  failed: ReadonlySet<string>,
): NonNullable<Status['uncountedTerminatedPods']> {
  return {
    ...(succeeded.size > 0 && { succeeded: [...succeeded] }),
    ...(failed.size > 0 && { failed: [...failed] }),
  }
}

function withCondition(status: Status, type: string, { reason, message }: End, now: number): Status {
  if (findCondition(status.conditions, type)) return status
  const time = timestamp(now)
  const condition = { type, status: 'True', lastProbeTime: time, lastTransitionTime: time, reason, message }
  return { ...status, conditions: [...(status.conditions ?? []), condition] }
}
