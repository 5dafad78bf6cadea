import { aggregate, errorText, noField } from './fieldpath.ts'
import { compareBytes, quote } from './go-text.ts'
import {
  labelKeyError,
  type LabelSelector,
  type Operator,
  type Requirement,
  requirementErrors,
  type Selector,
  sorted,
} from './labels.ts'
import type { Parsed } from './parsed.ts'

/**
 * The string form of label selectors, as `kubectl -l` and the labelSelector parameter take it: the lexer and parser of
 * apimachinery/pkg/labels/selector.go, whose errors say what was found and what was expected.
 */

type TokenKind = 'end' | 'error' | 'identifier' | ')' | ',' | '!' | '==' | '=' | '>' | 'in' | '<' | '!=' | 'notin' | '('

interface Token {
  readonly kind: TokenKind
  readonly text: string
}

const symbols = new Set<string>(['=', '!', '(', ')', ',', '>', '<'])
const symbolTokens: readonly TokenKind[] = ['==', '!=', ')', ',', '!', '=', '>', '<', '(']
const end: Token = { kind: 'end', text: '' }

/** `app=web,tier in (a,b),!old` → requirements sorted by key. The empty text selects everything. */
export function parseSelector(text: string): Parsed<Selector> {
  const parser = new Parser(scan(text))
  const requirements: Requirement[] = []
  for (;;) {
    const next = parser.peek()
    if (next.kind === 'end') return { value: sorted(requirements) }
    if (next.kind !== 'identifier' && next.kind !== '!') {
      return { error: `found '${next.text}', expected: !, identifier, or 'end of string'` }
    }
    const { value, error } = parseRequirement(parser)
    if (error !== undefined) return { error: `unable to parse requirement: ${error}` }
    requirements.push(value)
    const after = parser.take()
    if (after.kind === 'end') return { value: sorted(requirements) }
    if (after.kind !== ',') return { error: `found '${after.text}', expected: ',' or 'end of string'` }
    const { kind, text: found } = parser.peek()
    if (kind !== 'identifier' && kind !== '!') return { error: `found '${found}', expected: identifier after ','` }
  }
}

/** A cursor over the tokens. `in` and `notin` are keywords only where an operator may stand. */
class Parser {
  private position = 0

  constructor(private readonly tokens: readonly Token[]) {}

  peek(): Token {
    const token = this.tokens[this.position] ?? end
    return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token
  }

  take(): Token {
    const token = this.peek()
    this.position++
    return token
  }

  takeOperator(): Token {
    return this.tokens[this.position++] ?? end
  }
}

function parseRequirement(parser: Parser): Parsed<Requirement> {
  let token = parser.take()
  const isNegated = token.kind === '!'
  if (isNegated) token = parser.take()
  if (token.kind !== 'identifier') return { error: `found '${token.text}', expected: identifier` }
  const key = token.text
  const keyError = labelKeyError(noField, key)
  if (keyError) return { error: errorText(keyError) }

  if (isNegated) return checked({ key, operator: '!', values: [] })
  const next = parser.peek().kind
  if (next === 'end' || next === ',') return checked({ key, operator: 'exists', values: [] })
  const { kind, text } = parser.takeOperator()
  const operator = binaryOperators.get(kind)
  if (!operator) return { error: `found '${text}', expected: ${operatorList}` }
  const values = operator === 'in' || operator === 'notin' ? parseValues(parser) : parseExactValue(parser)
  return values.error === undefined ? checked({ key, operator, values: values.value }) : values
}

const binaryOperators = new Map<TokenKind, Operator>([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
])
// Upstream's constants for greater and less than are the words, and it lists them so.
const operatorList = 'in, notin, =, ==, !=, gt, lt'

function checked(requirement: Requirement): Parsed<Requirement> {
  const errors = requirementErrors(requirement)
  return errors.length > 0 ? { error: aggregate(errors) } : { value: requirement }
}

function parseExactValue(parser: Parser): Parsed<readonly string[]> {
  const next = parser.peek().kind
  if (next === 'end' || next === ',') return { value: [''] }
  const { kind, text } = parser.take()
  return kind === 'identifier' ? { value: [text] } : { error: `found '${text}', expected: identifier` }
}

function parseValues(parser: Parser): Parsed<readonly string[]> {
  const open = parser.take()
  if (open.kind !== '(') return { error: `found '${open.text}' expected: '('` }
  const { kind, text } = parser.peek()
  if (kind === ')') {
    parser.take()
    return { value: [''] }
  }
  if (kind !== 'identifier' && kind !== ',') return { error: `found '${text}', expected: ',', ')' or identifier` }
  const list = parseList(parser)
  if (list.error === undefined) parser.take()
  return list
}

/** Up to the closing parenthesis. An empty place, as in `(a,)`, is the empty value. */
function parseList(parser: Parser): Parsed<readonly string[]> {
  const values = new Set<string>()
  for (;;) {
    const { kind, text } = parser.take()
    const next = parser.peek()
    if (kind === 'identifier') {
      values.add(text)
      if (next.kind === ')') break
      if (next.kind !== ',') return { error: `found '${next.text}', expected: ',' or ')'` }
    } else if (kind === ',') {
      if (values.size === 0 || next.kind === ')' || next.kind === ',') values.add('')
      if (next.kind === ')') break
    } else {
      return { error: `found '${text}', expected: ',', or identifier` }
    }
  }
  return { value: [...values].sort(compareBytes) }
}

/** A selector as an object that could carry it, for `kubectl expose` and `create pdb`: ParseToLabelSelector. */
export function parseToLabelSelector(text: string): Parsed<LabelSelector> {
  const { value: selector, error } = parseSelector(text)
  if (error !== undefined) return { error: `couldn't parse the selector string "${text}": ${error}` }
  const matchLabels: Record<string, string> = {}
  const matchExpressions: { key: string; operator: string; values?: readonly string[] }[] = []
  for (const { key, operator, values } of selector) {
    if (operator === '=' || operator === '==') matchLabels[key] = values[0] ?? ''
    else if (operator === 'in') matchExpressions.push({ key, operator: 'In', values })
    else if (operator === 'notin') matchExpressions.push({ key, operator: 'NotIn', values })
    else if (operator === 'exists') matchExpressions.push({ key, operator: 'Exists' })
    else if (operator === '!') matchExpressions.push({ key, operator: 'DoesNotExist' })
    else if (operator === 'gt' || operator === 'lt')
      return { error: `${quote(operator)} isn't supported in label selectors` }
    else return { error: `${quote(operator)} is not a valid label selector operator` }
  }
  return { value: { matchLabels, ...(matchExpressions.length > 0 && { matchExpressions }) } }
}

function scan(text: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < text.length) {
    const character = text.charAt(position)
    if (/[ \t\r\n]/.test(character)) {
      position++
      continue
    }
    const token = symbols.has(character) ? scanSymbol(text, position) : scanWord(text, position)
    position += token.text.length
    tokens.push(token)
  }
  return tokens
}

function scanSymbol(text: string, position: number): Token {
  const kind = symbolTokens.find(symbol => text.startsWith(symbol, position)) ?? 'error'
  return { kind, text: kind }
}

function scanWord(text: string, position: number): Token {
  const word = /^[^ \t\r\n=!(),><]+/.exec(text.slice(position))?.[0] ?? ''
  return { kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word }
}
