import { define, fail, type FunctionDeclaration, global, member, runtimeType } from './functions.ts'
import { formatRfc3339, formatSeconds, parseGoDuration, parseRfc3339 } from './go-duration.ts'
import { duration, int, intOfDouble, time, uint, uintOfDouble } from './numbers.ts'
import { traversalCost } from './costs.ts'
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  paramA,
  paramB,
  stringType,
  timestampType,
  typeOfType,
  uintType,
} from './cel-type.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'
import {
  type CelList,
  type CelMap,
  type CelValue,
  type Duration,
  type Failure,
  type Result,
  type Timestamp,
  TypeValue,
  type Uint,
} from './values.ts'

/** A double as Go's `%g` with the shortest precision prints it. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 21) return fixed(mantissa, power)
  const size = String(Math.abs(power)).padStart(2, '0')
  return `${mantissa}e${power < 0 ? '-' : '+'}${size}`
}

function fixed(mantissa: string, power: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`
  if (digits.length <= power + 1) return sign + digits.padEnd(power + 1, '0')
  return `${sign}${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`
}

function notConvertible(from: CelType, to: string): Failure {
  return fail(`type conversion error from '${from.name}' to '${to}'`)
}

function identity(type: CelType): ReturnType<typeof global> {
  return global([type], type, (value: CelValue) => value)
}

function fromText(type: CelType, parse: (text: string) => Result | undefined): ReturnType<typeof global> {
  return global([stringType], type, (text: string) => parse(text) ?? notConvertible(stringType, type.name))
}

const truths: Readonly<Record<string, boolean>> = {
  ...{ '1': true, t: true, T: true, true: true, TRUE: true, True: true },
  ...{ '0': false, f: false, F: false, false: false, FALSE: false, False: false },
}

function whole(text: string, convert: (value: bigint) => Result): Result | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = convert(BigInt(text.replace(/^\+/, '')))
  return typeof value === 'object' && value !== null && 'message' in value ? undefined : value
}

const numberText = /^[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)$/

function double(text: string): Result | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^nan$/i.test(text)) return NaN
  const value = Number(text)
  return numberText.test(text) && Number.isFinite(value) ? value : undefined
}

function decode(bytes: Uint8Array): Result {
  return decodeUtf8(bytes) ?? fail('invalid UTF-8 in bytes, cannot convert to string')
}

const count = ({ size }: CelList | CelMap): Result => BigInt(size)
const sizes: readonly (readonly [CelType, (this: void, ...args: never[]) => Result])[] = [
  [bytesType, (bytes: Uint8Array) => BigInt(bytes.length)],
  [listOf(paramA), count],
  [mapOf(paramA, paramB), count],
  [stringType, (text: string) => BigInt([...text].length)],
]

/** cel-go/common/stdlib/standard.go: conversions and sizes. */
export const conversions: readonly FunctionDeclaration[] = [
  define(
    'dyn',
    global([paramA], dynType, (value: CelValue) => value),
  ),
  define(
    'type',
    global([paramA], typeOfType(paramA), (value: CelValue) => new TypeValue(runtimeType(value))),
  ),
  define(
    'bool',
    identity(boolType),
    fromText(boolType, text => truths[text]),
  ),
  define('bytes', identity(bytesType), global([stringType], bytesType, encodeUtf8, traversalCost)),
  define(
    'double',
    identity(doubleType),
    global([intType], doubleType, (value: bigint) => Number(value)),
    fromText(doubleType, double),
    global([uintType], doubleType, (value: Uint) => Number(value.value)),
  ),
  define(
    'duration',
    identity(durationType),
    global([intType], durationType, (value: bigint) => duration(value)),
    fromText(durationType, text => {
      const ns = parseGoDuration(text)
      return ns === undefined ? undefined : duration(ns)
    }),
  ),
  define(
    'int',
    identity(intType),
    global([doubleType], intType, intOfDouble),
    global([durationType], intType, (value: Duration) => value.ns),
    fromText(intType, text => whole(text, int)),
    global([timestampType], intType, (value: Timestamp) => value.ns / 1_000_000_000n),
    global([uintType], intType, (value: Uint) => int(value.value)),
  ),
  define(
    'string',
    identity(stringType),
    global([boolType], stringType, (value: boolean) => String(value)),
    global([bytesType], stringType, decode, traversalCost),
    global([doubleType], stringType, formatDouble),
    global([durationType], stringType, (value: Duration) => formatSeconds(value.ns)),
    global([intType], stringType, (value: bigint) => String(value)),
    global([timestampType], stringType, (value: Timestamp) => formatRfc3339(value.ns)),
    global([uintType], stringType, (value: Uint) => String(value.value)),
  ),
  define(
    'timestamp',
    identity(timestampType),
    global([intType], timestampType, (value: bigint) => time(value * 1_000_000_000n)),
    fromText(timestampType, text => {
      const ns = parseRfc3339(text)
      return ns === undefined ? undefined : time(ns)
    }),
  ),
  define(
    'uint',
    identity(uintType),
    global([doubleType], uintType, uintOfDouble),
    global([intType], uintType, (value: bigint) => uint(value)),
    fromText(uintType, text => whole(text, uint)),
  ),
  define(
    'size',
    ...sizes.map(([type, call]) => global([type], intType, call)),
    ...sizes.map(([type, call]) => member([type], intType, call)),
  ),
]
