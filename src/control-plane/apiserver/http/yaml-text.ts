import { type Document, LineCounter, parseDocument } from 'yaml'
import { documentOf, type JsonDocument, parseJson } from '../../../machinery/json-text.ts'
import { maxDepth, whatJsonCannotHold } from '../../../machinery/json-limits.ts'
import type { Parsed } from '../../../machinery/parsed.ts'

/**
 * The value of a YAML text that is JSON, as what clients apply mostly is: that is read many times as quickly. Undefined for
 * all others, and where a key stands twice.
 */
export function jsonInYaml(text: string): JsonDocument | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  const { value } = parseJson(text)
  return value && value.repeated.size === 0 ? documentOf(value.value) : undefined
}

/** Reads a YAML text, or says what is wrong with it as go-yaml does: `yaml: line 2: …`. */
export function parseYamlText(text: string): Parsed<unknown> {
  const lineCounter = new LineCounter()
  const options = { uniqueKeys: false, merge: true, lineCounter, logLevel: 'silent' } as const
  try {
    const document = parseDocument(text, options)
    const [problem] = document.errors
    if (problem) {
      const { line } = lineCounter.linePos(problem.pos[0])
      const isTab = problem.code === 'TAB_AS_INDENT'
      const why = isTab ? 'found a tab character that violates indentation' : lowered(problem.message)
      return { error: `yaml: line ${line}: ${why}` }
    }
    return valueOf(document)
  } catch (error) {
    // The library throws at aliases that lead nowhere or to too much, and its parser calls itself.
    if (error instanceof ReferenceError) return { error: aliasError(error.message) }
    if (error instanceof RangeError) return { error: `yaml: exceeded max depth of ${maxDepth}` }
    throw error
  }
}

function valueOf(document: Document): Parsed<unknown> {
  const value: unknown = document.toJS()
  const error = whatJsonCannotHold(value)
  return error === undefined ? { value } : { error }
}

function aliasError(message: string): string {
  const unresolved = /^Unresolved alias .*: (.*)$/.exec(message)?.[1]
  if (unresolved !== undefined) return `yaml: unknown anchor '${unresolved}' referenced`
  return message.startsWith('Excessive')
    ? 'yaml: document contains excessive aliasing'
    : 'yaml: anchor value contains itself'
}

/** Keys that stand twice in a map, each with its line, in the words of go-yaml. */
export function duplicateKeys(text: string): string[] {
  const lineCounter = new LineCounter()
  const { errors } = parseDocument(text, { uniqueKeys: true, lineCounter, logLevel: 'silent' })
  return errors.flatMap(({ code, pos }) => (code === 'DUPLICATE_KEY' ? [duplicate(text, pos[0], lineCounter)] : []))
}

function duplicate(text: string, at: number, lineCounter: LineCounter): string {
  const key = /^[^\s:]+/.exec(text.slice(at))?.[0] ?? ''
  return `  line ${lineCounter.linePos(at).line}: key "${key}" already set in map`
}

function lowered(message: string): string {
  const [first = ''] = message.split('\n')
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/ at line .*$/, '')
}
