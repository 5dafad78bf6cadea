import { isList, isObject, type JsonObject } from '../json-value.ts'
import { setOwn } from '../json-text.ts'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf, propertyOf } from './schema.ts'

/**
 * Defaulting: apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go, before which nulls that may not be are
 * taken away (prunenulls.go). What needs no change is not copied; defaults are shared and must not be changed.
 */
export function withDefaults(value: unknown, schema: JsonSchema): unknown {
  return filled(value, schema)
}

function filled(value: unknown, schema: JsonSchema | undefined): unknown {
  if (!schema) return value
  if (isList(value)) {
    const items = itemsOf(schema)
    if (!items) return value
    const next = value.map(item => filled(item === null && replacesNull(items) ? items.default : item, items))
    return next.every((item, i) => item === value[i]) ? value : next
  }
  return isObject(value) ? filledFields(value, schema) : value
}

function replacesNull(schema: JsonSchema): boolean {
  return !schema.nullable && schema.default !== undefined
}

function filledFields(value: JsonObject, schema: JsonSchema): unknown {
  const next: Record<string, unknown> = {}
  let isSame = true
  const additional = additionalOf(schema)
  for (const name of Object.keys(value)) {
    const held = value[name]
    const property = propertyOf(schema, name) ?? additional
    // A null where none may be asks for the default, or for nothing.
    if (held === null && property && !property.nullable) {
      isSame = false
      if (property.default !== undefined) setOwn(next, name, filled(property.default, property))
      continue
    }
    const inner = filled(held, property)
    if (inner !== held) isSame = false
    setOwn(next, name, inner)
  }
  for (const [name, property] of propertiesOf(schema)) {
    if (property.default === undefined || Object.hasOwn(next, name)) continue
    isSame = false
    setOwn(next, name, filled(property.default, property))
  }
  return isSame ? value : next
}
