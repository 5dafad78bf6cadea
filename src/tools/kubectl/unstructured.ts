import { isList, isObject, type JsonObject, member } from '../../machinery/json-value.ts'

// Reading objects of kinds that kubectl does not know: whatever the server sends may lack anything.

const none: JsonObject = {}

/** The members of a value that should be an object. */
export function fields(value: unknown): JsonObject {
  return isObject(value) ? value : none
}

/** The items of a value that should be a list. */
export function items(value: unknown): readonly unknown[] {
  return isList(value) ? value : []
}

/** The value at a path of members. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const name of path) {
    if (!isObject(current)) return undefined
    current = member(current, name)
  }
  return current
}

/** The objects in the list at a path. */
export function objectsAt(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  return items(at(value, ...path)).filter(isObject)
}

/** The text at a path; '' when there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  return textOf(at(value, ...path))
}

/** The number at a path; 0 when there is none. */
export function numberAt(value: unknown, ...path: readonly string[]): number {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : 0
}

/** The strings in the list at a path. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return items(at(value, ...path)).filter(item => typeof item === 'string')
}

/** The members of a map of strings at a path, by name. */
export function mapAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields(at(value, ...path))).map(([key, text]) => [key, textOf(text)]))
}

/** A scalar as text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export const nameOf = (object: unknown): string => textAt(object, 'metadata', 'name')
export const namespaceOf = (object: unknown): string => textAt(object, 'metadata', 'namespace')

/** A copy with a member at a path replaced; `undefined` takes it away. */
export function withAt(object: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [name, ...rest] = path
  if (name === undefined) return object
  const replaced = rest.length === 0 ? value : withAt(fields(member(object, name)), rest, value)
  if (replaced !== undefined) return { ...object, [name]: replaced }
  const { [name]: _, ...others } = object
  return others
}
