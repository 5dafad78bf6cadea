import type { CronJob } from '../../../api/batch/cronjob.ts'
import { parseTime } from '../../../machinery/time.ts'

export interface Times {
  /** The last time that has come and for which there was no Job yet. */
  readonly due?: number
  readonly next?: number
  /** How many times came since the last Job. */
  readonly missed: number
}

/** So many steps are counted; what was missed before is not started anyway. */
const mostSteps = 10_000

/** Models mostRecentScheduleTime of pkg/controller/cronjob/utils.go. */
export function timesOf(
  { metadata, spec }: CronJob,
  { lastScheduleTime }: CronJob['status'],
  now: number,
  nextAfter: (ms: number) => number | undefined,
): Times {
  let after = parseTime(lastScheduleTime ?? metadata.creationTimestamp)
  if (spec.startingDeadlineSeconds !== undefined) after = Math.max(after, now - spec.startingDeadlineSeconds * 1000)
  let due: number | undefined
  let missed = 0
  let next = nextAfter(after)
  while (next !== undefined && next <= now && missed < mostSteps) {
    due = next
    missed++
    next = nextAfter(next)
  }
  if (next !== undefined && next <= now) next = nextAfter(now)
  return { ...(due !== undefined && { due }), ...(next !== undefined && { next }), missed: Math.max(missed - 1, 0) }
}
