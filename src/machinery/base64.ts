import { byteLength } from './go-text.ts'

// Go's base64.StdEncoding and UTF-8, without the platform's codecs, which the simulation does not have.

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

/** The bytes of base64; what is none of its letters is skipped. */
export function bytesOfBase64(text: string): number[] {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text) {
    const value = alphabet.indexOf(letter)
    if (value < 0) continue
    held = ((held << 6) | value) & 0xffffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return bytes
}

/** The bytes of base64 read as UTF-8. */
export function decodeBase64(text: string): string {
  return decodeUtf8(bytesOfBase64(text))
}

/** UTF-8 bytes of a text as base64. */
export function encodeBase64(text: string): string {
  return encodeBytes(encodeUtf8(text))
}

export function encodeBytes(bytes: readonly number[]): string {
  let encoded = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3)
    const held = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    encoded += alphabet.charAt(held >> 18) + alphabet.charAt((held >> 12) & 63)
    encoded += second === undefined ? '=' : alphabet.charAt((held >> 6) & 63)
    encoded += third === undefined ? '=' : alphabet.charAt(held & 63)
  }
  return encoded
}

/** A text's UTF-8 bytes. */
export function encodeUtf8(text: string): number[] {
  const bytes: number[] = []
  for (const rune of text) {
    const code = rune.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** Text of UTF-8 bytes; what is none becomes the replacement character. */
export function decodeUtf8(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0
    const rest = bytes.slice(at + 1, at + Math.max(length, 1))
    const isWhole = length > 0 && rest.length === length - 1 && rest.every(byte => (byte & 0xc0) === 0x80)
    if (!isWhole) {
      text += '\ufffd'
      at++
      continue
    }
    const start = length === 1 ? first : first & (0xff >> (length + 1))
    text += String.fromCodePoint(
      Math.min(
        0x10ffff,
        rest.reduce((code, byte) => (code << 6) | (byte & 63), start),
      ),
    )
    at += length
  }
  return text
}

/** Whether bytes are a text in UTF-8. */
export function isUtf8(bytes: readonly number[]): boolean {
  const again = encodeUtf8(decodeUtf8(bytes))
  return again.length === bytes.length && again.every((byte, at) => byte === bytes[at])
}
