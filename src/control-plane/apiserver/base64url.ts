const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64 of RFC 4648 for URLs, without padding. The text is ASCII. */
export function encodeBase64Url(text: string): string {
  let encoded = ''
  for (let i = 0; i < text.length; i += 3) {
    const bits = (text.charCodeAt(i) << 16) | (text.charCodeAt(i + 1) << 8) | text.charCodeAt(i + 2)
    encoded += (pairs[bits >> 12] ?? '') + (pairs[bits & 4095] ?? '')
  }
  return encoded.slice(0, Math.ceil((text.length * 4) / 3))
}

/** What twelve bits are written as. */
const pairs = Array.from({ length: 4096 }, (_, bits) => alphabet.charAt(bits >> 6) + alphabet.charAt(bits & 63))

/** The text, or undefined for what is not base64. */
export function decodeBase64Url(encoded: string): string | undefined {
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
