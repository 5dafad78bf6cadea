import type { CronSchedule } from './cronschedule.ts'
import { dateOf, weekdayOf, zoneOffset } from './timezone.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** The first instant after `afterMs` at which the schedule is due; undefined if there is none within five years. */
export function nextCronTime(schedule: CronSchedule, afterMs: number, timeZone = 'UTC'): number | undefined {
  if (schedule.everyMs !== undefined) return afterMs - (afterMs % 1000) + schedule.everyMs
  const start = afterMs + zoneOffset(timeZone, afterMs)
  let local = start - (start % minuteMs) + minuteMs
  const end = local + 5 * 366 * dayMs
  while (local < end) {
    const skip = minutesToSkip(schedule, local)
    if (skip > 0) {
      local += skip * minuteMs
      continue
    }
    const utc = local - zoneOffset(timeZone, local - zoneOffset(timeZone, local))
    // A clock that was set back shows this time twice; the second is not due again. One that was set ahead skips it.
    if (utc > afterMs && utc + zoneOffset(timeZone, utc) === local) return utc
    local += minuteMs
  }
  return undefined
}

/** How many minutes ahead the next moment is that could match; 0 if this one does. */
function minutesToSkip({ minutes, hours, days, months, weekdays, eitherDay }: CronSchedule, local: number): number {
  const date = Math.floor(local / dayMs)
  const ofDay = Math.floor((local % dayMs) / minuteMs)
  const { month, day } = dateOf(date)
  const weekday = weekdayOf(date)
  const isDay = eitherDay ? days.has(day) || weekdays.has(weekday) : days.has(day) && weekdays.has(weekday)
  if (!months.has(month) || !isDay) return 1440 - ofDay
  if (!hours.has(Math.floor(ofDay / 60))) return 60 - (ofDay % 60)
  return minutes.has(ofDay % 60) ? 0 : 1
}
