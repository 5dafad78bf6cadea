import { parseTime, timestamp } from '../time.ts'

/** ASN.1 in DER, as far as certificates need it (ITU-T X.690). */

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One element: its tag, its content, and itself whole. */
export interface Element {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

export function encode(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const head = [tag, ...lengthBytes(length)]
  const bytes = new Uint8Array(head.length + length)
  bytes.set(head)
  let at = head.length
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function lengthBytes(length: number): number[] {
  if (length < 128) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return encode(tags.sequence, ...parts)
}

/** A number that is not negative, given as its bytes. */
export function integer(bytes: readonly number[]): Uint8Array {
  const start = bytes.findIndex(byte => byte !== 0)
  const digits = start < 0 ? [0] : bytes.slice(start)
  return encode(tags.integer, (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits)
}

/** `2.5.4.3`. */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const digits = [part % 128]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 | (left % 128))
    bytes.push(...digits)
  }
  return encode(tags.oid, bytes)
}

export function utf8Text(text: string): Uint8Array {
  return encode(tags.utf8, utf8Bytes(text))
}

export function utf8Bytes(text: string): number[] {
  return [...unescape(encodeURIComponent(text))].map(character => character.charCodeAt(0))
}

export function utf8Of(bytes: Uint8Array): string {
  const escaped = [...bytes].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  try {
    return decodeURIComponent(escaped)
  } catch {
    return String.fromCharCode(...bytes)
  }
}

export function bitString(bytes: Uint8Array | readonly number[], unused = 0): Uint8Array {
  return encode(tags.bitString, [unused], bytes)
}

/** Reads all elements of a content. Throws RangeError for what is no DER. */
export function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at)
    found.push(element)
    at += element.whole.length
  }
  return found
}

function elementAt(bytes: Uint8Array, at: number): Element {
  const [tag = 0, first = 0] = bytes.subarray(at, at + 2)
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0)
    start += count
  }
  if (start + length > bytes.length) throw new RangeError('data truncated')
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) }
}

/** The elements inside an element. */
export function inside(element: Element | undefined): Element[] {
  return element ? elements(element.content) : []
}

export function oidText(element: Element | undefined): string {
  const numbers: number[] = []
  let number = 0
  for (const byte of element?.content ?? []) {
    number = number * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    numbers.push(number)
    number = 0
  }
  const [first = 0, ...rest] = numbers
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...rest].join('.')
}

/** A time as X.509 writes it: two digits of the year until 2049. */
export function time(ms: number): Uint8Array {
  const text = timestamp(ms).replace(/[-:T]/g, '')
  const isLong = Number(text.slice(0, 4)) >= 2050
  return encode(isLong ? tags.generalizedTime : tags.utcTime, utf8Bytes(isLong ? text : text.slice(2)))
}

export function timeOf(element: Element | undefined): number {
  const text = utf8Of(element?.content ?? new Uint8Array())
  const long = element?.tag === tags.generalizedTime ? text : `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`
  return parseTime(long.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
