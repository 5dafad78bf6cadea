/** Durations and times as Go's package time writes and reads them, exact to the ns. */

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/gy

/** time.ParseDuration: ns, or undefined. */
export function parseGoDuration(text: string): bigint | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text)
  const rest = match?.[2] ?? ''
  if (rest === '0') return 0n
  let total = 0n
  let end = 0
  for (const [whole, digits = '', fraction = '', unit = ''] of rest.matchAll(part)) {
    if (digits === '' && fraction === '') return undefined
    const size = units[unit] ?? 0n
    total += BigInt(digits || '0') * size
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
    end += whole.length
  }
  if (end === 0 || end !== rest.length || total >= 2n ** 63n) return undefined
  return match?.[1] === '-' ? -total : total
}

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** A time in RFC 3339: ns since 1970, or undefined. */
export function parseRfc3339(text: string): bigint | undefined {
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match.map(Number)
  const [, , , , , , , fraction = '', sign, zoneHours, zoneMinutes] = match
  const days = daysFromCivil(year ?? 0, month ?? 0, day ?? 0)
  if (days === undefined || (hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined
  const zone = sign === undefined ? 0 : (sign === '-' ? -60 : 60) * (Number(zoneHours) * 60 + Number(zoneMinutes))
  const seconds = days * 86_400 + (hour ?? 0) * 3_600 + (minute ?? 0) * 60 + (second ?? 0) - zone
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}

/** A day in the calendar. */
export interface Civil {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** 0 is January 1st. */
  readonly yearDay: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
  readonly milliseconds: number
}

/** What clock and calendar show at a time, in a zone so many minutes ahead of UTC. */
export function civilOf(ns: bigint, zoneMinutes = 0): Civil {
  const total = floorDivide(ns, 1_000_000n) + BigInt(zoneMinutes) * 60_000n
  const ms = Number(total)
  const days = Math.floor(ms / 86_400_000)
  const rest = ms - days * 86_400_000
  const { year, month, day } = civilFromDays(days)
  return {
    ...{ year, month, day, weekday: (((days + 4) % 7) + 7) % 7 },
    yearDay: days - (daysFromCivil(year, 1, 1) ?? 0),
    hours: Math.floor(rest / 3_600_000),
    minutes: Math.floor(rest / 60_000) % 60,
    seconds: Math.floor(rest / 1_000) % 60,
    milliseconds: rest % 1_000,
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  return a >= 0n || a % b === 0n ? a / b : a / b - 1n
}

/** time.RFC3339Nano in UTC. */
export function formatRfc3339(ns: bigint): string {
  const { year, month, day, hours, minutes, seconds } = civilOf(ns)
  const two = (value: number): string => String(value).padStart(2, '0')
  const fraction = ns - floorDivide(ns, 1_000_000_000n) * 1_000_000_000n
  const shown = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  return `${date}T${two(hours)}:${two(minutes)}:${two(seconds)}${shown}Z`
}

/** `3.5s`: how CEL writes a duration. */
export function formatSeconds(ns: bigint): string {
  const size = ns < 0n ? -ns : ns
  const fraction = size % 1_000_000_000n
  const shown = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`
  return `${ns < 0n ? '-' : ''}${size / 1_000_000_000n}${shown}s`
}

/** Days since 1970 of a date, if there is such a date: Howard Hinnant's days_from_civil. */
export function daysFromCivil(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const part = Math.floor((5 * dayOfYear + 2) / 153)
  const month = part < 10 ? part + 3 : part - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * part + 2) / 5) + 1,
  }
}
