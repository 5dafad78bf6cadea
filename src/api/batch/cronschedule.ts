import { own } from '../../machinery/json-value.ts'

/**
 * Schedules of CronJobs: the standard parser of robfig/cron v3, which kube-controller-manager and the API server use, with
 * its words about what is wrong.
 */

/** Which minutes, hours, days, months and week days a schedule names; or a fixed distance (`@every 1h30m`). */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** Whether both kinds of days were restricted: then a day needs to match one of them only. */
  readonly eitherDay: boolean
  readonly everyMs?: number
}

export type ParsedSchedule =
  { readonly schedule: CronSchedule; readonly error?: undefined } | { readonly error: string }

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const fields: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: monthNames },
  { min: 0, max: 6, names: dayNames },
]

const descriptors: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

export function parseCron(text: string): ParsedSchedule {
  if (text === '') return { error: 'empty spec string' }
  if (text.startsWith('@every ')) return parseEvery(text.slice('@every '.length))
  if (text.startsWith('@') && !own(descriptors, text)) return { error: `unrecognized descriptor: ${text}` }
  const words = (own(descriptors, text) ?? text).split(/\s+/).filter(word => word !== '')
  if (words.length !== 5) {
    return { error: `expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]` }
  }
  const sets: Set<number>[] = []
  for (const [i, word] of words.entries()) {
    const bounds = fields[i]
    const set = bounds ? parseField(word, bounds) : 'no such field'
    if (typeof set === 'string') return { error: set }
    sets.push(set)
  }
  const [minutes = none, hours = none, days = none, months = none, weekdays = none] = sets
  const isRestricted = (word: string | undefined): boolean => !/^[*?](\/1)?$/.test(word ?? '')
  const eitherDay = isRestricted(words[2]) && isRestricted(words[4])
  return { schedule: { minutes, hours, days, months, weekdays, eitherDay } }
}

const none: ReadonlySet<number> = new Set()

const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

function parseEvery(text: string): ParsedSchedule {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) {
    return { error: `failed to parse duration @every ${text}: time: invalid duration "${text}"` }
  }
  const ms = parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (units[unit] ?? 0), 0)
  const everyMs = Math.max(1000, ms - (ms % 1000))
  const empty = { minutes: none, hours: none, days: none, months: none, weekdays: none }
  return { schedule: { ...empty, eitherDay: false, everyMs } }
}

function parseField(text: string, bounds: Bounds): Set<number> | string {
  const set = new Set<number>()
  for (const part of text.split(',').filter(word => word !== '')) {
    const error = addRange(set, part, bounds)
    if (error !== undefined) return error
  }
  return set
}

/** Adds `*`, `5`, `1-5`, `10-30/5` or `mon-fri`. */
function addRange(set: Set<number>, text: string, { min, max, names }: Bounds): string | undefined {
  const [range = '', stepText, ...moreSteps] = text.split('/')
  const [low = '', high, ...moreHighs] = range.split('-')
  const isStar = low === '*' || low === '?'
  const start = isStar ? min : parseNumber(low, names)
  if (typeof start === 'string') return start
  if (!isStar && moreHighs.length > 0) return `too many hyphens: ${text}`
  let end = isStar ? max : high === undefined ? start : parseNumber(high, names)
  if (typeof end === 'string') return end
  if (moreSteps.length > 0) return `too many slashes: ${text}`
  const step = stepText === undefined ? 1 : parseNumber(stepText)
  if (typeof step === 'string') return step
  if (stepText !== undefined && high === undefined) end = max

  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${text}`
  if (end > max) return `end of range (${end}) above maximum (${max}): ${text}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`
  if (step === 0) return `step of range should be a positive number: ${text}`
  for (let value = start; value <= end; value += step) set.add(value)
  return undefined
}

function parseNumber(text: string, names?: readonly string[]): number | string {
  const position = names?.indexOf(text.toLowerCase()) ?? -1
  if (position >= 0) return names === monthNames ? position + 1 : position
  if (!/^[-+]?[0-9]+$/.test(text)) {
    return `failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`
  }
  const value = Number(text)
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value
}
