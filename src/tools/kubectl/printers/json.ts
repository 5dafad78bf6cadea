import { compareBytes, goJson } from '../../../machinery/go-text.ts'
import { isList, isObject } from '../../../machinery/json-value.ts'

/** JSON as kubectl writes it: keys sorted, or in the order of Go's structs where an object was made here. */
export function writeJson(value: unknown, step = '    ', indent = '', order: 'sorted' | 'kept' = 'sorted'): string {
  const inner = indent + step
  if (isList(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map(item => inner + writeJson(item, step, inner, order)).join(',\n')}\n${indent}]`
  }
  if (!isObject(value)) return goJson(value)
  const keys = Object.keys(value).filter(key => value[key] !== undefined)
  if (order === 'sorted') keys.sort(compareBytes)
  if (keys.length === 0) return '{}'
  const lines = keys.map(key => `${inner}${goJson(key)}: ${writeJson(value[key], step, inner, order)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}
