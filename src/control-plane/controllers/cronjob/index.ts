import { CronJob } from '../../../api/batch/cronjob.ts'
import { parseCron } from '../../../api/batch/cronschedule.ts'
import { nextCronTime } from '../../../api/batch/crontime.ts'
import { Job } from '../../../api/batch/job.ts'
import { type Context, defineController, type Outcome } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'
import { controllerReference } from '../ownership.ts'
import { isNamespaceGoing } from '../pod-control.ts'
import { endOf, noteFinished, type Status, trimHistory } from './history.ts'
import { type Times, timesOf } from './times.ts'

/** Clocks of control-plane machines differ a little: nextScheduleDelta. */
const deltaMs = 100
const stampKey = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/** Makes a Job whenever the schedule says so. Models pkg/controller/cronjob/cronjob_controllerv2.go. */
export const cronJobController = defineController({
  name: 'cronjob-controller',
  reconciles: CronJob,
  owns: [Job],

  reconcile(cronJob, context) {
    const { api, cache } = context
    const jobs = cache.ownedBy(Job, cronJob)
    let status = noteFinished(cronJob, jobs, context)
    trimHistory(cronJob, jobs, context)
    let outcome: Outcome | undefined
    const failure = attempt(() => {
      const result = schedule(cronJob, jobs, status, context)
      status = result.status
      outcome = result.outcome
    })
    if (!isEqual(status, cronJob.status)) api.updateStatus(CronJob, { ...cronJob, status })
    if (failure) throw failure
    return outcome
  },
})

interface Result {
  readonly status: Status
  readonly outcome?: Outcome
}

function schedule(cronJob: CronJob, jobs: readonly Job[], status: Status, context: Context): Result {
  const { event, now } = context
  const { spec, metadata } = cronJob
  if (metadata.deletionTimestamp !== undefined || spec.suspend) return { status }
  const parsed = parseCron(spec.schedule)
  if (parsed.error !== undefined) {
    event(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: "${spec.schedule}" : ${parsed.error}`)
    return { status }
  }
  const times = timesOf(cronJob, status, now, after => nextCronTime(parsed.schedule, after, spec.timeZone))
  const outcome = next(times, now)
  const { due } = times
  if (due === undefined) return { status, ...outcome }
  if (times.missed > 100) {
    const text = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
    event(cronJob, 'Warning', 'TooManyMissedTimes', text)
  }
  const deadlineMs = spec.startingDeadlineSeconds === undefined ? Infinity : spec.startingDeadlineSeconds * 1000
  if (due + deadlineMs < now) {
    event(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${timestamp(due)}`)
    return { status, ...outcome }
  }
  const name = `${metadata.name}-${Math.floor(due / 60_000)}`
  const isKnown =
    status.active?.some(active => active.name === name) || parseTime(status.lastScheduleTime ?? '') === due
  if (isKnown) return { status, ...outcome }
  if (spec.concurrencyPolicy === 'Forbid' && status.active?.length) {
    const text = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    event(cronJob, 'Normal', 'JobAlreadyActive', text)
    return { status, ...outcome }
  }
  const kept = spec.concurrencyPolicy === 'Replace' ? replaceActive(cronJob, jobs, status, context) : status
  return { status: start(cronJob, kept, name, due, context), ...outcome }
}

function next({ next: at }: Times, now: number): { outcome?: Outcome } {
  return at === undefined ? {} : { outcome: { requeueAfterMs: at - now + deltaMs } }
}

function replaceActive(cronJob: CronJob, jobs: readonly Job[], status: Status, context: Context): Status {
  for (const { name, uid } of status.active ?? []) {
    const job = jobs.find(({ metadata }) => metadata.uid === uid)
    if (!job) continue
    const failure = attempt(() => context.api.delete(Job, job, { propagationPolicy: 'Background' }))
    if (failure && failure.reason !== 'NotFound') {
      context.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${failure.message}`)
      throw failure
    }
    context.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`)
  }
  const { active: _, ...rest } = status
  return rest
}

function start(cronJob: CronJob, status: Status, name: string, due: number, { api, event }: Context): Status {
  const { metadata, spec } = cronJob.spec.jobTemplate
  const { labels, annotations } = metadata
  const { namespace } = cronJob.metadata
  let job: Job | undefined
  const failure = attempt(() => {
    job = api.create(Job, {
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ...(labels && { labels }),
        annotations: { ...annotations, [stampKey]: timestamp(due) },
        ownerReferences: [controllerReference(CronJob, cronJob)],
      },
      spec,
    })
  })
  if (!job) {
    if (failure?.reason === 'AlreadyExists') return status
    if (failure && !isNamespaceGoing(failure)) {
      event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${failure.message}`)
    }
    throw failure
  }
  if (endOf(job)) return status
  event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`)
  const { uid, resourceVersion } = job.metadata
  const reference = {
    kind: 'Job',
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion: 'batch/v1',
    resourceVersion,
  }
  return { ...status, active: [...(status.active ?? []), reference], lastScheduleTime: timestamp(due) }
}
