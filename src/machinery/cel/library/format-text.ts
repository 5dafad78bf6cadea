import { quote } from '../../go-text.ts'
import { formatDouble } from '../conversions.ts'
import { fail, runtimeType } from '../functions.ts'
import { formatRfc3339, formatSeconds } from '../go-duration.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import {
  CelList,
  CelMap,
  type CelValue,
  Duration,
  type Failure,
  isFailure,
  type Result,
  Timestamp,
  TypeValue,
  Uint,
} from '../values.ts'

const clause = /%(?:%|(?:\.(\d+))?([sdfebxXo])|(.?))/gsu

/** `"%s is %d".format([a, b])`: ext/formatting.go. */
export function formatText(pattern: string, args: CelList): Result {
  let next = 0
  let failure: Failure | undefined
  const text = pattern.replace(clause, (whole, precision?: string, verb?: string, unknown?: string) => {
    if (whole === '%%') return '%'
    const shown = verb === undefined ? unclear(unknown ?? '') : argument(args, next++, verb, precision)
    if (!isFailure(shown)) return shown
    failure ??= shown
    return ''
  })
  return failure ?? text
}

function unclear(letter: string): Failure {
  const why = letter === '' ? 'unexpected end of string' : `unrecognized formatting clause "${letter}"`
  return fail(letter === '' ? why : `could not parse formatting clause: ${why}`)
}

function argument(args: CelList, index: number, verb: string, precision: string | undefined): string | Failure {
  if (index >= args.size) return fail(`index ${index} out of range`)
  const value = args.at(index)
  const shown = clauses[verb]?.(value, precision === undefined ? 6 : Number(precision))
  if (shown !== undefined && !isFailure(shown)) return shown
  return shown ?? fail(`error during formatting: ${wrongType(verb, value)}`)
}

const needs: Readonly<Record<string, string>> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
}

function wrongType(verb: string, value: CelValue): string {
  return `${needs[verb]}, was given ${runtimeType(value).name}`
}

type Clause = (value: CelValue, precision: number) => string | Failure | undefined

const clauses: Readonly<Record<string, Clause>> = {
  s: value => shown(value),
  d: value => wholeNumber(value)?.toString(),
  f: (value, precision) => (isDouble(value) ? real(value, number => fixedPoint(number, precision)) : undefined),
  e: (value, precision) => (isDouble(value) ? real(value, number => scientific(number, precision)) : undefined),
  b: value => (typeof value === 'boolean' ? String(Number(value)) : wholeNumber(value)?.toString(2)),
  o: value => wholeNumber(value)?.toString(8),
  x: value => hex(value),
  X: value => hex(value)?.toUpperCase(),
}

function isDouble(value: CelValue): value is number | 'NaN' | 'Infinity' | '-Infinity' {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity'
}

function real(value: number | string, format: (value: number) => string): string {
  const number = Number(value)
  if (Number.isNaN(number)) return 'NaN'
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '-∞'
  return format(number)
}

/** As x/text prints it in American English: `1,234.500000`. */
function fixedPoint(value: number, precision: number): string {
  const [whole = '', fraction] = value.toFixed(Math.min(precision, 100)).split('.')
  const grouped = whole.replace(/\d(?=(\d{3})+$)/g, '$&,')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

const raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']

/** `3.140000×10⁰⁰` */
function scientific(value: number, precision: number): string {
  const [mantissa = '', exponent = '+0'] = value.toExponential(Math.min(precision, 100)).split('e')
  const digits = exponent.slice(1).padStart(2, '0')
  return `${mantissa}×10${exponent.startsWith('-') ? '⁻' : ''}${[...digits].map(digit => raised[Number(digit)]).join('')}`
}

function wholeNumber(value: CelValue): bigint | undefined {
  if (typeof value === 'bigint') return value
  return value instanceof Uint ? value.value : undefined
}

function hex(value: CelValue): string | undefined {
  const bytes = typeof value === 'string' ? encodeUtf8(value) : value
  if (bytes instanceof Uint8Array) return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return wholeNumber(value)?.toString(16)
}

/** What `%s` prints, at the top. */
function shown(value: CelValue): string | Failure | undefined {
  if (value === null) return 'null'
  if (typeof value === 'number') return formatDouble(value)
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return decodeUtf8(value) ?? ''
  if (value instanceof Timestamp) return formatRfc3339(value.ns)
  if (value instanceof Duration) return formatSeconds(value.ns)
  if (value instanceof TypeValue) return value.type.name
  if (value instanceof CelList) return `[${[...value].map(inner).join(', ')}]`
  if (value instanceof CelMap) return mapText(value)
  return undefined
}

/** What stands inside of lists and maps is written as in an expression. */
function inner(value: CelValue): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value.toFixed(6) : quote(formatDouble(value))
  if (value instanceof Uint8Array) return `b${quote(decodeUtf8(value) ?? '')}`
  if (value instanceof Timestamp) return `timestamp(${quote(formatRfc3339(value.ns))})`
  if (value instanceof Duration) return `duration(${quote(formatSeconds(value.ns))})`
  const text = shown(value)
  return text === undefined || isFailure(text) ? '' : text
}

function mapText(map: CelMap): string {
  const entries = map.keys().map(key => {
    const value = map.get(key)
    return `${inner(key)}:${value === undefined || isFailure(value) ? '' : inner(value)}`
  })
  return `{${entries.sort().join(', ')}}`
}
