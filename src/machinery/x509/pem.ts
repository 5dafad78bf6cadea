const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bytes between lines that say what they are (RFC 7468). */
export function pemOf(label: string, bytes: Uint8Array): string {
  const lines = base64Of(bytes).replace(/(.{64})(?!$)/g, '$1\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

/** The first block of a text: its label and its bytes; undefined when there is none. */
export function pemBlock(text: string): { readonly label: string; readonly bytes: Uint8Array } | undefined {
  const match = /-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]*?)-----END \1-----/.exec(text)
  return match?.[1] === undefined ? undefined : { label: match[1], bytes: bytesOf(match[2] ?? '') }
}

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3)
    const bits = (a << 16) | (b << 8) | c
    const count = Math.min(bytes.length - i, 3)
    for (let j = 0; j < 4; j++) text += j <= count ? alphabet.charAt((bits >> (18 - 6 * j)) & 63) : '='
  }
  return text
}

function bytesOf(base64: string): Uint8Array {
  const digits = [...base64.replace(/[\s=]/g, '')].map(character => alphabet.indexOf(character))
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  for (let i = 0, at = 0; i < digits.length; i += 4) {
    const bits = [0, 1, 2, 3].reduce((sum, j) => (sum << 6) | (digits[i + j] ?? 0), 0)
    for (let j = 0; j < 3 && at < bytes.length; j++) bytes[at++] = (bits >> (16 - 8 * j)) & 255
  }
  return bytes
}
