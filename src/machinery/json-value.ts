import { setOwn } from './json-text.ts'

/** Decoded JSON, as patches see it. Absent members may also be `undefined`. */
export type JsonObject = Readonly<Record<string, unknown>>

/** A JSON object, and neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An array of anything. (Array.isArray alone would answer `any[]`.) */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** A member by its name, also where that is `constructor`, which every object inherits. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** What a record has under a name that a user chose: nothing of what every object inherits, such as `constructor`. */
export function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined
}

/** Whether nothing is there: absent or null. */
export function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

/** The JSON type, with absent taken for null. */
export function jsonType(value: unknown): 'null' | 'array' | 'object' | 'string' | 'number' | 'boolean' {
  if (isNone(value)) return 'null'
  if (isList(value)) return 'array'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}

/** A value without the members that are null, at any depth; items of lists stay. */
export function withoutNulls(value: unknown): unknown {
  if (isList(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const key in value) if (!isNone(value[key])) setOwn(kept, key, withoutNulls(value[key]))
  return kept
}
