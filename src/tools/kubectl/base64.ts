// Base64 and UTF-8 without the platform's codecs, which the simulation does not have.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function bytesOfBase64(text: string): number[] {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of text.replace(/=+$/, '')) {
    held = ((held << 6) | alphabet.indexOf(letter)) & 0xffffff
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
  const bytes = encodeUtf8(text)
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
