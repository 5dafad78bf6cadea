import { child, key } from '../fieldpath.ts'
import type { Parsed } from '../parsed.ts'
import { additionalOf, type JsonSchema, propertyOf } from './schema.ts'

export interface SchemaAtPath {
  readonly path: string
  readonly schema: JsonSchema
}

const token = /\.|\[|\]|'(?:\\.|[^'\\])*'|[^.[\]]+/gy

/**
 * The field that a path such as `.spec.list['a']` leads to: ValidFieldPath of
 * apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go.
 */
export function fieldAt(jsonPath: string, root: JsonSchema, allowBrackets = true): Parsed<SchemaAtPath> {
  const tokens = jsonPath.match(token) ?? []
  let at: SchemaAtPath = { path: '', schema: root }
  for (let i = 0; i < tokens.length;) {
    const isBracket = tokens[i] === '['
    if (isBracket && !allowBrackets) return { error: 'array notation is not allowed' }
    if (!isBracket && tokens[i] !== '.') return { error: `expected [ or . but got: ${tokens[i]}` }
    const word = tokens[i + 1]
    if (word === undefined) return { error: 'unexpected end of JSON path' }
    const name = isBracket ? unquoted(word) : word
    if (name === undefined) return { error: `expected single quoted string but got ${word}` }
    const next = step(at, name)
    if (!next) return { error: 'does not refer to a valid field' }
    at = next
    i += 2
    if (!isBracket) continue
    if (tokens[i] === undefined) return { error: 'unexpected end of JSON path' }
    if (tokens[i] !== ']') return { error: `expected ] but got ${tokens[i]}` }
    i++
  }
  return { value: at }
}

function unquoted(word: string): string | undefined {
  return /^'.*'$/s.test(word) ? word.slice(1, -1).replace(/\\(.)/g, '$1') : undefined
}

function step({ path, schema }: SchemaAtPath, name: string): SchemaAtPath | undefined {
  if (schema.properties) {
    const property = propertyOf(schema, name)
    return property && { path: child(path, name), schema: property }
  }
  const additional = additionalOf(schema)
  return additional && { path: key(path, name), schema: additional }
}
