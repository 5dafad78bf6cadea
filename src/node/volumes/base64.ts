const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The text of a Secret's value. Bytes that are not UTF-8 show as replacement characters. */
export function decodeBase64(encoded: string): string {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of encoded) {
    const value = alphabet.indexOf(letter)
    if (value < 0) continue
    held = ((held << 6) | value) & 0xfff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return decodeUtf8(bytes)
}

function decodeUtf8(bytes: readonly number[]): string {
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index] ?? 0
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0
    const rest = bytes.slice(index + 1, index + Math.max(length, 1))
    const isWhole = length > 0 && rest.length === length - 1 && rest.every(byte => (byte & 0xc0) === 0x80)
    if (!isWhole) {
      text += '\ufffd'
      index++
      continue
    }
    let code = length === 1 ? first : first & (0x7f >> length)
    for (const byte of rest) code = (code << 6) | (byte & 0x3f)
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
    index += length
  }
  return text
}
