import type { Issue } from './ast.ts'
import type { Source } from './source.ts'

/** The kinds of tokens, called as ANTLR's messages call them (cel-go/parser/gen/CEL.g4). */
export interface Token {
  /** `'+'`, `IDENTIFIER`, `<EOF>`. */
  readonly kind: string
  readonly text: string
  readonly at: number
}

const symbols = [
  ...['==', '!=', '<=', '>=', '&&', '||', '[', ']', '{', '}', '(', ')', '.', ',', '-', '!', '?', ':', '+', '*'],
  ...['/', '%', '<', '>'],
]
const words = new Set(['in', 'true', 'false', 'null'])

const space = /^[\t \r\n\f]+/
const comment = /^\/\/[^\n]*/
const float = /^(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/
const uint = /^(?:0x[0-9a-fA-F]+|[0-9]+)[uU]/
const int = /^(?:0x[0-9a-fA-F]+|[0-9]+)/
const identifier = /^[A-Za-z_][A-Za-z0-9_]*/
const escaped = /^`[A-Za-z0-9_.\-/ ]+`/

const escape = String.raw`\\(?:[abfnrtv"'\\?\x60]|x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7][0-7])`
const quoted = [
  `"""(?:${escape}|[^\\\\])*?"""`,
  `'''(?:${escape}|[^\\\\])*?'''`,
  `"(?:${escape}|[^\\\\"\\n\\r])*"`,
  `'(?:${escape}|[^\\\\'\\n\\r])*'`,
].join('|')
const raw = `[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\\n\\r]*"|'[^'\\n\\r]*')`
const string = new RegExp(`^(?:${raw}|${quoted})`)
const bytes = new RegExp(`^[bB](?:${raw}|${quoted})`)

const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['BYTES', bytes],
  ['STRING', string],
  ['NUM_FLOAT', float],
  ['NUM_UINT', uint],
  ['NUM_INT', int],
  ['IDENTIFIER', identifier],
  ['ESC_IDENTIFIER', escaped],
]

/** Cuts an expression into tokens. What is no token is reported and left out, as ANTLR does. */
export function tokenize({ text }: Source, issues: Issue[]): Token[] {
  const tokens: Token[] = []
  let rest = text
  let at = 0
  const take = (length: number): string => {
    const taken = rest.slice(0, length)
    rest = rest.slice(length)
    at += [...taken].length
    return taken
  }
  while (rest !== '') {
    const skipped = space.exec(rest) ?? comment.exec(rest)
    if (skipped) {
      take(skipped[0].length)
      continue
    }
    const start = at
    const found = firstToken(rest)
    if (found) {
      const [kind, length] = found
      tokens.push({ kind, text: take(length), at: start })
    } else {
      const wrong = take(unrecognized(rest))
      issues.push({ at: start, message: `Syntax error: token recognition error at: '${wrong}'` })
    }
  }
  tokens.push({ kind: '<EOF>', text: '<EOF>', at })
  return tokens
}

function firstToken(rest: string): readonly [kind: string, length: number] | undefined {
  for (const [kind, pattern] of patterns) {
    const match = pattern.exec(rest)?.[0]
    if (match !== undefined) return [kind === 'IDENTIFIER' && words.has(match) ? `'${match}'` : kind, match.length]
  }
  const symbol = symbols.find(each => rest.startsWith(each))
  return symbol === undefined ? undefined : [`'${symbol}'`, symbol.length]
}

/** How much the lexer swallows before it gives up: one character more than could have begun a token. */
function unrecognized(rest: string): number {
  const begun =
    /^(?:[&|=](?:[^])?|[rRbB]{0,2}(?:"(?:\\.|[^"\\\n\r])*(?:\\[^])?|'(?:\\.|[^'\\\n\r])*(?:\\[^])?)|`[A-Za-z0-9_.\-/ ]*[^])/u.exec(
      rest,
    )
  return begun ? begun[0].length : ([...rest][0] ?? ' ').length
}
