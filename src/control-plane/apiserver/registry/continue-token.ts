import { badRequest } from '../../../machinery/status.ts'
import { decodeBase64Url as decode, encodeBase64Url as encode } from '../base64url.ts'
import { fieldsOf, textOf } from '../record.ts'

/** Where the next page of a list begins: storage/continue.go. */
export interface Token {
  readonly revision: number
  /** The last key that was listed, without the prefix of the list. */
  readonly start: string
}

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
