import { Job } from '../../../api/batch/job.ts'
import { Pod } from '../../../api/core/pod.ts'
import { findCondition, isConditionTrue } from '../../../api/meta/conditions.ts'
import { type Context, defineController, type Outcome } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'
import { claim } from '../ownership.ts'
import { type Counts, type End, endOf, type Indexes, isFinished, isIgnored, msUntilDeadline, successOf } from './end.ts'
import { awaitingSuccessor, failedIndexes, hasLimitPerIndex } from './failures-per-index.ts'
import { formatIndexes, indexOf, isIndexed, succeededIndexes } from './indexes.ts'
import { deleteAll, manage, type Managed } from './manage.ts'
import { isTracked, type JobPods, lastEnd, releasePod, sortPods } from './pods.ts'
import { type Pace, paceOf } from './pace.ts'
import { track } from './track.ts'

type Status = Job['status']

/** What spec.managedBy says of Jobs that are this controller's. */
const ownName = 'kubernetes.io/job-controller'

/** Runs Pods until enough of them have succeeded. Models pkg/controller/job/job_controller.go. */
export const jobController = defineController({
  name: 'job-controller',
  reconciles: Job,
  owns: [Pod],

  reconcile(job, context) {
    // Somebody else's controller looks after it.
    if (job.spec.managedBy !== undefined && job.spec.managedBy !== ownName) return undefined
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
  const indexes = indexesOf(job, pods)
  const counts = countsOf(job, pods, indexes)
  const ended = (pod: Pod): number => lastEnd([pod], now, parseTime)
  pace.note(lastEnd(pods.newSucceeded, now, parseTime), pods.newFailed.map(ended))
  const backOffMs = hasLimitPerIndex(job) ? 0 : pace.backOffMs()
  const isUpToDate = context.expectations.met(before)
  const awaiting = awaitingPods(job, pods, indexes)
  const ending = endOf(job, pods, counts, indexes, now)
  let managed: Managed = { created: 0, deleted: [], waitMs: 0 }
  if (ending) managed = { ...managed, deleted: deleteAll(job, pods.active, context) }
  else if (isUpToDate && before.metadata.deletionTimestamp === undefined) {
    managed = manage(job, pods, counts, { indexes, awaiting, mayCreate: backOffMs <= 0 }, context)
  }
  const active = pods.active.length + managed.created - managed.deleted.length
  // What is still on its way to the cache may run on: the Job is not over before that is seen.
  const end: End | undefined = ending ? (isUpToDate ? ending : undefined) : successOf(job, active, counts)
  const status = tell(job, statusOf(job, pods, managed), context)
  const isKept = (pod: Pod): boolean => !end && awaiting.get(indexOf(pod)) === pod
  const counted = indexes.failed ? { ...status, failedIndexes: formatIndexes(indexes.failed) } : status
  track(
    before,
    counted,
    pods.all.filter(pod => !isKept(pod)),
    end,
    context,
  )
  const waitMs = managed.deleted.length === 0 ? Math.max(backOffMs, managed.waitMs) : 0
  const waits = [msUntilDeadline(job, now), waitMs].map(wait => (wait === undefined || wait <= 0 ? Infinity : wait))
  const nextMs = Math.min(...waits)
  return nextMs === Infinity || end ? undefined : { requeueAfterMs: nextMs }
}

function indexesOf(job: Job, pods: JobPods): Indexes {
  if (!isIndexed(job)) return { succeeded: new Set(), failed: undefined }
  const failed = hasLimitPerIndex(job) ? failedIndexes(job, pods.all) : undefined
  return { succeeded: succeededIndexes(job, pods.all), failed }
}

function awaitingPods(job: Job, pods: JobPods, { succeeded, failed }: Indexes): ReadonlyMap<number, Pod> {
  if (!failed) return new Map()
  const active = new Set(pods.active.map(indexOf))
  return awaitingSuccessor(job, pods.all, index => succeeded.has(index) || failed.has(index) || active.has(index))
}

/** The time from which the deadline counts; a suspended Job has none. */
function started(job: Job, now: number): Job {
  const { startTime } = job.status
  if (startTime !== undefined || job.spec.suspend) return job
  return { ...job, status: { ...job.status, startTime: timestamp(now) } }
}

function countsOf(job: Job, pods: JobPods, indexes: Indexes): Counts {
  const { failed = 0, succeeded = 0, uncountedTerminatedPods: noted = {} } = job.status
  const failures = pods.newFailed.filter(pod => !isIgnored(job, pod)).length
  return {
    succeeded: isIndexed(job)
      ? indexes.succeeded.size
      : succeeded + pods.newSucceeded.length + (noted.succeeded?.length ?? 0),
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
