import { formatDouble } from '../cel/conversions.ts'
import { isList, isObject } from '../json-value.ts'
import { isEqual } from '../object.ts'
import { compileRegex } from '../regex.ts'
import { compositeErrors } from './composites.ts'
import { correlatedItems, correlatesFields } from './correlation.ts'
import { formatFits, knownFormat } from './formats.ts'
import { additionalOf, itemsOf, type JsonSchema, metaFields, propertyOf } from './schema.ts'
import type { Outcome, SchemaError } from './schema-error.ts'

/**
 * Checks a value against a schema: kube-openapi/pkg/validation/validate. With the old value, what has not changed is not
 * complained about (ratcheting.go); `old` is undefined where there is none to compare with.
 */
export function validateValue(schema: JsonSchema, value: unknown, path = '', old?: unknown): Outcome {
  const checks = value === undefined || value === null ? nullChecks(schema, path) : checksOf(schema, value, path, old)
  if (checks.errors.length > 0 && old !== undefined && isEqual(value, old)) return { ...checks, errors: [] }
  return checks
}

function nullChecks(schema: JsonSchema, path: string): Outcome {
  const types = typesOf(schema)
  const errors: SchemaError[] = []
  if (types.length > 0 && !schema.nullable) errors.push(typeError(path, types.join(','), 'null'))
  errors.push(...enumErrors(schema, null, path))
  return { errors, matches: 0 }
}

function checksOf(schema: JsonSchema, value: unknown, path: string, old: unknown): Outcome {
  const parts: Outcome[] = []
  if (typesOf(schema).length > 0 || formatOf(schema) !== undefined) parts.push(typeCheck(schema, value, path))
  parts.push(compositeErrors(schema, value, path, validateValue))
  if (typeof value === 'string') parts.push(found(textErrors(schema, value, path)), formatCheck(schema, value, path))
  if (typeof value === 'number') parts.push(found(numberErrors(schema, value, path), 1))
  if (isList(value)) parts.push(listCheck(schema, value, path, old))
  parts.push(found(enumErrors(schema, value, path)))
  if (isObject(value)) parts.push(objectCheck(schema, value, path, old))
  return {
    errors: parts.flatMap(({ errors }) => errors),
    matches: parts.reduce((sum, { matches }) => sum + matches + 1, 1),
  }
}

function found(errors: readonly SchemaError[], matches = 0): Outcome {
  return { errors, matches }
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string']
  return schema.type ? [schema.type] : []
}

/** The format as far as the server knows it: StripUnsupportedFormatsPostProcess. */
function formatOf({ type = '', format = '' }: JsonSchema): string | undefined {
  return knownFormat(type, format) ? format : undefined
}

function typeError(path: string, type: string, value: string): SchemaError {
  return { code: 'type', name: path, value, message: `${path} in body must be of type ${type}: "${value}"` }
}

function jsonTypeOf(value: unknown): readonly [type: string, format: string] {
  if (isList(value)) return ['array', '']
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'int64'] : ['number', 'float64']
  if (typeof value === 'object') return ['object', '']
  return [typeof value, '']
}

function typeCheck(schema: JsonSchema, value: unknown, path: string): Outcome {
  const types = typesOf(schema)
  const format = formatOf(schema)
  const [type, valueFormat] = jsonTypeOf(value)
  const isNumberEnough = type === 'integer' && types.includes('number')
  const fits = types.includes(type) || isNumberEnough
  const isTextOrList = type === 'string' || type === 'array'
  if (!isTextOrList && format !== undefined && !fits && format !== valueFormat) {
    return found([typeError(path, format, valueFormat)])
  }
  if (isTextOrList && format !== undefined && !types.includes('number') && !types.includes('integer')) {
    return found([], 1)
  }
  return fits ? found([], 1) : found([typeError(path, types.join(','), type)])
}

function enumErrors({ enum: allowed }: JsonSchema, value: unknown, path: string): SchemaError[] {
  if (!allowed || allowed.length === 0 || allowed.some(each => isEqual(each, value))) return []
  return [{ code: 'enum', name: path, value, allowed, message: `${path} in body should be one of` }]
}

/** The first mistake only, as stringValidator reports them. */
function textErrors({ maxLength, minLength, pattern }: JsonSchema, value: string, path: string): SchemaError[] {
  const length = [...value].length
  const wrong = (message: string): SchemaError[] => [{ code: 'other', name: path, value, message }]
  if (maxLength !== undefined && length > maxLength) {
    return [{ code: 'tooLong', name: path, value, limit: maxLength, message: '' }]
  }
  if (minLength !== undefined && length < minLength) {
    return wrong(`${path} in body should be at least ${minLength} chars long`)
  }
  if (!pattern) return []
  const { value: regex, error } = compileRegex(pattern)
  if (!regex) return wrong(`${path} in body should match '${pattern}, but pattern is invalid: ${error}'`)
  return regex.isIn(value) ? [] : wrong(`${path} in body should match '${pattern}'`)
}

function formatCheck(schema: JsonSchema, value: string, path: string): Outcome {
  const format = formatOf(schema)
  return found(format === undefined || formatFits(format, value) ? [] : [typeError(path, format, value)])
}

function numberErrors(schema: JsonSchema, value: number, path: string): SchemaError[] {
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema
  const errors: SchemaError[] = []
  const limit = (bound: number): string => (Number.isInteger(value) ? String(Math.trunc(bound)) : formatDouble(bound))
  const wrong = (rule: string, bound: number): void => {
    errors.push({ code: 'other', name: path, value, message: `${path} in body should be ${rule} ${limit(bound)}` })
  }
  const range = rangeError(schema, value, path)
  if (range) errors.push(range)
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) wrong('a multiple of', multipleOf)
  if (minimum !== undefined) {
    if (exclusiveMinimum && value <= minimum) wrong('greater than', minimum)
    if (!exclusiveMinimum && value < minimum) wrong('greater than or equal to', minimum)
  }
  if (maximum !== undefined) {
    if (exclusiveMaximum && value >= maximum) wrong('less than', maximum)
    if (!exclusiveMaximum && value > maximum) wrong('less than or equal to', maximum)
  }
  return errors
}

function isMultiple(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}

/** IsValueValidAgainstRange: numbers that the type cannot hold. */
function rangeError(schema: JsonSchema, value: number, path: string): SchemaError | undefined {
  if (schema.type !== 'integer' || schema['x-kubernetes-int-or-string']) return undefined
  const format = formatOf(schema)
  const bound = format === 'int32' ? 2 ** 31 : 2 ** 63
  if (Number.isInteger(value) && value < bound && value >= -bound) return undefined
  const name = format === undefined ? 'integer (default format)' : `integer with format ${format}`
  return { code: 'composite', name: path, message: `Checked value must be of type ${name} in ${path}` }
}

function listCheck(schema: JsonSchema, value: readonly unknown[], path: string, old: unknown): Outcome {
  const { minItems, maxItems } = schema
  const items = itemsOf(schema)
  const oldItems = correlatedItems(schema, old)
  const parts = items ? value.map((item, i) => validateValue(items, item, `${path}[${i}]`, oldItems(item))) : []
  const errors = parts.flatMap(part => part.errors)
  const size = value.length
  if (minItems !== undefined && size < minItems) {
    const message = `${path} in body should have at least ${minItems} items`
    errors.push({ code: 'other', name: path, value: size, message })
  }
  if (maxItems !== undefined && size > maxItems) {
    errors.push({ code: 'tooMany', name: path, value: size, limit: maxItems, message: '' })
  }
  return { errors, matches: parts.reduce((sum, { matches }) => sum + matches, 1) }
}

type Fields = Readonly<Record<string, unknown>>

function objectCheck(schema: JsonSchema, value: Fields, path: string, old: unknown): Outcome {
  const errors = sizeErrors(schema, value, path)
  let matches = 0
  const before = correlatesFields(schema) && isObject(old) ? old : {}
  const additional = additionalOf(schema)
  for (const name of Object.keys(value)) {
    if (value[name] === undefined) continue
    const property = propertyOf(schema, name)
    const rule = property ?? additional
    if (!rule) {
      if (schema.additionalProperties === false) {
        const message = `${path}.${name} in body is a forbidden property`
        errors.push({ code: 'other', name: path, value: name, message })
      }
      continue
    }
    const inner = path === '' && property ? name : `${path}.${name}`
    // What a server fills in by itself is not held against what was there before.
    const previous = Object.hasOwn(before, name) && (path !== '' || !isTypeMeta(name)) ? before[name] : undefined
    const part = validateValue(rule, value[name], inner, previous)
    errors.push(...part.errors)
    matches += part.matches
  }
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name) && value[name] !== undefined) continue
    errors.push({ code: 'required', name: `${path}.${name}`, message: '' })
  }
  return { errors, matches }
}

function isTypeMeta(name: string): boolean {
  return metaFields.has(name) && name !== 'metadata'
}

function sizeErrors({ minProperties, maxProperties }: JsonSchema, value: Fields, path: string): SchemaError[] {
  const size = Object.keys(value).filter(name => value[name] !== undefined).length
  const errors: SchemaError[] = []
  if (minProperties !== undefined && size < minProperties) {
    const message = `${path} in body should have at least ${minProperties} properties`
    errors.push({ code: 'other', name: path, value: size, message })
  }
  if (maxProperties !== undefined && size > maxProperties) {
    errors.push({ code: 'tooMany', name: path, value: size, limit: maxProperties, message: '' })
  }
  return errors
}
