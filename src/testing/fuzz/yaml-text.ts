// A small writer of YAML in flow and block style: quick, and with every key as it is.
import { isList, isObject } from '../../machinery/json-value.ts'

/** JSON is YAML too, so only the upper levels are written as people write them. */
export function yamlOf(value: unknown, indent = 0): string {
  if (indent > 6 || !isObject(value) || Object.keys(value).length === 0) return `${flow(value)}\n`
  const space = '  '.repeat(indent)
  const lines = Object.keys(value).map(key => {
    const inner = value[key]
    const name = /^[a-zA-Z][a-zA-Z0-9.-]*$/.test(key) ? key : flow(key)
    if (isObject(inner) && Object.keys(inner).length > 0) return `${space}${name}:\n${yamlOf(inner, indent + 1)}`
    if (isList(inner) && inner.length > 0)
      return `${space}${name}:\n${inner.map(item => `${space}- ${flow(item)}\n`).join('')}`
    return `${space}${name}: ${flow(inner)}\n`
  })
  return lines.join('')
}

function flow(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}
