import type { CronJob } from '../../../api/batch/cronjob.ts'
import { Job } from '../../../api/batch/job.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { parseTime } from '../../../machinery/time.ts'

export type Status = CronJob['status']

/** How a Job ended; undefined while it goes on. */
export function endOf({ status }: Job): 'Complete' | 'Failed' | undefined {
  for (const { type, status: is } of status.conditions ?? []) {
    if (is === 'True' && (type === 'Complete' || type === 'Failed')) return type
  }
  return undefined
}

/** Takes Jobs that have ended or vanished off the list of active ones. */
export function noteFinished(cronJob: CronJob, jobs: readonly Job[], { api, event }: Context): Status {
  let status = cronJob.status
  for (const job of jobs) {
    const { name, uid } = job.metadata
    const isListed = status.active?.some(active => active.uid === uid) ?? false
    const end = endOf(job)
    if (!isListed && !end && job.metadata.deletionTimestamp === undefined) {
      // The list may only trail our own writing of it.
      const live = api.find(Job, name, job.metadata.namespace)
      const isOurs = parseTime(job.metadata.creationTimestamp) >= parseTime(status.lastScheduleTime ?? '')
      const text = `Saw a job that the controller did not create or forgot: ${name}`
      if (live && !isOurs) event(cronJob, 'Warning', 'UnexpectedJob', text)
    }
    if (!end || !isListed) continue
    status = withoutActive(status, uid)
    event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end}`)
    const { completionTime } = job.status
    const isNewer = parseTime(completionTime ?? '') > parseTime(status.lastSuccessfulTime ?? '1970-01-01T00:00:00Z')
    if (end === 'Complete' && completionTime !== undefined && isNewer)
      status = { ...status, lastSuccessfulTime: completionTime }
  }
  for (const { name = '', namespace, uid } of status.active ?? []) {
    if (uid === undefined || jobs.some(({ metadata }) => metadata.uid === uid) || api.find(Job, name, namespace))
      continue
    event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`)
    status = withoutActive(status, uid)
  }
  return status
}

function withoutActive(status: Status, uid: string): Status {
  const { active = [], ...rest } = status
  const left = active.filter(each => each.uid !== uid)
  return left.length > 0 ? { ...rest, active: left } : rest
}

/** Deletes the oldest ended Jobs beyond the limits. */
export function trimHistory(cronJob: CronJob, jobs: readonly Job[], { api, event }: Context): void {
  const { failedJobsHistoryLimit, successfulJobsHistoryLimit } = cronJob.spec
  const limits = [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const
  for (const [end, limit] of limits) {
    const ended = jobs.filter(job => endOf(job) === end && job.metadata.deletionTimestamp === undefined)
    const since = (job: Job): number => parseTime(job.status.startTime ?? job.metadata.creationTimestamp)
    ended.sort((a, b) => since(a) - since(b) || (a.metadata.name < b.metadata.name ? -1 : 1))
    for (const job of ended.slice(0, Math.max(ended.length - limit, 0))) {
      const failure = attempt(() => api.delete(Job, job, { propagationPolicy: 'Background' }))
      if (failure && failure.reason !== 'NotFound') throw failure
      if (!failure) event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`)
    }
  }
}
