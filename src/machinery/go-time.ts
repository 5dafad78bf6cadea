import { quote } from './go-text.ts'
import { parseTime, timestamp } from './time.ts'

/**
 * Times as metav1.Time and MicroTime read and write them: RFC 3339 in, UTC out, and the complaints of Go's time.Parse,
 * which name the first element of the layout that does not fit.
 */

const secondsLayout = '2006-01-02T15:04:05Z07:00'
const microsLayout = '2006-01-02T15:04:05.000000Z07:00'

/** Elements of the layout in order: their name in the layout, and what they match. */
const elements: readonly (readonly [string, RegExp])[] = [
  ['2006', /^[0-9]{4}/],
  ['-', /^-/],
  ['01', /^[0-9]{2}/],
  ['-', /^-/],
  ['02', /^[0-9]{2}/],
  ['T', /^T/],
  ['15', /^[0-9]{2}/],
  [':', /^:/],
  ['04', /^[0-9]{2}/],
  [':', /^:/],
  ['05', /^[0-9]{2}/],
]
const zone = /^(?:Z|[+-][0-9]{2}:[0-9]{2})/

/** Nearly all times: on days that every month has, in UTC. They need no look at each element. */
const plainTime = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z$/
const plainMicroTime =
  /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}\.[0-9]{6}Z$/

/** Why a text is no RFC 3339 time; undefined if it is one. Fractions of a second are allowed. */
export function timeError(text: string): string | undefined {
  if (plainTime.test(text)) return undefined
  return parseError(text, secondsLayout, /^(?:[.,][0-9]+)?/, '')
}

/** Why a text is no RFC 3339 time with microseconds. */
export function microTimeError(text: string): string | undefined {
  if (plainMicroTime.test(text)) return undefined
  return parseError(text, microsLayout, /^\.[0-9]{6}(?![0-9])/, '.000000')
}

/** A time that was checked, in UTC and whole seconds. */
export function utcSeconds(text: string): string {
  if (text.length === 20 && text.endsWith('Z')) return text
  return timestamp(parseTime(text.replace(',', '.')))
}

/** A time that was checked, in UTC and microseconds: the fraction is the same in every zone. */
export function utcMicros(text: string): string {
  if (text.endsWith('Z')) return text
  return `${timestamp(parseTime(text)).slice(0, 19)}${text.slice(19, 26)}Z`
}

function parseError(text: string, layout: string, fraction: RegExp, fractionName: string): string | undefined {
  const fail = (rest: string, element: string): string =>
    `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element)}`
  let rest = text
  const numbers: number[] = []
  for (const [element, shape] of elements) {
    const found = shape.exec(rest)?.[0]
    if (found === undefined) return fail(rest, element)
    if (found.length > 1) numbers.push(Number(found))
    rest = rest.slice(found.length)
    const out = outOfRange(numbers)
    if (out && found.length > 1) return `parsing time ${quote(text)}: ${out} out of range`
  }
  const fractionFound = fraction.exec(rest)?.[0]
  if (fractionFound === undefined) return fail(rest, fractionName)
  rest = rest.slice(fractionFound.length)
  const zoneFound = zone.exec(rest)?.[0]
  if (zoneFound === undefined) return fail(rest, 'Z07:00')
  rest = rest.slice(zoneFound.length)
  if (rest) return `parsing time ${quote(text)}: extra text: ${quote(rest)}`
  return isDay(numbers) ? undefined : `parsing time ${quote(text)}: day out of range`
}

/** Go looks at month, hour, minute and second as it meets them, at the day when it knows the month and year. */
function outOfRange(numbers: readonly number[]): string | undefined {
  const last = numbers.at(-1) ?? 0
  if (numbers.length === 2 && (last < 1 || last > 12)) return 'month'
  if (numbers.length === 4 && last > 23) return 'hour'
  if (numbers.length === 5 && last > 59) return 'minute'
  return numbers.length === 6 && last > 59 ? 'second' : undefined
}

function isDay([year = 0, month = 1, day = 1]: readonly number[]): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day >= 1 && day <= length
}
