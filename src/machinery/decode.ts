import { type JsonDocument, type JsonEntry, setOwn } from './json-text.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from './schema.ts'
import { compareBytes, quote } from './go-text.ts'
import { type Complaint, isWrittenNull, isZero, scalar, typeError, unset, wordFor, zeroOf } from './decode-values.ts'

/**
 * Decoding of a JSON value into a type as Go does it (kubernetes-sigs/json): what the value is after a round trip
 * through the Go struct, with the messages of encoding/json about wrong types and of strict decoding about fields that
 * are unknown or stand twice.
 */
export interface Decoded {
  /**
   * Without fields that the type does not have, without nulls and zeros that Go leaves out, and with those that it
   * always writes. Parts that need no change are those of the input, not copies.
   */
  readonly value: unknown
  /** Why the value cannot be decoded: `json: cannot unmarshal …`. */
  readonly error?: string
  /** Findings of strict decoding in the order of the text: `unknown field "spec.foo"`, `duplicate field "…"`. */
  readonly strict: readonly string[]
}

/** Decodes a document into a type. */
export function decode(type: TypeSchema, document: JsonDocument): Decoded {
  const decoder = new Decoder(document)
  const value = decoder.root(type)
  return { value, error: decoder.fatal ?? decoder.saved, strict: decoder.strict }
}

/** The message with which the server refuses what strict decoding found. */
export function strictDecodingError(findings: readonly string[]): string {
  return `strict decoding error: ${findings.join(', ')}`
}

/** UnmarshalStrict stops collecting after so many. */
const maxFindings = 100

/** Types that contain themselves (JSON schemas) can be nested as deep as the text. Deeper than this nothing sensible is. */
const maxDepth = 500

class Decoder {
  readonly strict: string[] = []
  /** The first mistake after which decoding goes on: Go reports it unless something worse turns up. */
  saved: string | undefined
  /** A mistake that ends decoding: a value that has its own decoder (a time, a quantity) is wrong. */
  fatal: string | undefined

  /** Go's idea of where we are: the innermost struct and the fields above, without indices and keys of maps. */
  private struct = ''
  private readonly fields: string[] = []
  /** Strict decoding's: with indices and keys. */
  private readonly path: (string | number)[] = []
  /** Above zero inside values that bring their own decoder, which is not strict. */
  private lenient = 0

  constructor(private readonly document: JsonDocument) {}

  root(type: TypeSchema): unknown {
    const value = this.document.value ?? {}
    const version = type.name.split('.').at(-2) ?? ''
    return this.value({ type: 'object', object: type, goType: `${version}.${type.structName}` }, value) ?? {}
  }

  /** The decoded value, or undefined for null and for what is wrong. */
  private value(schema: ValueSchema, source: unknown, spelling?: string): unknown {
    if (source === null || source === undefined) return undefined
    switch (schema.type) {
      case 'object':
      case 'map':
        if (typeof source !== 'object' || Array.isArray(source)) return this.mistake(schema, source)
        return schema.type === 'map' ? this.map(schema, source) : this.object(schema, source)
      case 'array':
        return Array.isArray(source) ? this.array(schema, source) : this.mistake(schema, source)
      case 'schema-or-array':
      case 'schema-or-bool':
      case 'schema-or-strings':
        return this.schemaOr(schema, source)
      default:
        return scalar(schema, source, spelling, this.complain)
    }
  }

  private readonly complain: Complaint = (text, goType, isFatal) => {
    const message = goType === undefined ? text : typeError(text, goType, this.struct, this.fields)
    if (isFatal) this.fatal ??= message
    else this.saved ??= message
  }

  private mistake(schema: ValueSchema, source: unknown): undefined {
    this.complain(wordFor(source), schema.goType, false)
  }

  private object({ object: type }: ValueSchema, source: object): object {
    if (!type || this.path.length > maxDepth) {
      this.fatal ??= "invalid character '{' exceeded max depth"
      return source
    }
    const repeated = this.repeatedIn(source)
    return repeated ? this.objectOf(type, source, repeated) : this.plainObject(type, source)
  }

  /** An object without repeated fields: nothing is made anew before something turns out to change. */
  private plainObject(type: TypeSchema, source: object): object {
    const values = source as Readonly<Record<string, unknown>>
    const spellings = this.spellingsIn(source)
    const keys = Object.keys(source)
    let result: Record<string, unknown> | undefined
    let last = -1
    let isInOrder = true
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? ''
      const value = values[key]
      const field = value === undefined ? undefined : type.fields.get(key)
      if (value !== undefined && !field) this.find('unknown', key)
      let decoded = field && this.field(type, field, value, spellings?.get(key))
      if (value === null && field && isWrittenNull(field)) decoded = null
      if (!result && (decoded === undefined || decoded !== value)) result = firstOf(values, keys, index)
      if (field && decoded !== undefined) {
        if (result) result[key] = decoded
        isInOrder &&= field.position > last
        last = field.position
      }
      if (this.fatal !== undefined) break
    }
    for (const field of type.filled) {
      if ((result ?? values)[field.name] !== undefined) continue
      const value = unset(field)
      if (value === undefined) continue
      result ??= { ...values }
      result[field.name] = value
      isInOrder &&= field.position > last
      last = field.position
    }
    return isInOrder ? (result ?? source) : sharing(source, inOrder(result ?? values, type.fields.keys()))
  }

  /** An object of which some fields stand twice: the last of each counts. */
  private objectOf(type: TypeSchema, source: object, entries: readonly JsonEntry[]): object {
    const result: Record<string, unknown> = {}
    this.eachOf(entries, (key, value, spelling, isRepeated) => {
      const field = type.fields.get(key)
      if (!field) return this.find('unknown', key)
      if (isRepeated) this.find('duplicate', key)
      const decoded = this.field(type, field, value, spelling)
      if (decoded !== undefined) result[key] = isRepeated ? merged(result[key], decoded) : decoded
    })
    for (const field of type.filled) {
      if (result[field.name] !== undefined) continue
      const value = unset(field)
      if (value !== undefined) result[field.name] = value
    }
    return sharing(source, inOrder(result, type.fields.keys()))
  }

  private field(type: TypeSchema, field: FieldSchema, source: unknown, spelling: string | undefined): unknown {
    const outer = this.struct
    this.struct = type.structName
    this.fields.push(field.name)
    this.path.push(field.name)
    const value = this.value(field.value, source, spelling)
    this.path.pop()
    this.fields.pop()
    this.struct = outer
    return field.presence === 'omit-zero' && isZero(value) ? undefined : value
  }

  private map({ items }: ValueSchema, source: object): object {
    if (!items) return source
    const result: Record<string, unknown> = {}
    let last = ''
    let isInOrder = true
    this.each(source, (key, value, spelling, isRepeated) => {
      if (isRepeated) this.find('duplicate', key)
      this.path.push(key)
      setOwn(result, key, this.value(items, value, spelling) ?? zeroOf(items))
      this.path.pop()
      isInOrder &&= key >= last
      last = key
    })
    return sharing(source, isInOrder ? result : inOrder(result, Object.keys(result).sort(compareBytes)))
  }

  private array({ items }: ValueSchema, source: readonly unknown[]): readonly unknown[] {
    if (!items) return source
    const spellings = this.spellingsIn(source)
    let result: unknown[] | undefined
    for (let index = 0; index < source.length; index++) {
      const value = source[index]
      this.path.push(index)
      const decoded = this.value(items, value, spellings?.get(index)) ?? zeroOf(items)
      this.path.pop()
      if (decoded !== value) result ??= source.slice(0, index)
      result?.push(decoded)
    }
    return result ?? source
  }

  /** JSONSchemaPropsOrArray, …OrBool and …OrStringArray (apiextensions/v1/marshal.go) decode with encoding/json. */
  private schemaOr(schema: ValueSchema, source: unknown): unknown {
    this.lenient++
    const value = this.schemaOrLeniently(schema, source)
    this.lenient--
    return value
  }

  private schemaOrLeniently(schema: ValueSchema, source: unknown): unknown {
    const { type, object, goType } = schema
    const asObject: ValueSchema = { type: 'object', object, goType }
    if (Array.isArray(source)) {
      if (type === 'schema-or-array') return this.array({ type: 'array', items: asObject, goType }, source)
      if (type === 'schema-or-strings') return this.array(strings, source)
    } else if (typeof source === 'object' && source !== null) {
      return this.object(asObject, source)
    }
    if (type !== 'schema-or-bool') return undefined
    if (typeof source === 'boolean') return source
    this.complain('boolean or JSON schema expected', undefined, true)
    return undefined
  }

  /** Visits the entries of an object in the order of the text, until a mistake ends decoding. */
  private each(source: object, visit: Visit): void {
    const repeated = this.repeatedIn(source)
    if (repeated) return this.eachOf(repeated, visit)
    const spellings = this.spellingsIn(source)
    for (const key of Object.keys(source)) {
      const value: unknown = source[key as keyof typeof source]
      if (value !== undefined) visit(key, value, spellings?.get(key), false)
      if (this.fatal !== undefined) return
    }
  }

  private eachOf(entries: readonly JsonEntry[], visit: Visit): void {
    const seen = new Set<string>()
    for (const { key, value, spelling } of entries) {
      visit(key, value, spelling, seen.has(key))
      if (this.fatal !== undefined) return
      seen.add(key)
    }
  }

  private repeatedIn(source: object): readonly JsonEntry[] | undefined {
    return this.document.repeated.size > 0 ? this.document.repeated.get(source) : undefined
  }

  private spellingsIn(source: object): ReadonlyMap<string | number, string> | undefined {
    return this.document.spellings.size > 0 ? this.document.spellings.get(source) : undefined
  }

  private find(what: 'unknown' | 'duplicate', key: string): void {
    if (this.lenient > 0 || this.strict.length >= maxFindings) return
    const finding = `${what} field ${quote(pathText([...this.path, key]))}`
    if (!this.strict.includes(finding)) this.strict.push(finding)
  }
}

/** `spec.containers[0].name`. */
function pathText(path: readonly (string | number)[]): string {
  const text = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return text.startsWith('.') ? text.slice(1) : text
}

/** The fields before one, as they are. */
function firstOf(
  values: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  end: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (let index = 0; index < end; index++) {
    const key = keys[index] ?? ''
    result[key] = values[key]
  }
  return result
}

/** The input itself where decoding changed nothing: what is frozen and shared stays so. */
function sharing(source: object, result: Record<string, unknown>): object {
  const keys = Object.keys(result)
  const sourceKeys = Object.keys(source)
  const isSame =
    keys.length === sourceKeys.length &&
    keys.every((key, index) => key === sourceKeys[index] && result[key] === source[key as keyof typeof source])
  return isSame ? source : result
}

/** The same with its keys in an order that does not depend on who wrote them: that in which Go writes them. */
function inOrder(result: Record<string, unknown>, order: Iterable<string>): Record<string, unknown> {
  const ordered: Record<string, unknown> = {}
  for (const key of order) if (Object.hasOwn(result, key)) setOwn(ordered, key, result[key])
  return ordered
}

type Visit = (key: string, value: unknown, spelling: string | undefined, isRepeated: boolean) => void

/** Go decodes a repeated field into the struct or map that the first one filled. */
function merged(first: unknown, second: unknown): unknown {
  const areObjects = [first, second].every(value => typeof value === 'object' && value && !Array.isArray(value))
  return areObjects ? Object.assign({}, first, second) : second
}

const strings: ValueSchema = { type: 'array', items: { type: 'string', goType: 'string' }, goType: '[]string' }
