import type { Parsed } from '../parsed.ts'
import type { Token } from './lexer.ts'
import { encodeUtf8 } from './utf8.ts'
import { type CelValue, Uint } from './values.ts'

const maxInt = 2n ** 63n - 1n
const minInt = -(2n ** 63n)
const maxUint = 2n ** 64n - 1n

/** The value that a token writes: the visitors of cel-go/parser/parser.go and parser/unescape.go. */
export function literalOf({ kind, text }: Token): Parsed<CelValue> {
  switch (kind) {
    case 'NUM_INT': {
      const value = integer(text)
      return value > maxInt || value < minInt ? { error: 'invalid int literal' } : { value }
    }
    case 'NUM_UINT': {
      const value = integer(text.slice(0, -1))
      return value > maxUint ? { error: 'invalid uint literal' } : { value: new Uint(value) }
    }
    case 'NUM_FLOAT': {
      const value = Number(text)
      return Number.isFinite(value) ? { value } : { error: 'invalid double literal' }
    }
    case 'STRING':
      return unquote(text)
    case 'BYTES':
      return unquoteBytes(text.slice(1))
    case "'true'":
      return { value: true }
    case "'false'":
      return { value: false }
    default:
      return { value: null }
  }
}

function integer(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)
}

function unquote(text: string): Parsed<string> {
  const { body, isRaw } = bodyOf(text)
  if (isRaw || !body.includes('\\')) return { value: body }
  let error: string | undefined
  const value = body.replace(escape, (whole, simple?: string, hex?: string, octal?: string) => {
    const code = simple === undefined ? Number.parseInt(hex ?? octal ?? '', hex === undefined ? 8 : 16) : undefined
    if (code === undefined) return simpleEscapes[simple ?? ''] ?? whole
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      error = 'unable to unescape string'
      return ''
    }
    return String.fromCodePoint(code)
  })
  return error === undefined ? { value } : { error }
}

function unquoteBytes(text: string): Parsed<Uint8Array> {
  const { body, isRaw } = bodyOf(text)
  if (isRaw) return { value: encodeUtf8(body) }
  const bytes: number[] = []
  let last = 0
  for (const match of body.matchAll(escape)) {
    bytes.push(...encodeUtf8(body.slice(last, match.index)))
    last = match.index + match[0].length
    const [, simple, hex, octal] = match
    if (simple !== undefined) bytes.push(...encodeUtf8(simpleEscapes[simple] ?? ''))
    else bytes.push(Number.parseInt(hex ?? octal ?? '', hex === undefined ? 8 : 16) & 0xff)
  }
  bytes.push(...encodeUtf8(body.slice(last)))
  return { value: Uint8Array.from(bytes) }
}

const escape =
  /\\(?:([abfnrtv"'\\?`])|(?:[xX](?=..)|u(?=.{4})|U(?=.{8}))((?<=[xX])[0-9a-fA-F]{2}|(?<=u)[0-9a-fA-F]{4}|(?<=U)[0-9a-fA-F]{8})|([0-3][0-7][0-7]))/g

const simpleEscapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '"': '"', "'": "'", '\\': '\\', '?': '?', '`': '`' },
}

/** The text between the quotes, with line ends as Go reads them. */
function bodyOf(token: string): { body: string; isRaw: boolean } {
  const isRaw = /^[rR]/.test(token)
  const quoted = (isRaw ? token.slice(1) : token).replace(/\r\n?/g, '\n')
  const width = quoted.length >= 6 && (quoted.startsWith('"""') || quoted.startsWith("'''")) ? 3 : 1
  return { body: quoted.slice(width, -width), isRaw }
}
