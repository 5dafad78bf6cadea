/** Base64 as Go's encoding/json reads and writes []byte fields. The engine has neither Buffer nor atob. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Map([...alphabet].map((letter, value) => [letter, value]))

export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text)
  let result = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.slice(i, i + 3)
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    result += letter(group >> 18) + letter(group >> 12)
    result += b === undefined ? '=' : letter(group >> 6)
    result += c === undefined ? '=' : letter(group)
  }
  return result
}

function letter(bits: number): string {
  return alphabet[bits & 63] ?? ''
}

function utf8Bytes(text: string): number[] {
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

/** The text that a base64 value holds; bytes that are no UTF-8 become U+FFFD. */
export function decodeBase64(base64: string): string {
  const bytes = decodeBytes(base64)
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] ?? 0
    const length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0
    const rest = bytes.slice(i + 1, i + length)
    if (length === 0 || rest.length !== length - 1 || rest.some(byte => (byte & 0xc0) !== 0x80)) {
      text += '\ufffd'
      i++
      continue
    }
    const lead = length === 1 ? first : first & (0xff >> (length + 1))
    text += String.fromCodePoint(rest.reduce((code, byte) => (code << 6) | (byte & 63), lead))
    i += length
  }
  return text
}

export function decodeBytes(base64: string): number[] {
  const bytes: number[] = []
  let group = 0
  let bits = 0
  for (const character of base64) {
    const value = values.get(character)
    if (value === undefined) continue
    group = (group << 6) | value
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((group >> bits) & 0xff)
    group &= (1 << bits) - 1
  }
  return bytes
}
