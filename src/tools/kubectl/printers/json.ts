import { compareBytes, goJson } from '../../../machinery/go-text.ts'
import { isList, isObject } from '../../../machinery/json-value.ts'

/** JSON with sorted keys, as `kubectl get -o json` writes it. */
export function writeJson(value: unknown, step = '    ', indent = ''): string {
  const inner = indent + step
  if (isList(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map(item => inner + writeJson(item, step, inner)).join(',\n')}\n${indent}]`
  }
  if (!isObject(value)) return goJson(value)
  const keys = Object.keys(value)
    .filter(key => value[key] !== undefined)
    .sort(compareBytes)
  if (keys.length === 0) return '{}'
  const lines = keys.map(key => `${inner}${goJson(key)}: ${writeJson(value[key], step, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}
