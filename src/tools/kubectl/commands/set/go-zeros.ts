import { isList, isObject, type JsonObject } from '../../../../machinery/json-value.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from '../../../../machinery/schema.ts'

/** An object as Go writes it that has decoded it from a file: structs that nobody wrote are there, and empty. */
export function withGoZeros(object: JsonObject, type: TypeSchema | undefined): JsonObject {
  if (!type) return object
  const members = Object.entries(object).map(([name, value]) => {
    const field = type.fields.get(name)
    return [name, field ? valueWithZeros(value, field.value) : value]
  })
  const missing = type.filled
    .filter(({ name, presence }) => object[name] === undefined && (presence === 'always' || presence === 'null'))
    .map(field => [field.name, zeroOf(field)])
  return { ...Object.fromEntries(missing), ...Object.fromEntries(members) }
}

function valueWithZeros(value: unknown, schema: ValueSchema): unknown {
  if (isList(value))
    return schema.items ? value.map(item => (schema.items ? valueWithZeros(item, schema.items) : item)) : value
  if (!isObject(value)) return value
  if (schema.type === 'map') {
    const { items } = schema
    return items
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, valueWithZeros(each, items)]))
      : value
  }
  return withGoZeros(value, schema.object)
}

function zeroOf({ presence, value }: FieldSchema): unknown {
  if (presence === 'null') return null
  if (value.object) return withGoZeros({}, value.object)
  const zeros: Readonly<Record<string, unknown>> = { string: '', integer: 0, number: 0, boolean: false, array: [] }
  return value.type in zeros ? zeros[value.type] : {}
}
