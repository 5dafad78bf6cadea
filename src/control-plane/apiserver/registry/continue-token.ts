import { badRequest } from '../../../machinery/status.ts'
import { fieldsOf, textOf } from '../record.ts'

/** Where the next page of a list begins: storage/continue.go. */
export interface Token {
  readonly revision: number
  /** The last key that was listed, without the prefix of the list. */
  readonly start: string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function encodeToken({ revision, start }: Token): string {
  return encode(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000` }))
}

export function decodeToken(token: string): Token {
  const text = decode(token)
  if (text === undefined) throw refused('illegal base64 data at input byte 0')
  const first = text.charAt(0)
  if (first !== '{') throw refused(`invalid character '${first}' looking for beginning of value`)
  const { v, rv, start } = fieldsOf(parse(text))
  if (v !== 'meta.k8s.io/v1')
    throw badRequest(
      `invalid continue token: continue key is not valid: server does not recognize this encoded version "${textOf(v)}"`,
    )
  if (typeof rv !== 'number')
    throw badRequest(
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    )
  return { revision: rv, start: textOf(start).replace(/\u0000$/, '') }
}

function refused(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`)
}

/** What we wrote ourselves parses; anything else was made up. */
function parse(text: string): unknown {
  const match = /^\{"v":"([^"]*)","rv":([0-9]+),"start":"([^"]*)"\}$/.exec(text)
  if (!match) throw refused('unexpected end of JSON input')
  return { v: match[1], rv: Number(match[2]), start: match[3]?.replace('\\u0000', '\u0000') }
}

/** Base64 of RFC 4648 for URLs, without padding. The text is ASCII: names and numbers. */
function encode(text: string): string {
  let encoded = ''
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1) || 0, text.charCodeAt(i + 2) || 0]
    const bits = (a << 16) | (b << 8) | c
    const length = Math.min(text.length - i, 3) + 1
    for (let j = 0; j < length; j++) encoded += alphabet.charAt((bits >> (18 - 6 * j)) & 63)
  }
  return encoded
}

function decode(encoded: string): string | undefined {
  let text = ''
  for (let i = 0; i < encoded.length; i += 4) {
    const part = encoded.slice(i, i + 4)
    const sextets = [...part].map(character => alphabet.indexOf(character))
    if (sextets.includes(-1) || part.length === 1) return undefined
    const bits = [0, 1, 2, 3].reduce((sum, j) => (sum << 6) | (sextets[j] ?? 0), 0)
    for (let j = 0; j < part.length - 1; j++) text += String.fromCharCode((bits >> (16 - 8 * j)) & 255)
  }
  return text
}
