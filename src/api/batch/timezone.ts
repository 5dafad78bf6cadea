import { changingZones, fixedZones } from './timezones.ts'

/** Wall clocks of time zones, by the rules that hold today. */

const minuteMs = 60_000
const dayMs = 86_400_000

/** A day such as the last Sunday of March, and the minute of it at which clocks change. */
interface Moment {
  readonly month: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** The first such day on or after this day of the month; 'last' is the last one of the month. */
  readonly from: number | 'last'
  readonly plusDays?: number
  /** Minutes after midnight, by the clock that is about to change or by UTC. */
  readonly minute: number
  readonly clock: 'wall' | 'utc'
}

interface Rule {
  readonly start: Moment
  readonly end: Moment
}

const sunday = 0
const wall = (month: number, from: number | 'last', hour: number): Moment => ({
  month,
  from,
  weekday: sunday,
  minute: hour * 60,
  clock: 'wall',
})
const inUtc = (month: number, from: number | 'last', hour: number): Moment => ({
  ...wall(month, from, hour),
  clock: 'utc',
})

const rules: Readonly<Record<string, Rule>> = {
  europe: { start: inUtc(3, 'last', 1), end: inUtc(10, 'last', 1) },
  america: { start: wall(3, 8, 2), end: wall(11, 1, 2) },
  cuba: { start: wall(3, 8, 0), end: wall(11, 1, 1) },
  chile: { start: wall(9, 2, 0), end: wall(4, 2, 0) },
  // Chatham's clocks change in the same instant as Auckland's: 02:00 there, on Saturday by UTC.
  newZealand: { start: { ...inUtc(9, 'last', 14), plusDays: -1 }, end: { ...inUtc(4, 1, 14), plusDays: -1 } },
  australia: { start: wall(10, 1, 2), end: wall(4, 1, 3) },
  egypt: { start: { ...wall(4, 'last', 0), weekday: 5 }, end: { ...wall(10, 'last', 24), weekday: 4 } },
  lebanon: { start: wall(3, 'last', 0), end: wall(10, 'last', 0) },
  palestine: { start: { ...wall(3, 'last', 2), plusDays: -1 }, end: { ...wall(10, 'last', 2), plusDays: -1 } },
  israel: { start: { ...wall(3, 'last', 2), plusDays: -2 }, end: wall(10, 'last', 2) },
  moldova: { start: wall(3, 'last', 2), end: wall(10, 'last', 3) },
}

interface Zone {
  readonly winter: number
  readonly summer: number
  readonly rule?: Rule
}

/** Lines of a table as words; a line that is set in continues the one above. */
function rowsOf(table: string): string[][] {
  const lines = table.replace(/\n +/g, ' ').split('\n')
  return lines.filter(line => line !== '').map(line => line.split(' '))
}

let zones: ReadonlyMap<string, Zone> | undefined

function zoneNamed(name: string): Zone | undefined {
  return (zones ??= readZones()).get(name)
}

function readZones(): ReadonlyMap<string, Zone> {
  const found = new Map<string, Zone>()
  for (const [minutes, ...names] of rowsOf(fixedZones)) {
    const zone: Zone = { winter: Number(minutes), summer: Number(minutes) }
    for (const name of names) found.set(name, zone)
  }
  for (const [rule = '', winter, summer, ...names] of rowsOf(changingZones)) {
    const zone: Zone = { winter: Number(winter), summer: Number(summer), rule: rules[rule] }
    for (const name of names) found.set(name, zone)
  }
  return found
}

/** Whether Go's time.LoadLocation knows the name. */
export function isTimeZone(name: string): boolean {
  return zoneNamed(name) !== undefined
}

/** How far a zone's clocks are ahead of UTC at an instant, in ms. What is no zone counts as UTC. */
export function zoneOffset(name: string, ms: number): number {
  const zone = zoneNamed(name)
  if (!zone) return 0
  return (isSummer(zone, ms) ? zone.summer : zone.winter) * minuteMs
}

function isSummer(zone: Zone, ms: number): boolean {
  if (!zone.rule) return false
  const { year } = dateOf(Math.floor((ms + zone.winter * minuteMs) / dayMs))
  const start = instantOf(zone.rule.start, year, zone.winter)
  const end = instantOf(zone.rule.end, year, zone.summer)
  return start < end ? ms >= start && ms < end : ms >= start || ms < end
}

function instantOf({ month, weekday, from, plusDays = 0, minute, clock }: Moment, year: number, ahead: number): number {
  const first = from === 'last' ? dayNumber(year, month + 1, 1) - 7 : dayNumber(year, month, from)
  const day = first + ((weekday - weekdayOf(first) + 7) % 7) + plusDays
  return day * dayMs + (minute - (clock === 'wall' ? ahead : 0)) * minuteMs
}

/** 0 is Sunday: 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** Days since 1970-01-01 of a date; arithmetic on years that begin in March, with leap days at their end. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

export function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const years = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  return { year: years + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
