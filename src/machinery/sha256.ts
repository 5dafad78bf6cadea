import { encodeUtf8 } from './base64.ts'

/** The first 32 bits of the fractions of the cube (or square) roots of the first primes, as FIPS 180-4 has them. */
function rootsOfPrimes(count: number, power: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    let isPrime = true
    for (let i = 2; i * i <= candidate; i++) if (candidate % i === 0) isPrime = false
    if (isPrime) found.push(Math.floor((candidate ** power % 1) * 2 ** 32) >>> 0)
  }
  return found
}

function rotate(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by))
}

/** SHA-256 of a text's bytes, in hexadecimal. */
export function sha256(text: string): string {
  const bytes = encodeUtf8(text)
  const bits = bytes.length * 8
  bytes.push(0x80)
  while (bytes.length % 64 !== 56) bytes.push(0)
  for (let i = 7; i >= 0; i--) bytes.push(Math.floor(bits / 2 ** (8 * i)) & 255)
  const constants = rootsOfPrimes(64, 1 / 3)
  const state = rootsOfPrimes(8, 1 / 2)
  for (let at = 0; at < bytes.length; at += 64) mix(state, bytes.slice(at, at + 64), constants)
  return state.map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

function mix(state: number[], block: readonly number[], constants: readonly number[]): void {
  const words: number[] = []
  for (let i = 0; i < 64; i++) {
    if (i < 16) {
      const at = 4 * i
      words.push(
        ((block[at] ?? 0) << 24) | ((block[at + 1] ?? 0) << 16) | ((block[at + 2] ?? 0) << 8) | (block[at + 3] ?? 0),
      )
      continue
    }
    const [old = 0, newer = 0] = [words[i - 15], words[i - 2]]
    const s0 = rotate(old, 7) ^ rotate(old, 18) ^ (old >>> 3)
    const s1 = rotate(newer, 17) ^ rotate(newer, 19) ^ (newer >>> 10)
    words.push(((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0)
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (const [i, word] of words.entries()) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const one = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + word) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] ?? 0) + value) | 0
}
