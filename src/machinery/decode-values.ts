import { base64Error } from './base64.ts'
import { microTimeError, timeError, utcMicros, utcSeconds } from './go-time.ts'
import { parseQuantity, quantityError } from './quantity.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from './schema.ts'

/** Scalars for decode.ts: how Go stores each in its type, and what it says when it cannot. */

/**
 * Reports a mistake. With a Go type, `text` is only the word for the JSON value, and the message is completed with
 * where the decoder is.
 */
export type Complaint = (text: string, goType: string | undefined, isFatal: boolean) => void

/** UnmarshalTypeError of encoding/json. */
export function typeError(word: string, goType: string, struct: string, fields: readonly string[]): string {
  const where = fields.length > 0 ? `struct field ${struct}.${fields.join('.')}` : 'value'
  return `json: cannot unmarshal ${word} into Go ${where} of type ${goType}`
}

/** Go's word for a JSON value that does not fit. */
export function wordFor(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** A string, number, boolean or a value with a decoder of its own; undefined if it is wrong. */
export function scalar(
  schema: ValueSchema,
  source: unknown,
  spelling: string | undefined,
  complain: Complaint,
): unknown {
  switch (schema.type) {
    case 'string':
      return typeof source === 'string' ? source : complain(wordFor(source), schema.goType, false)
    case 'boolean':
      return typeof source === 'boolean' ? source : complain(wordFor(source), schema.goType, false)
    case 'integer':
      return integer(schema, source, spelling, complain, false)
    case 'number':
      return typeof source === 'number' ? source : complain(wordFor(source), schema.goType, false)
    case 'bytes':
      return bytes(schema, source, complain)
    case 'time':
      return time(source, timeError, utcSeconds, complain)
    case 'micro-time':
      return time(source, microTimeError, utcMicros, complain)
    case 'quantity':
      return quantity(source, spelling, complain)
    case 'int-or-string':
      return typeof source === 'string' ? source : integer(int32, source, spelling, complain, true)
    default:
      return source // raw: whatever it is
  }
}

const int32: ValueSchema = { type: 'integer', format: 'int32', goType: 'int32' }

/** Only digits make an integer for Go: 1.0 and 1e3 do not, and the message shows them as they were written. */
function integer(
  { format, goType }: ValueSchema,
  source: unknown,
  spelling: string | undefined,
  complain: Complaint,
  isFatal: boolean,
): unknown {
  if (typeof source !== 'number') return complain(wordFor(source), goType, isFatal)
  const literal = spelling ?? String(source)
  const fits = Number.isSafeInteger(source) && (format !== 'int32' || (source | 0) === source)
  const isInteger = spelling === undefined && fits ? true : isIntegerLiteral(literal, format === 'int32' ? 31n : 63n)
  return isInteger ? source : complain(`number ${literal}`, goType, isFatal)
}

/** Whether strconv.ParseInt takes it for a number of so many bits and a sign. What is stored is the nearest double. */
function isIntegerLiteral(literal: string, bits: bigint): boolean {
  if (!/^-?[0-9]+$/.test(literal)) return false
  const value = BigInt(literal)
  return value >= -(1n << bits) && value < 1n << bits
}

function bytes({ goType }: ValueSchema, source: unknown, complain: Complaint): unknown {
  if (typeof source !== 'string') return complain(wordFor(source), goType, false)
  const error = base64Error(source)
  if (error !== undefined) return complain(error, undefined, false)
  return /[\r\n]/.test(source) ? source.replace(/[\r\n]/g, '') : source
}

type TimeCheck = (text: string) => string | undefined

function time(source: unknown, errorOf: TimeCheck, toUtc: (text: string) => string, complain: Complaint): unknown {
  if (typeof source !== 'string') return complain(wordFor(source), 'string', true)
  const error = errorOf(source)
  return error === undefined ? toUtc(source) : complain(error, undefined, true)
}

/** Quantity.UnmarshalJSON takes the text of any JSON value, with the quotes of a string taken off. */
function quantity(source: unknown, spelling: string | undefined, complain: Complaint): unknown {
  const text = typeof source === 'string' ? source : (spelling ?? JSON.stringify(source))
  const trimmed = text.trim()
  const error = quantityError(trimmed)
  return error === undefined ? parseQuantity(trimmed).text : complain(error, undefined, true)
}

/** Whether Go writes null for a field that is unset. */
export function isWrittenNull(field: FieldSchema): boolean {
  return (field.presence === 'always' || field.presence === 'null') && unset(field) === null
}

/** Whether `omitempty` leaves a value out. */
export function isZero(value: unknown): boolean {
  if (value === undefined || value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'object' || value === null) return false
  for (const _ in value) return false
  return true
}

/**
 * What an unset field holds after decoding; undefined if it is left out. Where Go has null but the schema requires a
 * list, ours is empty, so that defaulting need not ask before it loops; validation refuses it anyway.
 */
export function unset(field: FieldSchema): unknown {
  if (field.default !== undefined) return field.default
  if (field.presence === 'always') return zeroOf(field.value)
  if (!field.required) return null
  if (field.value.type === 'array') return []
  return field.value.type === 'map' ? {} : undefined
}

/** The zero of a Go type, as it is written: what null becomes as an item of a list. */
export function zeroOf({ type, object }: ValueSchema): unknown {
  switch (type) {
    case 'string':
    case 'bytes':
      return ''
    case 'integer':
    case 'number':
    case 'int-or-string':
      return 0
    case 'boolean':
      return false
    case 'quantity':
      return '0'
    case 'object':
      return object ? zeroStruct(object) : {}
    default:
      return null
  }
}

function zeroStruct({ filled }: TypeSchema): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const field of filled) {
    const value = unset(field)
    if (value !== undefined) result[field.name] = value
  }
  return result
}
