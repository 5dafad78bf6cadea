import { goJson, Printed, quote } from './go-text.ts'

/**
 * Paths of fields and the errors about them, in the words of apimachinery/pkg/util/validation/field (path.go, errors.go).
 * A path is a string: template literals build most of them, these functions the rest.
 */

/** `spec` and `replicas` → `spec.replicas`; the root is ''. */
export function child(path: string, ...names: string[]): string {
  const tail = names.join('.')
  return path === '' ? tail : `${path}.${tail}`
}

/** `containers` and 0 → `containers[0]`. */
export function index(path: string, position: number): string {
  return `${path}[${position}]`
}

/** `metadata.labels` and `app` → `metadata.labels[app]`. */
export function key(path: string, name: string): string {
  return `${path}[${name}]`
}

/** What upstream prints where an error belongs to no field at all. */
export const noField = '<nil>'

/** Kind of mistake, as it is sent in `details.causes[].reason`, and how it begins in words. */
const words = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTooFew: 'Too few',
  FieldValueTooShort: 'Too short',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
} as const

export type FieldErrorType = keyof typeof words

/** One finding of validation. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly field: string
  readonly detail: string
  /** Left out for types that do not show the value. */
  readonly badValue?: unknown
}

export function notFoundValue(field: string, badValue: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, badValue, detail: '' }
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, detail }
}

export function duplicate(field: string, badValue: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, badValue, detail: '' }
}

export function invalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, badValue, detail }
}

export function typeInvalid(field: string, badValue: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field, badValue, detail }
}

/** Callers give the supported values in upstream's order, which is sorted unless an API says otherwise. */
export function notSupported(field: string, badValue: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(quote).join(', ')}` : ''
  return { type: 'FieldValueNotSupported', field, badValue, detail }
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, detail }
}

export function tooLong(field: string, maxBytes: number): FieldError {
  const detail = maxBytes < 0 ? 'value is too long' : `may not be more than ${maxBytes} ${plural('byte', maxBytes)}`
  return { type: 'FieldValueTooLong', field, detail }
}

export function tooLongCharacters(field: string, max: number): FieldError {
  const detail = max < 0 ? 'value is too long' : `may not be more than ${max} ${plural('character', max)}`
  return { type: 'FieldValueTooLong', field, detail }
}

export function tooShort(field: string, min: number): FieldError {
  const detail = min < 0 ? 'value is too short' : `must be at least ${min} ${plural('character', min)}`
  return { type: 'FieldValueTooShort', field, detail }
}

/** With an actual number below zero the number is not told. */
export function tooMany(field: string, actual: number, max: number): FieldError {
  const detail = max < 0 ? 'has too many items' : `must have at most ${max} ${plural('item', max)}`
  return { type: 'FieldValueTooMany', field, detail, badValue: actual < 0 ? omitted : actual }
}

export function tooFew(field: string, actual: number, min: number): FieldError {
  const detail = min < 0 ? 'has too few items' : `must have at least ${min} ${plural('item', min)}`
  return { type: 'FieldValueTooFew', field, detail, badValue: actual }
}

export function internal(field: string, message: string): FieldError {
  return { type: 'InternalError', field, detail: message }
}

/** A bad value that is not shown. */
export const omitted = Symbol('omitted')

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`
}

/** The values of these types are shown. */
const showsValue = new Set<FieldErrorType>([
  'FieldValueInvalid',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueNotFound',
  'FieldValueDuplicate',
  'FieldValueTooMany',
  'FieldValueTooFew',
])

/** The message without the field: `Invalid value: -1: must be greater than or equal to 0`. */
export function errorBody({ type, badValue, detail }: FieldError): string {
  const shown = showsValue.has(type) && badValue !== omitted ? `: ${printValue(badValue)}` : ''
  return `${words[type]}${shown}${detail === '' ? '' : `: ${detail}`}`
}

/** `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export function errorText(error: FieldError): string {
  return `${error.field}: ${errorBody(error)}`
}

function printValue(value: unknown): string {
  if (value instanceof Printed) return value.text
  return typeof value === 'string' ? quote(value) : goJson(value)
}

/** All errors in one text: alone as it is, several as `[a, b]`; what reads the same is told once. */
export function aggregate(errors: readonly FieldError[]): string {
  return aggregateTexts(errors.map(errorText))
}

/** The text of an upstream errors.Aggregate. */
export function aggregateTexts(texts: readonly string[]): string {
  const unique = [...new Set(texts)]
  return unique.length === 1 ? unique.join('') : `[${unique.join(', ')}]`
}

/** `details.causes` of a Status; repeats stay. */
export function causes(errors: readonly FieldError[]): { reason: string; message: string; field: string }[] {
  return errors.map(error => ({ reason: error.type, message: errorBody(error), field: error.field }))
}

/** The message of an Invalid status: `Deployment.apps "web" is invalid: …` (apimachinery/pkg/api/errors, NewInvalid). */
export function invalidMessage(kind: string, group: string, name: string, errors: readonly FieldError[]): string {
  const text = `${group === '' ? kind : `${kind}.${group}`} ${quote(name)} is invalid`
  return errors.length === 0 ? text : `${text}: ${aggregate(errors)}`
}
