import { assert } from './assert.ts'

/**
 * Amounts of CPU, memory and whatever else is counted: resource.Quantity of apimachinery/pkg/api/resource. Exact: plain
 * numbers while they are safe integers, bigint beyond.
 */

/** How a quantity is written: `1500m`, `1536Mi` or `15e2`. */
export type Format = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/** `digits` × 10^`scale`. */
export interface Quantity {
  readonly digits: number | bigint
  readonly scale: number
  readonly format: Format
  /** The canonical text, which for some spellings is the one that was parsed (`+1`, `1.500`): upstream keeps it, too. */
  readonly text: string
  /**
   * How upstream holds it in memory, on which hashes of Pod templates depend: an int64 with the text it was parsed from, an
   * int64 alone, or a big decimal.
   */
  readonly form: 'kept' | 'int64' | 'big'
}

/** What functions take: a quantity or what an object's field holds. */
export type QuantityLike = Quantity | string | number

const formatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const numericError = 'unable to parse numeric part of quantity'
const suffixError = "unable to parse quantity's suffix"

// Not the regular expression of the message: upstream's parser also takes a sign or a suffix without a number for 0.
const shape = /^([+-]?)(0*)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*(?:[-+]?[0-9]*))$/

interface Suffix {
  readonly base: 2 | 10
  readonly exponent: number
  readonly format: Format
}

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

const suffixes = new Map<string, Suffix>([
  ...decimalSuffixes.map((text, i): [string, Suffix] => [text, { base: 10, exponent: 3 * i - 9, format: 'DecimalSI' }]),
  ...binarySuffixes
    .slice(1)
    .map((text, i): [string, Suffix] => [text, { base: 2, exponent: 10 * (i + 1), format: 'BinarySI' }]),
])

const maxInt64 = 2n ** 63n - 1n
const nano = -9

// Objects repeat few spellings many times over; a cache that outgrows this holds a load test and starts again.
const cacheLimit = 20_000
const parsed = new Map<string, Quantity | string>()

/** Why a text is no quantity, in the API server's words; undefined if it is one. Spaces around it are allowed. */
export function quantityError(text: string): string | undefined {
  const result = lookUp(text)
  return typeof result === 'string' ? result : undefined
}

/** The quantity that a text says. It must be one: objects of the API were checked with `quantityError`. */
export function parseQuantity(text: string): Quantity {
  const result = lookUp(text)
  assert(typeof result !== 'string', `'${text}' is a quantity`)
  return result
}

/** A quantity of a field, a number or a quantity. */
export function asQuantity(value: QuantityLike): Quantity {
  if (typeof value === 'object') return value
  return parseQuantity(typeof value === 'string' ? value : String(value))
}

/** `digits` × 10^`scale`, in a format: quantityOf(1500, 'DecimalSI', -3) is `1500m`. */
export function quantityOf(digits: number | bigint, format: Format = 'DecimalSI', scale = 0): Quantity {
  const amount = shrink(digits)
  return { digits: amount, scale, format, text: canonicalText(amount, scale, format), form: 'int64' }
}

export const zero: Quantity = { digits: 0, scale: 0, format: 'DecimalSI', text: '0', form: 'kept' }

function lookUp(text: string): Quantity | string {
  let result = parsed.get(text)
  if (result === undefined) {
    if (parsed.size >= cacheLimit) parsed.clear()
    result = parse(text.trim())
    parsed.set(text, result)
  }
  return result
}

function parse(text: string): Quantity | string {
  if (text === '0') return zero
  const match = text === '' ? null : shape.exec(text)
  if (!match) return formatError
  const [, sign = '', zeros = '', digits = '', point, fraction = '', ending = ''] = match
  const suffix = interpretSuffix(ending)
  if (!suffix) return suffixError

  const whole = digits === '' ? '0' : digits
  const amount = BigInt(sign === '-' ? `-${whole}${fraction}` : whole + fraction)
  if (isFast(whole, fraction, suffix)) return parseFast(text, whole + fraction, amount, fraction.length, suffix)
  if (zeros === '' && digits === '' && fraction === '') return numericError
  assert(point !== undefined || fraction === '', 'a fraction follows a point')
  return parseExact(amount, fraction.length, suffix)
}

function interpretSuffix(text: string): Suffix | undefined {
  const known = suffixes.get(text)
  if (known) return known
  if (!/^[eE][-+]?[0-9]+$/.test(text)) return undefined
  const exponent = Number(text.slice(1))
  return Math.abs(exponent) < 2 ** 31 ? { base: 10, exponent, format: 'DecimalExponent' } : undefined
}

/** Whether upstream takes its path of int64 arithmetic. It shows: only that path keeps the text it was given. */
function isFast(whole: string, fraction: string, { base, exponent }: Suffix): boolean {
  if (base === 10) return 18 - whole.length - fraction.length >= 0 && exponent - fraction.length >= nano
  return fraction === '' && 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1 >= 0
}

function parseFast(text: string, shifted: string, amount: bigint, decimals: number, suffix: Suffix): Quantity {
  const { base, exponent, format } = suffix
  const quantity =
    base === 2 ? quantityOf(amount << BigInt(exponent), format) : quantityOf(amount, format, exponent - decimals)
  const isCanonical =
    base === 2 ? (amount & 7n) !== 0n : quantity.scale % 3 === 0 && !shifted.endsWith('000') && shifted[0] !== '0'
  return isCanonical ? { ...quantity, text, form: 'kept' } : quantity
}

/** Upstream's path of big decimals: rounds up to what a nano unit can hold, and caps binary quantities at 2^63-1. */
function parseExact(amount: bigint, decimals: number, { base, exponent, format }: Suffix): Quantity {
  const isNegative = amount < 0n
  let digits = isNegative ? -amount : amount
  let scale = -decimals
  if (base === 10) scale += exponent
  else digits <<= BigInt(exponent)
  if (digits !== 0n && scale < nano) {
    digits = scaleDown(digits, nano - scale)
    scale = nano
  }
  let written = format
  if (format === 'BinarySI') {
    const unit = 10n ** BigInt(-scale)
    if (digits > maxInt64 * unit) {
      digits = maxInt64
      scale = 0
    } else if (digits < unit && digits > 0n) written = 'DecimalSI'
  }
  return { ...quantityOf(isNegative ? -digits : digits, written, digits === 0n ? 0 : scale), form: 'big' }
}

function canonicalText(digits: number | bigint, scale: number, format: Format): string {
  if (digits == 0) return '0'
  if (format === 'BinarySI' && isWholeAndLarge(digits, scale)) return binaryText(digits, scale)
  return decimalText(digits, scale, format === 'DecimalExponent' ? format : 'DecimalSI')
}

/** Binary suffixes are used from 1024 on, and only where nothing would be rounded. */
function isWholeAndLarge(digits: number | bigint, scale: number): boolean {
  const amount = typeof digits === 'bigint' ? digits : BigInt(digits)
  const size = amount < 0n ? -amount : amount
  if (scale >= 0) return size * 10n ** BigInt(scale) >= 1024n
  const unit = 10n ** BigInt(-scale)
  return size >= 1024n * unit && size % unit === 0n
}

function binaryText(digits: number | bigint, scale: number): string {
  let amount = scale >= 0 ? BigInt(digits) * 10n ** BigInt(scale) : BigInt(digits) / 10n ** BigInt(-scale)
  let times = 0
  while (amount % 1024n === 0n) {
    amount /= 1024n
    times++
  }
  return `${amount}${binarySuffixes[times] ?? ''}`
}

function decimalText(digits: number | bigint, scale: number, format: Format): string {
  let text = String(digits)
  const zeros = text.length - text.replace(/0+$/, '').length
  let exponent = scale + zeros
  const padding = ((exponent % 3) + 3) % 3
  text = text.slice(0, text.length - zeros) + '0'.repeat(padding)
  exponent -= padding
  if (format === 'DecimalExponent') return exponent === 0 ? text : `${text}e${exponent}`
  // Beyond E upstream's table has no suffix, and it writes none.
  return text + (decimalSuffixes[exponent / 3 + 3] ?? '')
}

/** Divides by 10^places and rounds away from zero. */
function scaleDown(digits: bigint, places: number): bigint {
  const size = digits < 0n ? -digits : digits
  const divided =
    size === 0n
      ? 0n
      : places > size.toString().length
        ? 1n
        : (size + 10n ** BigInt(places) - 1n) / 10n ** BigInt(places)
  return digits < 0n ? -divided : divided
}

function shrink(digits: number | bigint): number | bigint {
  if (typeof digits === 'number') return digits
  return digits >= BigInt(Number.MIN_SAFE_INTEGER) && digits <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(digits)
    : digits
}

/**
 * The amount in units of 10^`scale`, rounded up (away from zero), as Quantity.ScaledValue: exact below 2^53, and 0 where
 * upstream's int64 overflows.
 */
export function scaledValue(value: QuantityLike, scale: number): number {
  const { digits, scale: own } = asQuantity(value)
  const shift = own - scale
  if (shift === 0) return Number(digits)
  if (shift > 0) {
    const scaled = Number(digits) * 10 ** shift
    return Math.abs(scaled) < 2 ** 63 ? scaled : 0
  }
  if (typeof digits === 'bigint') return Number(scaleDown(digits, -shift))
  const divided = Math.abs(digits) / 10 ** -shift
  return digits < 0 ? -Math.ceil(divided) : Math.ceil(divided)
}

/** Whole units: bytes, Pods, cores rounded up. */
export function value(quantity: QuantityLike): number {
  return scaledValue(quantity, 0)
}

/** Thousandths: CPU as the scheduler counts it. */
export function milliValue(quantity: QuantityLike): number {
  return scaledValue(quantity, -3)
}

/** The amount as a floating point number, for ratios. */
export function toNumber(quantity: QuantityLike): number {
  const { digits, scale } = asQuantity(quantity)
  return scale < 0 ? Number(digits) / 10 ** -scale : Number(digits) * 10 ** scale
}

/** The canonical text: what the API server stores. */
export function formatQuantity(quantity: QuantityLike): string {
  return asQuantity(quantity).text
}

export function isZero(quantity: QuantityLike): boolean {
  return asQuantity(quantity).digits == 0
}

/** -1, 0 or 1. */
export function sign(quantity: QuantityLike): number {
  const { digits } = asQuantity(quantity)
  return digits > 0 ? 1 : digits < 0 ? -1 : 0
}

/** Negative if `a` is less, 0 if they are equal amounts however written, positive if `a` is more. */
export function compareQuantities(a: QuantityLike, b: QuantityLike): number {
  const left = asQuantity(a)
  const right = asQuantity(b)
  if (left.scale === right.scale) return left.digits < right.digits ? -1 : left.digits > right.digits ? 1 : 0
  const bySign = sign(left) - sign(right)
  if (bySign !== 0 || left.digits == 0) return Math.sign(bySign)
  const [first, second] = aligned(left, right)
  return first < second ? -1 : first > second ? 1 : 0
}

/** Both amounts in units of the finer scale. */
function aligned(a: Quantity, b: Quantity): [number | bigint, number | bigint, number] {
  const scale = Math.min(a.scale, b.scale)
  return [rescale(a, scale), rescale(b, scale), scale]
}

function rescale({ digits, scale }: Quantity, to: number): number | bigint {
  if (scale === to) return digits
  if (typeof digits === 'number' && scale - to <= 15) {
    const scaled = digits * 10 ** (scale - to)
    if (Number.isSafeInteger(scaled)) return scaled
  }
  // Nobody can tell 10^400 from more; 1e999999999 would take the page down.
  return BigInt(digits) * 10n ** BigInt(Math.min(scale - to, 400))
}

/** The sum, in the format of `a` unless that is zero. */
export function add(a: QuantityLike, b: QuantityLike): Quantity {
  const left = asQuantity(a)
  const right = asQuantity(b)
  if (right.digits == 0 && left.digits != 0) return recanonical(left, left.format)
  if (left.digits == 0) return recanonical(right, right.format)
  const [first, second, scale] = aligned(left, right)
  return quantityOf(sum(first, second), left.format, scale)
}

/** The difference, in the format of `a` unless that is zero. */
export function subtract(a: QuantityLike, b: QuantityLike): Quantity {
  return add(asQuantity(a), negate(b))
}

export function negate(quantity: QuantityLike): Quantity {
  const { digits, scale, format } = asQuantity(quantity)
  return quantityOf(digits == 0 ? 0 : -digits, format, scale)
}

/** The product with a whole number. */
export function multiply(quantity: QuantityLike, factor: number): Quantity {
  const { digits, scale, format } = asQuantity(quantity)
  return quantityOf(BigInt(digits) * BigInt(factor), format, scale)
}

/** Rounded up to 10^`scale`: the API server's defaults round resources to thousandths (-3). */
export function roundUp(quantity: QuantityLike, scale: number): Quantity {
  const exact = asQuantity(quantity)
  if (exact.scale >= scale) return exact
  return quantityOf(scaleDown(BigInt(exact.digits), scale - exact.scale), exact.format, scale)
}

function recanonical(quantity: Quantity, format: Format): Quantity {
  return quantityOf(quantity.digits, format, quantity.scale)
}

function sum(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const result = a + b
    if (Number.isSafeInteger(result)) return result
  }
  return BigInt(a) + BigInt(b)
}
