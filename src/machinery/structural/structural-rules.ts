import { child, errorText, type FieldError, forbidden, index, invalid, key, required } from '../fieldpath.ts'
import { isEqual } from '../object.ts'
import { compileRegex } from '../regex.ts'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf, propertyOf } from './schema.ts'

type Level = 'root' | 'item' | 'field'

const typeMissing: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

const intOrString = [{ type: 'integer' }, { type: 'string' }]

/** Whether a schema is structural: ValidateStructural of apiextensions-apiserver/pkg/apiserver/schema/validation.go. */
export function validateStructural(path: string, schema: JsonSchema): FieldError[] {
  const errors = [...invariants(path, schema, 'root'), ...completeness(path, path, schema, schema)]
  return errors
    .map(error => ({ error, text: errorText(error) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ error }) => error)
}

function invariants(path: string, schema: JsonSchema, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const items = itemsOf(schema)
  const additional = additionalOf(schema)
  if (schema.type === 'array' && !items) errors.push(required(child(path, 'items'), 'must be specified'))
  if (items) errors.push(...invariants(child(path, 'items'), items, 'item'))
  for (const [name, inner] of propertiesOf(schema)) {
    errors.push(...invariants(key(child(path, 'properties'), name), inner, 'field'))
  }
  if (schema.additionalProperties !== undefined && level === 'root') {
    errors.push(forbidden(child(path, 'additionalProperties'), 'must not be used at the root'))
  }
  if (additional) errors.push(...invariants(child(path, 'additionalProperties'), additional, 'field'))
  return [
    ...errors,
    ...extensionErrors(path, schema),
    ...valueErrors(path, schema, isIntOrString(schema.anyOf), isIntOrString(schema.allOf?.[0]?.anyOf)),
    ...typeErrors(path, schema, level),
    ...metadataErrors(path, schema, level),
  ]
}

function isIntOrString(anyOf: readonly JsonSchema[] | undefined): boolean {
  return isEqual(anyOf, intOrString)
}

function extensionErrors(path: string, schema: JsonSchema): FieldError[] {
  if (!schema['x-kubernetes-int-or-string']) return []
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const).flatMap(name =>
    schema[name] ? [invalid(child(path, name), true, 'must be false if x-kubernetes-int-or-string is true')] : [],
  )
}

function typeErrors(path: string, schema: JsonSchema, level: Level): FieldError[] {
  const errors: FieldError[] = []
  const field = child(path, 'type')
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true
  if (isEmbedded && schema.type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true'
    errors.push(schema.type ? invalid(field, schema.type, why) : required(field, why))
  } else if (!schema.type && !schema['x-kubernetes-int-or-string'] && !preserves) {
    errors.push(required(field, typeMissing[level]))
  }
  if (isEmbedded && schema.additionalProperties !== undefined) {
    const why = 'must not be used if x-kubernetes-embedded-resource is set'
    errors.push(forbidden(child(path, 'additionalProperties'), why))
  }
  if (level === 'root' && schema.type && schema.type !== 'object') {
    errors.push(invalid(field, schema.type, 'must be object at the root'))
  }
  if (isEmbedded && !preserves && Object.keys(schema.properties ?? {}).length === 0) {
    const why =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(required(child(path, 'properties'), why))
  }
  return errors
}

/** What a schema may say of the fields that every resource has. */
function metadataErrors(path: string, schema: JsonSchema, level: Level): FieldError[] {
  const isResource = level === 'root' || schema['x-kubernetes-embedded-resource'] === true
  const errors: FieldError[] = []
  const properties = child(path, 'properties')
  for (const name of ['kind', 'apiVersion']) {
    const inner = propertyOf(schema, name)
    if (!isResource || !inner || inner.type === 'string') continue
    errors.push(invalid(child(key(properties, name), 'type'), inner.type ?? '', 'must be string'))
  }
  const metadata = propertyOf(schema, 'metadata')
  if (!metadata) return errors
  const field = key(properties, 'metadata')
  if (isResource && metadata.type !== 'object') {
    errors.push(invalid(child(field, 'type'), metadata.type ?? '', 'must be object'))
  }
  if (level === 'root' && !isPlainMetadata(metadata)) {
    const why = 'must not specify anything other than name and generateName, but metadata is implicitly specified'
    errors.push(forbidden(field, why))
  }
  return errors
}

function isPlainMetadata({ properties = {}, ...metadata }: JsonSchema): boolean {
  const others = Object.keys(properties).filter(name => name !== 'name' && name !== 'generateName')
  const rest = Object.keys(metadata).filter(name => !['type', 'default', 'description', 'title'].includes(name))
  return others.length === 0 && rest.length === 0
}

/** Keywords that check values, and schemas inside of them. */
function valueErrors(path: string, schema: JsonSchema, skipAnyOf: boolean, skipFirst: boolean): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema
  const errors: FieldError[] = []
  const visit = (name: string, schemas: readonly JsonSchema[], skipsAnyOf: (i: number) => boolean): void => {
    schemas.forEach((inner, i) => {
      errors.push(...nestedErrors(index(child(path, name), i), inner, skipsAnyOf(i)))
    })
  }
  if (!skipAnyOf) visit('anyOf', anyOf, () => false)
  visit('allOf', allOf, i => skipFirst && i === 0)
  visit('oneOf', oneOf, () => false)
  if (not) errors.push(...nestedErrors(child(path, 'not'), not, false))
  const error = pattern ? compileRegex(pattern).error : undefined
  if (error !== undefined) {
    const why = `must be a valid regular expression, but isn't: ${error}`
    errors.push(invalid(child(path, 'pattern'), pattern, why))
  }
  return errors
}

const forbiddenInside: readonly (readonly [name: keyof JsonSchema, state: string])[] = [
  ['type', 'empty'],
  ['additionalProperties', 'undefined'],
  ['default', 'undefined'],
  ['title', 'empty'],
  ['description', 'empty'],
  ['nullable', 'false'],
  ['x-kubernetes-preserve-unknown-fields', 'false'],
  ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'],
  ['x-kubernetes-list-map-keys', 'empty'],
  ['x-kubernetes-list-type', 'undefined'],
  ['x-kubernetes-map-type', 'undefined'],
  ['x-kubernetes-validations', 'empty'],
]

/** A schema inside anyOf, allOf, oneOf or not may only check values. */
function nestedErrors(path: string, schema: JsonSchema, skipAnyOf: boolean): FieldError[] {
  const errors = valueErrors(path, schema, skipAnyOf, false)
  const items = itemsOf(schema)
  if (items) errors.push(...nestedErrors(child(path, 'items'), items, false))
  for (const [name, inner] of propertiesOf(schema)) {
    errors.push(...nestedErrors(key(child(path, 'properties'), name), inner, false))
  }
  for (const [name, state] of forbiddenInside) {
    if (!isSet(schema[name], state)) continue
    errors.push(forbidden(child(path, name), `must be ${state} to be structural`))
  }
  if (propertyOf(schema, 'metadata')) {
    errors.push(forbidden(key(child(path, 'properties'), 'metadata'), 'must not be specified in a nested context'))
  }
  return errors
}

function isSet(value: unknown, state: string): boolean {
  if (state === 'undefined') return value !== undefined
  return Boolean(value) && !(Array.isArray(value) && value.length === 0)
}

/** Whatever is checked must be part of the structure: complete.go. */
function completeness(path: string, checked: string, schema: JsonSchema, check: JsonSchema): FieldError[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = check
  const groups = { allOf, anyOf, oneOf }
  return [
    ...(not ? nestedCompleteness(path, child(checked, 'not'), schema, not) : []),
    ...Object.entries(groups).flatMap(([name, schemas]) =>
      schemas.flatMap((inner, i) => nestedCompleteness(path, index(child(checked, name), i), schema, inner)),
    ),
  ]
}

function nestedCompleteness(
  path: string,
  checked: string,
  schema: JsonSchema | undefined,
  check: JsonSchema,
): FieldError[] {
  if (!schema) return [required(path, `because it is defined in ${checked}`)]
  const items = itemsOf(check)
  return [
    ...completeness(path, checked, schema, check),
    ...(items ? nestedCompleteness(child(path, 'items'), child(checked, 'items'), itemsOf(schema), items) : []),
    ...propertiesOf(check).flatMap(([name, inner]) =>
      nestedCompleteness(
        key(child(path, 'properties'), name),
        key(child(checked, 'properties'), name),
        propertyOf(schema, name),
        inner,
      ),
    ),
  ]
}
