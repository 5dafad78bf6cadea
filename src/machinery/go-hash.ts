/** The hashes by which Kubernetes names ReplicaSets and revisions: FNV (Go's hash/fnv) and rand.SafeEncodeString. */

const offset = 0x811c9dc5
const prime = 0x01000193

/** FNV-1a over the UTF-8 bytes of a text, going on from an earlier hash. */
export function fnv32a(text: string, hash = offset): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return fnvBytes(utf8(text.slice(i)), hash, true)
    hash = Math.imul(hash ^ code, prime)
  }
  return hash >>> 0
}

/** FNV-1: multiplies first. */
export function fnv32(text: string, hash = offset): number {
  return fnvBytes(utf8(text), hash, false)
}

/** FNV-1a over a number's eight bytes, of which the lower four are little-endian and the others zero. */
export function fnv32aOfCount(count: number, hash: number): number {
  const bytes = [count, count >>> 8, count >>> 16, count >>> 24, 0, 0, 0, 0].map(byte => byte & 0xff)
  return fnvBytes(bytes, hash, true)
}

function fnvBytes(bytes: readonly number[], start: number, isXorFirst: boolean): number {
  let hash = start
  for (const byte of bytes) {
    hash = isXorFirst ? Math.imul(hash ^ byte, prime) : Math.imul(hash, prime) ^ byte
  }
  return hash >>> 0
}

function utf8(text: string): number[] {
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

const safe = 'bcdfghjklmnpqrstvwxz2456789'

/** Letters for digits, without vowels and look-alikes, so that no word comes out: rand.SafeEncodeString. */
export function safeEncode(hash: number): string {
  return Array.from(String(hash), digit => safe.charAt(digit.charCodeAt(0) % safe.length)).join('')
}
