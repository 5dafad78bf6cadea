import { child, type FieldError, forbidden, invalid, key, notSupported, required } from '../fieldpath.ts'
import { itemsOf, type JsonSchema, propertyOf } from './schema.ts'

const listType = 'x-kubernetes-list-type'
const mapType = 'x-kubernetes-map-type'
const mapKeys = 'x-kubernetes-list-map-keys'

/** What a schema may say of how lists and maps are merged: part of ValidateCustomResourceDefinitionOpenAPISchema. */
export function listRules(path: string, schema: JsonSchema): FieldError[] {
  return [...mapTypeErrors(path, schema), ...listTypeErrors(path, schema), ...keyErrors(path, schema)]
}

function wrongType(path: string, type: string | undefined, why: string): FieldError {
  const field = child(path, 'type')
  return type ? invalid(field, type, why) : required(field, why)
}

function mapTypeErrors(path: string, schema: JsonSchema): FieldError[] {
  const type = schema[mapType]
  if (type === undefined) return []
  const errors: FieldError[] = []
  if (schema.type !== 'object') {
    errors.push(wrongType(path, schema.type, 'must be object if x-kubernetes-map-type is specified'))
  }
  if (type !== 'atomic' && type !== 'granular') {
    errors.push(notSupported(child(path, mapType), type, ['atomic', 'granular']))
  }
  return errors
}

function listTypeErrors(path: string, schema: JsonSchema): FieldError[] {
  const type = schema[listType]
  const items = itemsOf(schema)
  if (type === undefined) return []
  const errors: FieldError[] = []
  if (schema.type !== 'array') {
    errors.push(wrongType(path, schema.type, 'must be array if x-kubernetes-list-type is specified'))
  } else if (type === 'set' && items) {
    const why = 'must be atomic as item of a list with x-kubernetes-list-type=set'
    const inner = items[listType]
    const field = child(path, 'items')
    if (items.type === 'array' && inner !== undefined && inner !== 'atomic') {
      errors.push(invalid(child(field, listType), inner, why))
    }
    if (items.type === 'object' && items[mapType] !== 'atomic') {
      errors.push(invalid(child(field, mapType), inner ?? null, why))
    }
  }
  if (!['atomic', 'set', 'map'].includes(type)) {
    errors.push(notSupported(child(path, listType), type, ['atomic', 'set', 'map']))
  }
  return errors
}

function keyErrors(path: string, schema: JsonSchema): FieldError[] {
  const type = schema[listType]
  const keys = schema[mapKeys] ?? []
  const items = itemsOf(schema)
  const errors: FieldError[] = []
  if (keys.length > 0 && type !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty'
    errors.push(type === undefined ? required(child(path, listType), why) : invalid(child(path, listType), type, why))
  }
  if (type === 'map') {
    if (keys.length === 0) {
      errors.push(required(child(path, mapKeys), 'must not be empty if x-kubernetes-list-type is map'))
    }
    if (!items) errors.push(required(child(path, 'items'), 'must have a schema if x-kubernetes-list-type is map'))
    else if (items.type !== 'object') {
      const why = "must be object if parent array's x-kubernetes-list-type is map"
      errors.push(invalid(child(path, 'items', 'type'), items.type ?? '', why))
    } else errors.push(...keyTypeErrors(path, items, keys))
  }
  if (items && (type === 'set' || type === 'map')) errors.push(...nullErrors(path, items, type, keys))
  return errors
}

function keyTypeErrors(path: string, items: JsonSchema, keys: readonly string[]): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const name of keys) {
    const property = propertyOf(items, name)
    if (!property) {
      errors.push(invalid(child(path, mapKeys), keys, 'entries must all be names of item properties'))
    } else if (property.type === 'array' || property.type === 'object') {
      const field = child(key(child(path, 'items', 'properties'), name), 'type')
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      errors.push(invalid(field, items.type ?? '', why))
    }
    if (seen.has(name)) errors.push(invalid(child(path, mapKeys), keys, 'must not contain duplicate entries'))
    seen.add(name)
  }
  return errors
}

/** Items of sets and maps are there, and keys have values. */
function nullErrors(path: string, items: JsonSchema, type: string, keys: readonly string[]): FieldError[] {
  const errors: FieldError[] = []
  if (items.nullable) {
    errors.push(
      forbidden(child(path, 'items', 'nullable'), `cannot be nullable when x-kubernetes-list-type is ${type}`),
    )
  }
  if (type !== 'map') return errors
  for (const name of keys) {
    const property = propertyOf(items, name)
    if (!property) continue
    const field = key(child(path, 'items', 'properties'), name)
    const what = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!items.required?.includes(name) && property.default === undefined) {
      errors.push(required(child(field, 'default'), `${what} must have a default or be a required property`))
    }
    if (property.nullable) errors.push(forbidden(child(field, 'nullable'), `${what} cannot be nullable`))
  }
  return errors
}
