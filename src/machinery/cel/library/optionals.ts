import { define, fail, type FunctionDeclaration, global, member } from '../functions.ts'
import { boolType, listOf, mapOf, optionalOf, paramA, paramB } from '../cel-type.ts'
import {
  CelList,
  CelMap,
  type CelValue,
  Duration,
  isFailure,
  keyText,
  list,
  mapFrom,
  type MapKey,
  none,
  Optional,
  type Result,
  Timestamp,
  Uint,
} from '../values.ts'

const optionalA = optionalOf(paramA)
const listA = listOf(paramA)
const mapAB = mapOf(paramA, paramB)

/** Whether a value is what its type begins with: Zeroer of common/types/traits. */
function isZero(value: CelValue): boolean {
  if (value instanceof CelList || value instanceof CelMap) return value.size === 0
  if (value instanceof Uint8Array) return value.length === 0
  if (value instanceof Uint) return value.value === 0n
  if (value instanceof Duration || value instanceof Timestamp) return value.ns === 0n
  if (value instanceof Optional) return value.value === undefined
  return typeof value !== 'object' ? !value : value === null
}

function unwrap(items: CelList): Result {
  return list([...items].flatMap(item => (item instanceof Optional && item.value !== undefined ? [item.value] : [])))
}

/** The optional types of cel-go/cel/library.go. */
export const optionals: readonly FunctionDeclaration[] = [
  define(
    'optional.of',
    global([paramA], optionalA, (value: CelValue) => new Optional(value)),
  ),
  define(
    'optional.ofNonZeroValue',
    global([paramA], optionalA, (value: CelValue) => (isZero(value) ? none : new Optional(value))),
  ),
  define(
    'optional.none',
    global([], optionalA, () => none),
  ),
  define(
    'value',
    member([optionalA], paramA, ({ value }: Optional) => value ?? fail('optional.none() dereference')),
  ),
  define(
    'hasValue',
    member([optionalA], boolType, ({ value }: Optional) => value !== undefined),
  ),
  define(
    'or',
    member([optionalA, optionalA], optionalA, (a: Optional, b: Optional) => (a.value === undefined ? b : a)),
  ),
  define(
    'orValue',
    member([optionalA, paramA], paramA, (a: Optional, b: CelValue) => (a.value === undefined ? b : a.value)),
  ),
  define(
    'first',
    member([listA], optionalA, (items: CelList) => (items.size > 0 ? new Optional(items.at(0)) : none)),
  ),
  define(
    'last',
    member([listA], optionalA, (items: CelList) => (items.size > 0 ? new Optional(items.at(items.size - 1)) : none)),
  ),
  define('optional.unwrap', global([listOf(optionalA)], listA, unwrap)),
  define('unwrapOpt', member([listOf(optionalA)], listA, unwrap)),
]

function insert(map: CelMap, key: MapKey, value: CelValue): Result {
  if (map.has(key)) return fail(`insert failed: key ${printed(key)} already exists`)
  return mapFrom([...entries(map), [key, value]])
}

function insertAll(map: CelMap, more: CelMap): Result {
  const taken = new Set(map.keys().map(keyText))
  const twice = more.keys().find(key => taken.has(keyText(key)))
  if (twice !== undefined) return fail(`insert failed: key ${printed(twice)} already exists`)
  return mapFrom([...entries(map), ...entries(more)])
}

function entries(map: CelMap): [MapKey, CelValue][] {
  return map.keys().flatMap(key => {
    const value = map.get(key)
    return value === undefined || isFailure(value) ? [] : [[key, value] as [MapKey, CelValue]]
  })
}

function printed(key: MapKey): string {
  return key instanceof Uint ? String(key.value) : String(key)
}

/** What the macros that make maps call: ext/comprehensions.go. */
export const insertions: readonly FunctionDeclaration[] = [
  define('cel.@mapInsert', global([mapAB, paramA, paramB], mapAB, insert), global([mapAB, mapAB], mapAB, insertAll)),
]
