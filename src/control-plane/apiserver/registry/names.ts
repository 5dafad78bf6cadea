/** Letters and digits of generated names: no vowels, and nothing that looks like another (util/rand/rand.go). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function randomText(length: number, random: () => number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet.charAt(Math.floor(random() * alphabet.length))
  return text
}

/** Names have at most 63 characters, of which five are random. */
const baseLengthMax = 58

/** `web-` → `web-x7k2p`: storage/names/generate.go. */
export function generateName(base: string, random: () => number): string {
  return base.slice(0, baseLengthMax) + randomText(5, random)
}

/** A UUID of version 4 from the server's random stream. */
export function newUid(random: () => number): string {
  const word = (): number => Math.floor(random() * 0x100000000)
  const [a, b, c, d] = [word(), word(), word(), word()]
  const version = (b & 0x0fff) | 0x4000
  const variant = ((c >>> 16) & 0x0fff) | ((c >>> 30) << 12) | 0x8000
  // Joined, because an added-up string keeps its parts, and every object keeps its uid.
  return [hex32(a), '-', hex16(b >>> 16), '-', hex16(version), '-', hex16(variant), '-', hex16(c), hex32(d)].join('')
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex16(bits: number): string {
  return (hexBytes[(bits >>> 8) & 0xff] ?? '') + (hexBytes[bits & 0xff] ?? '')
}

function hex32(bits: number): string {
  return hex16(bits >>> 16) + hex16(bits)
}
