import { compareBytes, byteLength, goValue, quote } from '../../../machinery/go-text.ts'
import { isList, isObject, member } from '../../../machinery/json-value.ts'
import { decodeBase64 } from '../../../machinery/base64.ts'

// The functions of Go templates (text/template/funcs.go), and kubectl's `exists` and `base64decode`.

/** A number that was written with a point: Go tells it from an integer. */
export class Float {
  constructor(readonly value: number) {}

  get text(): string {
    return String(this.value)
  }
}

export type Answer = { readonly value: unknown; readonly error?: undefined } | { readonly error: string }

type Function = (...values: readonly unknown[]) => Answer

const ok = (value: unknown): Answer => ({ value })

/** False, 0, nil, and what is empty are not true. */
export function isTrue(value: unknown): boolean {
  if (value instanceof Float) return value.value !== 0
  if (isList(value)) return value.length > 0
  if (isObject(value)) return Object.keys(value).length > 0
  return Boolean(value)
}

export function typeOf(value: unknown): string {
  if (value instanceof Float) return 'float64'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (isList(value)) return '[]interface {}'
  if (isObject(value)) return 'map[string]interface {}'
  return typeof value === 'string' ? 'string' : 'nil'
}

function plain(value: unknown): unknown {
  return value instanceof Float ? value.value : value
}

function equal(first: unknown, second: unknown): Answer {
  const [left, right] = [typeOf(first), typeOf(second)]
  if ([first, second].some(value => !(value instanceof Float) && (isList(value) || isObject(value)))) {
    return { error: `non-comparable type ${goValue(first)}: ${left}` }
  }
  if (left !== right && left !== 'nil' && right !== 'nil') {
    return { error: `incompatible types for comparison: ${left} and ${right}` }
  }
  return ok(plain(first) === plain(second))
}

function less(first: unknown, second: unknown): Answer {
  const [left, right] = [typeOf(first), typeOf(second)]
  if (left !== right) return { error: `incompatible types for comparison` }
  const [a, b] = [plain(first), plain(second)]
  if (typeof a === 'number' && typeof b === 'number') return ok(a < b)
  if (typeof a === 'string' && typeof b === 'string') return ok(compareBytes(a, b) < 0)
  return { error: 'invalid type for comparison' }
}

const not = (answer: Answer): Answer => (answer.error === undefined ? ok(!answer.value) : answer)

const either = (first: Answer, second: () => Answer): Answer =>
  first.error !== undefined || first.value === true ? first : second()

function length(value: unknown): Answer {
  if (typeof value === 'string') return ok(byteLength(value))
  if (isList(value)) return ok(value.length)
  if (isObject(value) && !(value instanceof Float)) return ok(Object.keys(value).length)
  return { error: value === undefined || value === null ? 'len of nil pointer' : `len of type ${typeOf(value)}` }
}

function index(item: unknown, ...keys: readonly unknown[]): Answer {
  let value = item
  for (const key of keys) {
    if (value === undefined || value === null) return { error: 'index of untyped nil' }
    if (isList(value)) {
      if (typeof key !== 'number') return { error: `cannot index slice/array with type ${typeOf(key)}` }
      if (key < 0 || key >= value.length) return { error: `error calling index: index out of range: ${key}`.slice(21) }
      value = value[key]
    } else if (isObject(value)) {
      if (typeof key !== 'string') return { error: `value has type ${typeOf(key)}; should be string` }
      value = member(value, key)
    } else return { error: `can't index item of type ${typeOf(value)}` }
  }
  return ok(value)
}

function format(pattern: unknown, ...values: readonly unknown[]): Answer {
  const rest = [...values]
  const text = String(pattern).replace(
    /%([-+ 0#]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (all, flags: string, width?: string, digits?: string, verb?: string) => {
      if (verb === '%') return '%'
      const value = rest.shift()
      const shown = formatOne(value, verb ?? 'v', digits)
      if (shown === undefined) return `%!${all.slice(1)}(${typeOf(value)}=${goValue(plain(value))})`
      const size = Number(width ?? 0)
      if (flags.includes('-')) return shown.padEnd(size)
      return shown.padStart(size, flags.includes('0') ? '0' : ' ')
    },
  )
  return ok(text)
}

function formatOne(value: unknown, verb: string, digits: string | undefined): string | undefined {
  const bare = plain(value)
  if (verb === 'v' || verb === 's') return bare === undefined || bare === null ? '<nil>' : goValue(bare)
  if (verb === 'q') return quote(String(bare))
  if (verb === 'T') return typeOf(value)
  if (typeof bare === 'boolean') return verb === 't' ? String(bare) : undefined
  if (typeof bare !== 'number') return undefined
  if (verb === 'd') return value instanceof Float ? undefined : String(bare)
  if (verb === 'f') return bare.toFixed(Number(digits ?? 6))
  if (verb === 'x') return bare.toString(16)
  return verb === 'g' ? String(bare) : undefined
}

/** Operands with blanks between those that are no strings: fmt.Sprint. */
function print(...values: readonly unknown[]): Answer {
  const parts = values.map((value, at) => {
    const gap = at > 0 && typeof value !== 'string' && typeof values[at - 1] !== 'string' ? ' ' : ''
    return gap + (value === undefined || value === null ? '<nil>' : goValue(plain(value)))
  })
  return ok(parts.join(''))
}

function base64decode(value: unknown): Answer {
  const text = String(value ?? '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    return { error: 'base64 decode failed: illegal base64 data at input byte 0' }
  }
  return ok(decodeBase64(text))
}

const table: Readonly<Record<string, Function>> = {
  and: (...values) => ok(values.find(value => !isTrue(value)) ?? values.at(-1)),
  or: (...values) => ok(values.find(isTrue) ?? values.at(-1)),
  not: value => ok(!isTrue(value)),
  len: length,
  index,
  slice: (value, from, to) =>
    typeof value === 'string' || isList(value)
      ? ok(value.slice(Number(from ?? 0), to === undefined ? undefined : Number(to)))
      : { error: `can't slice item of type ${typeOf(value)}` },
  print,
  println: (...values) => ok(`${values.map(value => goValue(plain(value))).join(' ')}\n`),
  printf: format,
  eq: (first, ...others) =>
    others.reduce<Answer>((found, other) => either(found, () => equal(first, other)), ok(false)),
  ne: (first, second) => not(equal(first, second)),
  lt: less,
  le: (first, second) => either(less(first, second), () => equal(first, second)),
  gt: (first, second) => not(either(less(first, second), () => equal(first, second))),
  ge: (first, second) => not(less(first, second)),
  html: value => ok(String(value).replace(/[&<>'"]/g, sign => `&#${sign.charCodeAt(0)};`)),
  js: value => ok(JSON.stringify(String(value)).slice(1, -1)),
  urlquery: value => ok(encodeURIComponent(String(value))),
  exists: (...values) => {
    const [item, ...keys] = values
    const found = index(item, ...keys)
    return ok(found.error === undefined && found.value !== undefined && found.value !== null)
  },
  base64decode,
}

export const functions: ReadonlySet<string> = new Set(Object.keys(table))

/** Calls a function; what it answers wrong is Go's complaint. */
export function callFunction(name: string, values: readonly unknown[]): Answer {
  return table[name]?.(...values) ?? { error: `function ${quote(name)} not defined` }
}
