/** UTF-8 without the platform's codecs, which the simulation does not have. */

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const code = wellFormed(character.codePointAt(0) ?? 0)
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code, 0))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code, 6), tail(code, 0))
    else bytes.push(0xf0 | (code >> 18), tail(code, 12), tail(code, 6), tail(code, 0))
  }
  return Uint8Array.from(bytes)
}

function tail(code: number, shift: number): number {
  return 0x80 | ((code >> shift) & 0x3f)
}

/** Half a surrogate pair is no character. */
function wellFormed(code: number): number {
  return code >= 0xd800 && code < 0xe000 ? 0xfffd : code
}

/** The text, or undefined where the bytes are none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] ?? 0
    const length = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 0
    if (length === 0 || i + length > bytes.length) return undefined
    let code = length === 1 ? first : first & (0x7f >> length)
    for (let j = 1; j < length; j++) {
      const next = bytes[i + j] ?? 0
      if (next >> 6 !== 2) return undefined
      code = (code << 6) | (next & 0x3f)
    }
    const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0
    if (code < least || code > 0x10ffff || wellFormed(code) !== code) return undefined
    text += String.fromCodePoint(code)
    i += length
  }
  return text
}
