/** A running 64-bit hash of text, as two 32-bit halves: enough to see that two runs differ, not a signature. */
export class Digest {
  private high = 0xdeadbeef | 0
  private low = 0x41c6ce57 | 0

  add(text: string): this {
    let high = this.high
    let low = this.low
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      high = Math.imul(high ^ code, 2654435761)
      low = Math.imul(low ^ code, 1597334677)
    }
    this.high = high ^ (low >>> 15)
    this.low = low ^ (high >>> 13)
    return this
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    const mix = (a: number, b: number): number =>
      Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
    const hex = (number: number): string => (number >>> 0).toString(16).padStart(8, '0')
    return hex(mix(this.high, this.low)) + hex(mix(this.low, this.high))
  }
}

/** JSON with sorted keys, Maps and Sets as arrays: equal data gives equal text whatever order it was built in. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value instanceof Map) return canonicalJson([...value])
  if (value instanceof Set) return canonicalJson([...value])
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}
