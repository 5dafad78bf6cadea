import { child, duplicate, type FieldError, index, invalid, key } from '../fieldpath.ts'
import { goJsonSorted } from '../go-text.ts'
import { isList, isObject } from '../json-value.ts'
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from './schema.ts'

/** Items of sets and maps must differ: apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go. */
export function validateListTypes(schema: JsonSchema | undefined, value: unknown, path = ''): FieldError[] {
  if (!schema) return []
  if (isList(value)) {
    const items = itemsOf(schema)
    const inner = items ? value.flatMap((item, i) => validateListTypes(items, item, index(path, i))) : []
    return [...listErrors(schema, value, path), ...inner]
  }
  if (!isObject(value)) return []
  const additional = additionalOf(schema)
  return Object.keys(value).flatMap(name => {
    const property = propertyOf(schema, name)
    if (property) return validateListTypes(property, value[name], child(path, name))
    return additional ? validateListTypes(additional, value[name], key(path, name)) : []
  })
}

function listErrors(schema: JsonSchema, value: readonly unknown[], path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type']
  if (type === 'set') return repeated(value).map(i => duplicate(index(path, i), value[i]))
  if (type !== 'map') return []
  const stranger = value.findIndex(item => item !== null && !isObject(item))
  if (stranger >= 0) {
    return [invalid(index(path, stranger), value[stranger], 'must be an object for an array of list-type map')]
  }
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const named = value.map(item => keysOf(item, keys))
  return repeated(named).map(i => duplicate(index(path, i), named[i]))
}

function keysOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  if (!isObject(item)) return {}
  return Object.fromEntries(keys.filter(name => Object.hasOwn(item, name)).map(name => [name, item[name]]))
}

/** The places of what is there a second time; a third is not told. */
function repeated(items: readonly unknown[]): number[] {
  const seen = new Map<string, number>()
  const places: number[] = []
  items.forEach((item, i) => {
    const text = goJsonSorted(item)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    if (times === 2) places.push(i)
  })
  return places
}
