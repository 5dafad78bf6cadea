// Values that nobody sends on purpose, and ways to spoil a value that is good.
import { setOwn } from '../../machinery/json-text.ts'
import { isList, isObject } from '../../machinery/json-value.ts'
import type { Chance } from './chance.ts'

const oddTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\ufeff',
  '\u202egnp.exe',
  'n\u0303',
  '한글-이름',
  '😀'.repeat(40),
  'İstanbul',
  '-',
  '.',
  '..',
  '../../etc/passwd',
  '%2e%2e%2f',
  '%',
  '%zz',
  'a/b',
  'a//b/c',
  'A',
  'a b',
  'a\nb',
  'a\tb',
  '\r\n',
  '"',
  "'",
  '\\',
  '{{}}',
  '$(HOME)',
  '${jndi}',
  '*',
  'None',
  'null',
  'true',
  '0',
  '-1',
  '1e3',
  '0x10',
  '010',
  '1_000',
  'NaN',
  'Infinity',
  '9223372036854775807',
  '9223372036854775808',
  '1e400',
  '100m',
  '1Ki',
  '0.0000000001n',
  '9999999999999999999Ei',
  '-1Gi',
  '150%',
  '-5%',
  '2026-01-15T09:00:00Z',
  '2026-02-30T25:61:61Z',
  '9999-12-31T23:59:59.999999999Z',
  '10000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '2026-01-15',
  '10.0.0.1',
  '10.0.0.300',
  '010.0.0.1',
  '::1',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
  '10.0.0.0/8',
  '10.0.0.0/99',
  'http://[::1',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'kubernetes.io/metadata.name',
  'self == oldSelf',
  'self.matches("(a+)+$")',
  '((((((((((',
  '(a+)+$',
  '[a-',
  '*/5 * * * *',
  '* * * * * *',
  '@every 1s',
  'TZ=Asia/Seoul 0 0 * * *',
  '.spec.a[?(@.b==1)]',
  'e30=',
  'not base64!',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  'LS0tLS1CRUdJTg==',
  'a'.repeat(63),
  'a'.repeat(64),
  'a'.repeat(254),
  `${'a'.repeat(63)}.`.repeat(4),
  'x'.repeat(5_000),
  'a,b,c',
  'a=b',
  'app in (a,b',
  '!',
  'sha256:zz',
  'default',
  'kube-system',
] as const

const oddNumbers = [
  0, -0, -1, 1, 2, 0.5, -1.5, 1e-7, 255, 256, 65535, 65536, 2147483647, 2147483648, -2147483649, 4294967296,
  9007199254740991, 9007199254740993, 9223372036854775807, 9223372036854775808, 1e21, 1e308, -1e308, 5e-324,
] as const

export const oddKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  ' ',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  '0',
  '-1',
  'Name',
  'METADATA',
  'a.b',
  'a/b',
  '~',
  '~1',
  '한글',
  '\u0000',
  '\ud800',
  '<<',
  'x'.repeat(400),
] as const

/** A value of any type. */
export function oddValue(chance: Chance, depth = 0): unknown {
  const sort = chance.weighted({
    text: 10,
    number: 7,
    nothing: 3,
    truth: 3,
    list: depth > 3 ? 0 : 3,
    object: depth > 3 ? 0 : 4,
  })
  switch (sort) {
    case 'text':
      return chance.one(oddTexts)
    case 'number':
      return chance.one(oddNumbers)
    case 'nothing':
      return null
    case 'truth':
      return chance.is(0.5)
    case 'list':
      return Array.from({ length: chance.below(4) }, () => oddValue(chance, depth + 1))
    case 'object': {
      const object: Record<string, unknown> = {}
      for (let i = chance.below(4); i > 0; i--) setOwn(object, chance.one(oddKeys), oddValue(chance, depth + 1))
      return object
    }
  }
}

/** A text that UTF-8 can carry: half a surrogate pair is none. */
export function asUnicode(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** One of the texts above. */
export function oddText(chance: Chance): string {
  return chance.one(oddTexts)
}

/** A place in a document: the container and the key under which the value stands. */
interface Place {
  readonly container: unknown[] | Record<string, unknown>
  readonly key: string | number
}

/** A copy of a document that may be spoilt, with keys such as `__proto__` kept as keys. */
export function copyOf(value: unknown): unknown {
  if (isList(value)) return value.map(copyOf)
  if (!isObject(value)) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) setOwn(copy, key, copyOf(value[key]))
  return copy
}

/** A document in which some places are spoilt. */
export function spoil(chance: Chance, document: unknown, times: number, others: () => unknown): unknown {
  const top: unknown[] = [copyOf(document)]
  for (let i = 0; i < times; i++) spoilOnce(chance, placeIn(chance, top), others)
  return top[0]
}

/** Walks down at random: every depth has its chance. */
function placeIn(chance: Chance, top: unknown[]): Place {
  let place: Place = { container: top, key: 0 }
  for (;;) {
    const value = valueAt(place)
    const keys: (string | number)[] = isList(value) ? [...value.keys()] : isObject(value) ? Object.keys(value) : []
    const key = chance.any(keys)
    if (key === undefined || chance.is(0.12)) return place
    if (isMutableList(value) || isMutableObject(value)) place = { container: value, key }
    else return place
  }
}

function isMutableList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

function isMutableObject(value: unknown): value is Record<string, unknown> {
  return isObject(value)
}

function valueAt({ container, key }: Place): unknown {
  return isMutableList(container) ? container[Number(key)] : container[key]
}

function setAt({ container, key }: Place, value: unknown): void {
  if (isMutableList(container)) container[Number(key)] = value
  else setOwn(container, String(key), value)
}

function spoilOnce(chance: Chance, place: Place, others: () => unknown): void {
  const value = valueAt(place)
  const how = chance.weighted({
    odd: 10,
    remove: 3,
    wrap: 1,
    double: 2,
    rename: 2,
    add: 3,
    stranger: 2,
    near: 5,
    many: 0.15,
  })
  switch (how) {
    case 'odd':
      return setAt(place, oddValue(chance))
    case 'remove':
      if (isMutableList(place.container)) place.container.splice(Number(place.key), 1)
      else Reflect.deleteProperty(place.container, place.key)
      return
    case 'wrap':
      return setAt(place, chance.is(0.5) ? [value] : { value })
    case 'double':
      if (isMutableList(value)) value.push(...copies(value))
      else setAt(place, [value, value])
      return
    case 'rename':
      if (isMutableList(place.container)) return
      Reflect.deleteProperty(place.container, place.key)
      return setOwn(place.container, chance.one(oddKeys), value)
    case 'add':
      if (isMutableObject(value)) setOwn(value, chance.one(oddKeys), oddValue(chance))
      else if (isMutableList(value)) value.splice(chance.below(value.length + 1), 0, oddValue(chance))
      return
    case 'stranger':
      return setAt(place, copyOf(others()))
    case 'near':
      return setAt(place, near(chance, value))
    case 'many':
      return setAt(
        place,
        Array.from({ length: 2_000 }, () => value),
      )
  }
}

function copies(list: readonly unknown[]): unknown[] {
  return list.map(copyOf)
}

/** Something of the same type that is just not right, or just still right. */
function near(chance: Chance, value: unknown): unknown {
  if (typeof value === 'number') return chance.one([value + 1, -value, value * 1000, value + 0.5, value * 2 ** 40])
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string') return oddText(chance)
  const at = chance.below(value.length + 1)
  return chance.one([
    value.toUpperCase(),
    `${value} `,
    value.slice(0, at),
    value.slice(0, at) + oddText(chance) + value.slice(at),
    value + value,
    `${value}-${chance.below(4)}`,
  ])
}
