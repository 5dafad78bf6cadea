import { type Document, isCollection, isMap, isScalar, type Pair, visit } from 'yaml'
import { quote } from '../../../machinery/go-text.ts'
import { whatJsonCannotHold } from '../../../machinery/json-limits.ts'
import type { Parsed } from '../../../machinery/parsed.ts'

/** What go-yaml says of a text where our library says something else, or throws. */

/** The value of a document without errors. */
export function valueOf(document: Document): Parsed<unknown> {
  const key = mapAsKey(document)
  if (key !== undefined) return { error: `invalid map key: ${key}` }
  try {
    const value: unknown = document.toJS()
    const error = whatJsonCannotHold(value)
    return error === undefined ? { value } : { error: error.replace(/^yaml: /, '') }
  } catch (error) {
    // At aliases that lead nowhere, to themselves or to too much.
    if (!(error instanceof ReferenceError)) throw error
    const unresolved = /^Unresolved alias .*: (.*)$/.exec(error.message)?.[1]
    if (unresolved !== undefined) return { error: `unknown anchor '${unresolved}' referenced` }
    const isTooMuch = error.message.startsWith('Excessive')
    return { error: isTooMuch ? 'document contains excessive aliasing' : 'anchor value contains itself' }
  }
}

/** A template that was not filled in, `name: {{ .Values.name }}`, is a map whose key is a map. */
function mapAsKey(document: Document): string | undefined {
  let found: string | undefined
  visit(document, {
    Pair(_, { key }: Pair) {
      if (!isCollection(key)) return undefined
      const items = isMap(key) ? key.items : []
      const names = items.map(({ key: inner }) => (isScalar(inner) ? quote(String(inner.value)) : '{…}'))
      found = `map[interface {}]interface {}{${names.map(name => `${name}:interface {}(nil)`).join(', ')}}`
      return visit.BREAK
    },
  })
  return found
}

/** The first mistake in a text, with the line on which libyaml notices it. */
export function goComplaint(text: string, { errors, range }: Document): string {
  const [first] = errors
  if (!first) return ''
  const [start] = first.pos
  // kubectl takes a text apart at its separators, so lines are counted from there.
  const from = range?.[0] ?? 0
  const separator = /^---.*\n/.exec(text.slice(from))?.[0] ?? ''
  const lineAt = (position: number): number => text.slice(from + separator.length, position).split('\n').length
  const at = (line: number, words: string): string => (line === 1 ? words : `line ${line}: ${words}`)
  const unstartable = errors.find(({ code, pos }) => code === 'BAD_SCALAR_START' && pos[0] <= start)
  if (unstartable || first.code === 'TAB_AS_INDENT') {
    return at(lineAt(start), 'found character that cannot start any token')
  }
  if (first.message.startsWith('A block sequence may not')) return at(lineAt(start), 'did not find expected key')
  // A key that goes on over several lines is one of which the colon was forgotten, or a line that is indented too far.
  const [, keyEnd] = errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY')?.pos ?? first.pos
  if (first.code === 'BLOCK_AS_IMPLICIT_KEY')
    return at(lineAt(keyEnd), 'mapping values are not allowed in this context')
  if (first.code === 'MULTILINE_IMPLICIT_KEY') return at(lineAt(keyEnd), "could not find expected ':'")
  if (first.message.startsWith('Missing closing')) return at(lineAt(start), 'found unexpected end of stream')
  if (first.code === 'BAD_INDENT') {
    const end = first.message.startsWith('Flow map') ? '}' : ']'
    const opened = text.lastIndexOf(end === '}' ? '{' : '[', start)
    return at(lineAt(opened), `did not find expected ',' or '${end}'`)
  }
  const words = first.message.split('\n')[0] ?? ''
  return at(lineAt(start), words.charAt(0).toLowerCase() + words.slice(1).replace(/ at line .*$/, ''))
}
