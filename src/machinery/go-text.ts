/**
 * How Go writes values into texts. Upstream's messages quote with strconv.Quote (`%q`) and show structured values with
 * encoding/json, so their exact letters depend on both.
 */

/** A value of which the printed form is known already, such as a struct of an internal API version. */
export class Printed {
  constructor(readonly text: string) {}
}

const escapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

// strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
const needsEscape = /[^ \p{L}\p{M}\p{N}\p{P}\p{S}]|["\\]/gu

/** A Go string literal: strconv.Quote. */
export function quote(text: string): string {
  return `"${text.replace(needsEscape, escapeRune)}"`
}

function escapeRune(rune: string): string {
  const known = escapes[rune]
  if (known) return known
  const code = rune.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

const htmlUnsafe = /[<>&\u2028\u2029]/g

/**
 * JSON as encoding/json writes it: `<`, `>` and `&` escaped, absent values `null`. A record of strings only is taken for
 * a Go map, whose keys are sorted; other objects for structs, whose fields keep the order they are given in.
 */
export function goJson(value: unknown): string {
  if (value instanceof Printed) return value.text
  if (typeof value === 'string') return goJsonString(value)
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.every(([, item]) => typeof item === 'string')) entries.sort(([a], [b]) => compareBytes(a, b))
  return `{${entries.map(([key, item]) => `${goJsonString(key)}:${goJson(item)}`).join(',')}}`
}

/** The same for what Go holds in maps all the way down, such as decoded manifests: every object's keys are sorted. */
export function goJsonSorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJsonSorted).join(',')}]`
  if (typeof value !== 'object' || value === null) return goJson(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => compareBytes(a, b))
  return `{${entries.map(([key, item]) => `${goJsonString(key)}:${goJsonSorted(item)}`).join(',')}}`
}

function goJsonString(text: string): string {
  return JSON.stringify(text).replace(htmlUnsafe, unsafe => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Go's order of strings: by their UTF-8 bytes, which is the order of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  const end = Math.min(a.length, b.length)
  for (let index = 0; index < end; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    // Surrogates stand for code points above every other UTF-16 unit.
    const bothOrNone = isSurrogate(left) === isSurrogate(right)
    return bothOrNone ? left - right : isSurrogate(left) ? 1 : -1
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

const nonAscii = /[^\x00-\x7f]/

/** Length in UTF-8 bytes: Go's len of a string. */
export function byteLength(text: string): number {
  if (!nonAscii.test(text)) return text.length
  let length = 0
  for (const rune of text) {
    const code = rune.codePointAt(0) ?? 0
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}

/** A value as fmt's `%v` prints decoded JSON: `map[image:x name:c]`, keys sorted, lists as `[a b]`. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => compareBytes(a, b))
  return `map[${entries.map(([key, item]) => `${key}:${goValue(item)}`).join(' ')}]`
}

/** The Go type of decoded JSON, as fmt's `%s` of reflect.TypeOf prints it. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'object') return 'map[string]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}
