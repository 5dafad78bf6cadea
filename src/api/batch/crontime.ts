import type { CronSchedule } from './cronschedule.ts'

/** When a schedule is due, by the wall clock of a time zone. */

const minuteMs = 60_000
const dayMs = 86_400_000
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Names that Intl takes and does not list: it lists one name for each zone only. */
const alwaysKnown = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Local'])
let listed: ReadonlySet<string> | undefined

export function isTimeZone(name: string): boolean {
  listed ??= new Set(Intl.supportedValuesOf('timeZone'))
  return listed.has(name) || alwaysKnown.has(name)
}

/** How far a zone's clock is ahead of UTC at an instant. */
function offsetOf(timeZone: string, ms: number): number {
  if (alwaysKnown.has(timeZone)) return 0
  let formatter = formatters.get(timeZone)
  if (!formatter) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts })
    formatters.set(timeZone, formatter)
  }
  const fields = new Map(formatter.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const of = (type: Intl.DateTimeFormatPartTypes): number => fields.get(type) ?? 0
  const local = dayNumber(of('year'), of('month'), of('day')) * dayMs + (of('hour') * 60 + of('minute')) * minuteMs
  return local - (ms - (((ms % minuteMs) + minuteMs) % minuteMs))
}

/** The first instant after `afterMs` at which the schedule is due; undefined if there is none within five years. */
export function nextCronTime(schedule: CronSchedule, afterMs: number, timeZone = 'UTC'): number | undefined {
  if (schedule.everyMs !== undefined) return afterMs - (afterMs % 1000) + schedule.everyMs
  const start = afterMs + offsetOf(timeZone, afterMs)
  let local = start - (start % minuteMs) + minuteMs
  const end = local + 5 * 366 * dayMs
  while (local < end) {
    const skip = minutesToSkip(schedule, local)
    if (skip > 0) {
      local += skip * minuteMs
      continue
    }
    const utc = local - offsetOf(timeZone, local - offsetOf(timeZone, local))
    // A wall clock that was set back shows this time twice; the second is not due again.
    if (utc > afterMs) return utc
    local += minuteMs
  }
  return undefined
}

/** How many minutes ahead the next moment is that could match; 0 if this one does. */
function minutesToSkip({ minutes, hours, days, months, weekdays, eitherDay }: CronSchedule, local: number): number {
  const ofDay = Math.floor((local % dayMs) / minuteMs)
  const { month, day } = dateOf(Math.floor(local / dayMs))
  const weekday = (Math.floor(local / dayMs) + 4) % 7
  const isDay = eitherDay ? days.has(day) || weekdays.has(weekday) : days.has(day) && weekdays.has(weekday)
  if (!months.has(month) || !isDay) return 1440 - ofDay
  if (!hours.has(Math.floor(ofDay / 60))) return 60 - (ofDay % 60)
  return minutes.has(ofDay % 60) ? 0 : 1
}

/** Days since 1970-01-01 of a date (the usual arithmetic on years that begin in March). */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

function dateOf(dayNumber: number): { month: number; day: number } {
  const shifted = dayNumber + 719_468
  const ofEra = shifted - Math.floor(shifted / 146_097) * 146_097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const month = Math.floor((5 * ofYear + 2) / 153)
  return { month: month < 10 ? month + 3 : month - 9, day: ofYear - Math.floor((153 * month + 2) / 5) + 1 }
}
