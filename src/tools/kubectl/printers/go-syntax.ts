import { compareBytes, quote } from '../../../machinery/go-text.ts'
import { isList, isObject } from '../../../machinery/json-value.ts'

/** Decoded JSON as fmt's `%#v` prints it. */
export function goSyntax(value: unknown): string {
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (isObject(value)) {
    const keys = Object.keys(value).sort(compareBytes)
    return `map[string]interface {}{${keys.map(key => `${quote(key)}:${goSyntax(value[key])}`).join(', ')}}`
  }
  if (typeof value === 'string') return quote(value)
  return value === null || value === undefined ? 'interface {}(nil)' : String(value)
}
