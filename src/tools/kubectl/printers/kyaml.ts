import { isList, isObject } from '../../../machinery/json-value.ts'
import { naturally } from './yaml.ts'

/** KYAML, the dialect of YAML in braces that is safe to edit (sigs.k8s.io/yaml/kyaml). */
export function writeKyaml(value: unknown): string {
  return `${written(value, '')}\n`
}

function written(value: unknown, indent: string): string {
  const inner = `${indent}  `
  if (isList(value)) {
    if (value.length === 0) return '[]'
    // Lists of objects or lists are cuddled: their brackets share a line.
    if (value.every(item => isFilled(item))) return `[${value.map(item => written(item, indent)).join(', ')}]`
    return `[\n${value.map(item => `${inner}${written(item, inner)},\n`).join('')}${indent}]`
  }
  if (isObject(value)) {
    const keys = Object.keys(value)
      .filter(key => value[key] !== undefined)
      .sort(naturally)
    if (keys.length === 0) return '{}'
    return `{\n${keys.map(key => `${inner}${keyText(key)}: ${written(value[key], inner)},\n`).join('')}${indent}}`
  }
  if (typeof value === 'string') return value.includes('\n') ? folded(value, inner) : JSON.stringify(value)
  return value === null || value === undefined ? 'null' : String(value)
}

function isFilled(value: unknown): boolean {
  return (isObject(value) && Object.keys(value).length > 0) || (isList(value) && value.length > 0)
}

const meaning = /^(?:~|null|y|yes|true|on|n|no|false|off|[-+.\d].*)$/i

function keyText(key: string): string {
  return /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(key) && !meaning.test(key) ? key : JSON.stringify(key)
}

/** A text of several lines: each on a line of its own, the breaks escaped. */
function folded(text: string, indent: string): string {
  const escaped = (line: string): string => JSON.stringify(line).slice(1, -1)
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  const all = [...lines.map(line => `${escaped(line)}\\n`), ...(last === '' ? [] : [escaped(last)])]
  // A blank at the beginning of a line would be lost, so every line begins with one that is.
  return `"\\\n${all.map(line => `${indent} ${line}\\\n`).join('')}${indent}"`
}
