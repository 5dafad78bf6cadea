import { quote } from './go-text.ts'
import type { Parsed } from './parsed.ts'

/**
 * A JSON parser that keeps what JSON.parse throws away and the API server needs for its messages: keys that stand twice
 * and the spelling of numbers. Its complaints are those of Go (encoding/json/scanner.go), and it needs no call stack of
 * its own, so that deep nesting ends in a message and not in an overflow.
 */

export interface JsonDocument {
  readonly value: unknown
  /** Objects in which a key stands more than once, with every entry in the order of the text. */
  readonly repeated: ReadonlyMap<object, readonly JsonEntry[]>
  /** How numbers were written that JavaScript writes differently (`1e3`, `1.0`), by the array or object they stand in. */
  readonly spellings: ReadonlyMap<object, ReadonlyMap<string | number, string>>
}

export interface JsonEntry {
  readonly key: string
  readonly value: unknown
  readonly spelling?: string
}

/** encoding/json allows ten times as much (maxNestingDepth); but our walks through an object call themselves, and the stack of a
 * browser’s worker is short. */
const maxDepth = 1_000

const nothingRepeated: JsonDocument['repeated'] = new Map()
const nothingSpelled: JsonDocument['spellings'] = new Map()

/** A document of a value that never was a text. */
export function documentOf(value: unknown): JsonDocument {
  return { value, repeated: nothingRepeated, spellings: nothingSpelled }
}

/** Reads a JSON text. Of repeated keys the last one wins in `value`. */
export function parseJson(text: string): Parsed<JsonDocument> {
  return new Parser(text).run()
}

/** Sets a property of a plain object, also where its name is `__proto__`. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

/** An array or object that is being read. */
interface Frame {
  readonly array: unknown[] | undefined
  readonly object: Record<string, unknown>
  /** The key whose value is being read. */
  key: string
}

/** Stands for a container whose values are still to come. */
const opened = Symbol('opened')

const literals: Readonly<Record<string, readonly [string, unknown]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
}
const numberShape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const plainRun = /[^"\\\u0000-\u001f]*/y
const loneSurrogates = /\p{Surrogate}/gu
const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '/': '/',
  '"': '"',
}

class Parser {
  private at = 0
  private error: string | undefined
  /** Of the number that was read last, if JavaScript would write it differently. */
  private spelling: string | undefined
  private readonly stack: Frame[] = []
  private readonly repeated = new Map<object, JsonEntry[]>()
  private readonly spellings = new Map<object, Map<string | number, string>>()

  constructor(private readonly text: string) {}

  run(): Parsed<JsonDocument> {
    let value: unknown
    do {
      value = this.begin()
      while (value !== opened && this.stack.length > 0 && this.error === undefined) value = this.deliver(value)
    } while (value === opened && this.error === undefined)
    this.skipSpace()
    if (this.error === undefined && this.at < this.text.length) this.fail('after top-level value')
    if (this.error !== undefined) return { error: this.error }
    return { value: { value, repeated: this.repeated, spellings: this.spellings } }
  }

  /** Reads a scalar or an empty container and returns it; or opens a container and goes to its first value. */
  private begin(): unknown {
    this.skipSpace()
    const char = this.text.charAt(this.at)
    if (char === '"') return this.string()
    if (char === '{' || char === '[') return this.open(char)
    if (char === '-' || (char >= '0' && char <= '9')) return this.number()
    const literal = Object.hasOwn(literals, char) ? literals[char] : undefined
    return literal ? this.literal(...literal) : this.fail('looking for beginning of value')
  }

  private open(char: '{' | '['): unknown {
    if (this.stack.length >= maxDepth) return this.fail('exceeded max depth')
    const isArray = char === '['
    const frame: Frame = { array: isArray ? [] : undefined, object: {}, key: '' }
    this.at++
    this.skipSpace()
    if (this.text[this.at] === (isArray ? ']' : '}')) {
      this.at++
      return frame.array ?? frame.object
    }
    this.stack.push(frame)
    if (!isArray) this.readKey(frame)
    return opened
  }

  /** Puts a value into the innermost container. Returns that, if this was its last value. */
  private deliver(value: unknown): unknown {
    const frame = this.stack.at(-1) as Frame
    if (frame.array) {
      this.noteSpelling(frame.array, frame.array.length)
      frame.array.push(value)
    } else {
      this.put(frame, value)
    }
    this.spelling = undefined
    this.skipSpace()
    const char = this.text[this.at]
    if (char === ',') {
      this.at++
      if (!frame.array) this.readKey(frame)
      return opened
    }
    if (char !== (frame.array ? ']' : '}')) {
      return this.fail(frame.array ? 'after array element' : 'after object key:value pair')
    }
    this.at++
    this.stack.pop()
    return frame.array ?? frame.object
  }

  private put({ object, key }: Frame, value: unknown): void {
    if (Object.hasOwn(object, key)) {
      if (!this.repeated.has(object)) this.repeated.set(object, this.entriesOf(object))
      this.spellings.get(object)?.delete(key)
    }
    // From the first repetition on, every entry counts.
    if (this.repeated.size > 0) this.repeated.get(object)?.push({ key, value, spelling: this.spelling })
    setOwn(object, key, value)
    this.noteSpelling(object, key)
  }

  private entriesOf(object: Record<string, unknown>): JsonEntry[] {
    const spellings = this.spellings.get(object)
    return Object.entries(object).map(([key, value]) => ({ key, value, spelling: spellings?.get(key) }))
  }

  private noteSpelling(container: object, key: string | number): void {
    if (this.spelling === undefined) return
    const known = this.spellings.get(container) ?? new Map<string | number, string>()
    this.spellings.set(container, known.set(key, this.spelling))
  }

  private readKey(frame: Frame): void {
    this.skipSpace()
    if (this.text[this.at] !== '"') return this.fail('looking for beginning of object key string')
    frame.key = this.string() ?? ''
    this.skipSpace()
    if (this.text[this.at] !== ':') return this.fail('after object key')
    this.at++
  }

  private string(): string | undefined {
    let result = ''
    let hasSurrogates = false
    for (this.at++; ;) {
      plainRun.lastIndex = this.at
      const run = plainRun.exec(this.text)?.[0] ?? ''
      result += run
      this.at += run.length
      const char = this.text[this.at]
      if (char === '"') break
      if (char !== '\\') return this.fail('in string literal')
      this.at++
      const escaped = this.escape()
      if (escaped === undefined) return undefined
      hasSurrogates ||= escaped >= '\ud800' && escaped <= '\udfff'
      result += escaped
    }
    this.at++
    return hasSurrogates ? result.replace(loneSurrogates, '\ufffd') : result
  }

  private escape(): string | undefined {
    const char = this.text.charAt(this.at)
    if (Object.hasOwn(escapes, char)) {
      this.at++
      return escapes[char]
    }
    if (char !== 'u') return this.fail('in string escape code')
    this.at++
    const end = this.at + 4
    while (this.at < end) {
      if (!/[0-9a-fA-F]/.test(this.text.charAt(this.at))) return this.fail('in \\u hexadecimal character escape')
      this.at++
    }
    return String.fromCharCode(Number.parseInt(this.text.slice(end - 4, end), 16))
  }

  private literal(word: string, value: unknown): unknown {
    for (let i = 1; i < word.length; i++) {
      if (this.text[this.at + i] === word[i]) continue
      this.at += i
      return this.fail(`in literal ${word} (expecting '${word.charAt(i)}')`)
    }
    this.at += word.length
    return value
  }

  private number(): number | undefined {
    numberShape.lastIndex = this.at
    const literal = numberShape.exec(this.text)?.[0]
    if (literal === undefined) {
      this.at++ // Only a minus sign begins a number without being one.
      return this.fail('in numeric literal')
    }
    this.at += literal.length
    const next = this.text.charAt(this.at)
    const hasExponent = /[eE]/.test(literal)
    if (next === '.' && !hasExponent && !literal.includes('.')) {
      this.at++
      return this.fail('after decimal point in numeric literal')
    }
    if ((next === 'e' || next === 'E') && !hasExponent) {
      this.at += /[+-]/.test(this.text.charAt(this.at + 1)) ? 2 : 1
      return this.fail('in exponent of numeric literal')
    }
    const value = Number(literal)
    if (!Number.isFinite(value)) {
      this.error ??= `json: cannot unmarshal number ${literal} into Go value of type float64`
      return undefined
    }
    this.spelling = String(value) === literal ? undefined : literal
    return value === 0 ? 0 : value // never -0
  }

  private skipSpace(): void {
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    }
  }

  private fail(context: string): undefined {
    const isEnd = this.at >= this.text.length
    this.error ??= isEnd ? 'unexpected end of JSON input' : `invalid character ${this.quoteByte()} ${context}`
    return undefined
  }

  /** Go looks at bytes: of a character outside ASCII it shows the first byte of its UTF-8 form, as if that were one. */
  private quoteByte(): string {
    const code = this.text.codePointAt(this.at) ?? 0
    const byte = code < 0x80 ? code : code < 0x800 ? 0xc0 | (code >> 6) : code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0
    const char = String.fromCharCode(byte < 0xf0 ? byte : 0xf0 | (code >> 18))
    if (char === "'") return "'\\''"
    return char === '"' ? `'"'` : `'${quote(char).slice(1, -1)}'`
  }
}
