import { byteLength } from './go-text.ts'

/** Go's base64.StdEncoding, whose complaints name the byte at which the text stops being base64. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Why a text is not base64, or undefined if it is. Line ends are skipped. */
export function base64Error(text: string): string | undefined {
  const at = badByte(text)
  return at === undefined ? undefined : `illegal base64 data at input byte ${at}`
}

/** Where decoding stops (encoding/base64, decodeQuantum). */
function badByte(text: string): number | undefined {
  let inQuantum = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\n' || char === '\r') continue
    if (char === '=') return badPadding(text, at, inQuantum)
    if (!alphabet.includes(char)) return byteOffset(text, at)
    inQuantum = (inQuantum + 1) % 4
  }
  // The text ends within a group of four: Go reports the byte at which the incomplete group begins to be missing.
  return inQuantum === 0 ? undefined : text.length - inQuantum
}

/** Two data characters need `==`, three need `=`, and nothing may follow. */
function badPadding(text: string, first: number, inQuantum: number): number | undefined {
  if (inQuantum < 2) return byteOffset(text, first)
  let at = skipLineEnds(text, first + 1)
  if (inQuantum === 2) {
    if (at === text.length) return text.length
    if (text[at] !== '=') return at - 1
    at++
  }
  at = skipLineEnds(text, at)
  return at < text.length ? byteOffset(text, at) : undefined
}

function skipLineEnds(text: string, at: number): number {
  let next = at
  while (text[next] === '\n' || text[next] === '\r') next++
  return next
}

function byteOffset(text: string, at: number): number {
  return byteLength(text.slice(0, at))
}
