import { compareBytes } from './go-text.ts'
import type { Parsed } from './parsed.ts'

/** Field selectors, `kubectl get --field-selector`: apimachinery/pkg/fields/selector.go. */

export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** All requirements must hold; the empty selector matches everything. */
export type FieldSelector = readonly FieldRequirement[]

const termOperators = ['!=', '==', '='] as const

/** `metadata.name=web,status.phase!=Running`. Commas, equal signs and backslashes in values follow a backslash. */
export function parseFieldSelector(text: string): Parsed<FieldSelector> {
  const requirements: FieldRequirement[] = []
  for (const term of splitTerms(text).sort(compareBytes)) {
    if (term === '') continue
    const split = splitTerm(term)
    if (!split) return { error: `invalid selector: '${text}'; can't understand '${term}'` }
    const { value, error } = unescapeValue(split.escaped)
    if (error !== undefined) return { error: `invalid field selector: ${error}` }
    requirements.push({ field: split.field, operator: split.operator === '!=' ? '!=' : '=', value })
  }
  return { value: requirements }
}

/** Whether an object meets the selector; `read` answers the value of a field, '' where there is none. */
export function matchesFields(selector: FieldSelector, read: (field: string) => string): boolean {
  for (const { field, operator, value } of selector) {
    if ((read(field) === value) !== (operator === '=')) return false
  }
  return true
}

/** The one value that a field must have, if the selector names it: lets a list by name read one object only. */
export function requiredValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find(requirement => requirement.field === field && requirement.operator === '=')?.value
}

export function formatFieldSelector(selector: FieldSelector): string {
  return selector.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',')
}

export function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&')
}

function splitTerms(text: string): string[] {
  if (text === '') return []
  const terms: string[] = []
  let start = 0
  let isEscaped = false
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (isEscaped) isEscaped = false
    else if (character === '\\') isEscaped = true
    else if (character === ',') {
      terms.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...terms, text.slice(start)]
}

function splitTerm(term: string): { field: string; operator: string; escaped: string } | undefined {
  for (let i = 0; i < term.length; i++) {
    const operator = termOperators.find(symbol => term.startsWith(symbol, i))
    if (operator) return { field: term.slice(0, i), operator, escaped: term.slice(i + operator.length) }
  }
  return undefined
}

function unescapeValue(escaped: string): Parsed<string> {
  let value = ''
  let isEscaped = false
  for (const rune of escaped) {
    if (isEscaped) {
      if (!'\\,='.includes(rune)) return { error: `invalid escape sequence: \\${rune}` }
      value += rune
      isEscaped = false
    } else if (rune === '\\') isEscaped = true
    // Upstream prints the rune with %v, which is its number.
    else if (rune === ',' || rune === '=') return { error: `unescaped character in value: ${rune.codePointAt(0)}` }
    else value += rune
  }
  return isEscaped ? { error: 'invalid escape sequence: \\' } : { value }
}
