import { Job } from '../../../api/batch/job.ts'
import { Pod } from '../../../api/core/pod.ts'
import { findCondition, isConditionTrue } from '../../../api/meta/conditions.ts'
import { type Context, defineController, type Outcome } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'
import { claim } from '../ownership.ts'
import { type Counts, type End, failureOf, isFinished, isIgnored, msUntilDeadline, successOf } from './end.ts'
import { isIndexed, succeededIndexes } from './indexes.ts'
import { deleteAll, manage, type Managed } from './manage.ts'
import { isTracked, type JobPods, lastEnd, releasePod, sortPods } from './pods.ts'
import { type Pace, paceOf } from './pace.ts'
import { track } from './track.ts'

type Status = Job['status']

/** Runs Pods until enough of them have succeeded. Models pkg/controller/job/job_controller.go. */
export const jobController = defineController({
  name: 'job-controller',
  reconciles: Job,
  owns: [Pod],

  reconcile(job, context) {
    const pace = paceOf(context)
    const waitMs = pace.wait(job.metadata.generation ?? 0)
    if (waitMs > 0) return { requeueAfterMs: waitMs }
    const pods = claim(context, { kind: Job, owner: job, selects: labels => matches(job.spec.selector, labels) }, Pod)
    if (isFinished(job)) return releaseAll(pods, context)
    return pace.done(sync(job, sortPods(job, pods), pace, context))
  },

  /** A Job that is gone counts nothing any more: its Pods are let go. */
  removed(key, context) {
    const [namespace = '', name = ''] = key.split('/')
    context.memory.delete(key)
    const pods = context.cache.list(Pod, namespace)
    releaseAll(
      pods.filter(pod => pod.metadata.labels?.['batch.kubernetes.io/job-name'] === name),
      context,
    )
  },
})

function releaseAll(pods: readonly Pod[], context: Context): void {
  for (const pod of pods) if (isTracked(pod)) releasePod(pod, context)
}

function sync(before: Job, pods: JobPods, pace: Pace, context: Context): Outcome | void {
  const { now } = context
  const job = started(before, now)
  const done = succeededIndexes(job, pods.all)
  const counts = countsOf(job, pods, done.size)
  const endOf = (pod: Pod): number => lastEnd([pod], now, parseTime)
  pace.note(lastEnd(pods.newSucceeded, now, parseTime), pods.newFailed.map(endOf))
  const failure = failureOf(job, pods, counts, now)
  const success = failure ? undefined : successOf(job, pods, counts)
  const mayAct = context.expectations.met(before) && before.metadata.deletionTimestamp === undefined
  const backOffMs = pace.backOffMs()
  let managed: Managed = { created: 0, deleted: [] }
  if (failure) managed = { created: 0, deleted: deleteAll(job, pods.active, context) }
  else if (mayAct && !success) managed = manage(job, pods, counts, done, backOffMs <= 0, context)
  const end: End | undefined = failure ?? success
  const status = tell(job, statusOf(job, pods, managed), context)
  const deleted = new Set(managed.deleted)
  track(before, status, pods.all, end, context)
  const waits = [msUntilDeadline(job, now), backOffMs > 0 && !end && deleted.size === 0 ? backOffMs : undefined]
  const nextMs = Math.min(...waits.map(wait => (wait === undefined || wait <= 0 ? Infinity : wait)))
  return nextMs === Infinity || end ? undefined : { requeueAfterMs: nextMs }
}

/** The time from which the deadline counts; a suspended Job has none. */
function started(job: Job, now: number): Job {
  const { startTime } = job.status
  if (startTime !== undefined || job.spec.suspend) return job
  return { ...job, status: { ...job.status, startTime: timestamp(now) } }
}

function countsOf(job: Job, pods: JobPods, doneIndexes: number): Counts {
  const { failed = 0, succeeded = 0, uncountedTerminatedPods: noted = {} } = job.status
  const failures = pods.newFailed.filter(pod => !isIgnored(job, pod)).length
  return {
    succeeded: isIndexed(job) ? doneIndexes : succeeded + pods.newSucceeded.length + (noted.succeeded?.length ?? 0),
    failed: failed + failures + (noted.failed?.length ?? 0),
  }
}

function statusOf({ status }: Job, pods: JobPods, { created, deleted }: Managed): Status {
  const active = pods.active.length + created - deleted.length
  const { active: _, ...rest } = status
  return {
    ...rest,
    ...(active > 0 && { active }),
    ready: deleted.length > 0 && active === 0 ? 0 : pods.ready,
    terminating: pods.terminating + deleted.length,
    uncountedTerminatedPods: status.uncountedTerminatedPods ?? {},
  }
}

/** Says that the Job was suspended or goes on. */
function tell(job: Job, status: Status, { event, now }: Context): Status {
  const isTold = isConditionTrue(status.conditions, 'Suspended')
  const { suspend } = job.spec
  if (suspend === isTold || (!suspend && !findCondition(status.conditions, 'Suspended'))) return status
  const time = timestamp(now)
  const words = suspend
    ? { status: 'True', reason: 'JobSuspended', message: 'Job suspended' }
    : { status: 'False', reason: 'JobResumed', message: 'Job resumed' }
  const condition = { type: 'Suspended', lastProbeTime: time, lastTransitionTime: time, ...words }
  const conditions = [...(status.conditions ?? []).filter(({ type }) => type !== 'Suspended'), condition]
  event(job, 'Normal', suspend ? 'Suspended' : 'Resumed', words.message)
  const { startTime: _, ...rest } = status
  return suspend ? { ...rest, conditions } : { ...status, conditions }
}
