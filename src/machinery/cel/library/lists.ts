import { compare, isEqual } from '../compare.ts'
import { listCost, productCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, global, member, noSuchOverload, type Overload } from '../functions.ts'
import { duration, int, uint } from '../numbers.ts'
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  paramA,
  stringType,
  timestampType,
  uintType,
} from '../cel-type.ts'
import { CelList, type CelValue, type Duration, list, type Result, type Uint } from '../values.ts'

const listA = listOf(paramA)
const comparable = [intType, uintType, doubleType, boolType, durationType, timestampType, stringType, bytesType]

function overComparable(result: (item: CelType) => CelType, call: (items: CelList) => Result): readonly Overload[] {
  return comparable.map(type => member([listOf(type)], result(type), call, listCost))
}

function isSorted(items: CelList): Result {
  for (let i = 1; i < items.size; i++) {
    const order = compare(items.at(i - 1), items.at(i))
    if (order === undefined) return noSuchOverload
    if (order > 0) return false
  }
  return true
}

function extreme(name: string, sign: number): (items: CelList) => Result {
  return items => {
    let found: CelValue | undefined
    for (const item of items) {
      const order = found === undefined ? sign : compare(item, found)
      if (order === undefined) return noSuchOverload
      if (order === sign) found = item
    }
    return found ?? fail(`${name} called on empty list`)
  }
}

const sums: readonly Overload[] = [
  member([listOf(intType)], intType, (items: CelList) => int(total(items, item => item as bigint)), listCost),
  member([listOf(uintType)], uintType, (items: CelList) => uint(total(items, item => (item as Uint).value)), listCost),
  member(
    [listOf(doubleType)],
    doubleType,
    (items: CelList) => [...items].reduce((sum: number, item) => sum + (item as number), 0),
    listCost,
  ),
  member(
    [listOf(durationType)],
    durationType,
    (items: CelList) => duration(total(items, item => (item as Duration).ns)),
    listCost,
  ),
]

function total(items: CelList, valueOf: (item: CelValue) => bigint): bigint {
  let sum = 0n
  for (const item of items) sum += valueOf(item)
  return sum
}

function indexOf(items: CelList, sought: CelValue): Result {
  for (let i = 0; i < items.size; i++) if (isEqual(items.at(i), sought)) return BigInt(i)
  return -1n
}

function lastIndexOf(items: CelList, sought: CelValue): Result {
  for (let i = items.size - 1; i >= 0; i--) if (isEqual(items.at(i), sought)) return BigInt(i)
  return -1n
}

function slice(items: CelList, start: bigint, end: bigint): Result {
  const what = `cannot slice(${start}, ${end}),`
  if (start < 0n || end < 0n) return fail(`${what} negative indexes not supported`)
  if (start > end) return fail(`${what} start index must be less than or equal to end index`)
  if (end > BigInt(items.size)) return fail(`${what} list is length ${items.size}`)
  return list([...items].slice(Number(start), Number(end)))
}

function flatten(items: CelList, depth = 1n): Result {
  return depth < 0n ? fail('level must be non-negative') : list(flattened(items, depth))
}

function flattened(items: CelList, depth: bigint): CelValue[] {
  return [...items].flatMap(item => (item instanceof CelList && depth > 0n ? flattened(item, depth - 1n) : [item]))
}

function sort(items: CelList): Result {
  return sortByKeys(items, items)
}

function sortByKeys(items: CelList, keys: CelList): Result {
  if (items.size !== keys.size) {
    return fail(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${items.size} and ${keys.size} elements respectively.`,
    )
  }
  const first = keys.size > 0 ? keys.at(0) : undefined
  for (const key of keys) {
    if (first !== undefined && compare(first, key) === undefined) return fail('list elements must be comparable')
  }
  const places = [...items].map((item, i) => ({ item, key: keys.at(i) }))
  return list(places.sort((a, b) => compare(a.key, b.key) ?? 0).map(({ item }) => item))
}

function distinct(items: CelList): Result {
  const found: CelValue[] = []
  for (const item of items) if (!found.some(each => isEqual(each, item))) found.push(item)
  return list(found)
}

/** No program needs more, and none may fill the memory. */
const maxRange = 1_000_000n

function range(count: bigint): Result {
  if (count > maxRange) return fail(`lists.range(${count}) is too long`)
  return new CelList(Math.max(Number(count), 0), i => BigInt(i))
}

/** apiserver/pkg/cel/library/lists.go and cel-go's ext.Lists at version 3. */
export const lists: readonly FunctionDeclaration[] = [
  define('isSorted', ...overComparable(() => boolType, isSorted)),
  define('sum', ...sums),
  define('min', ...overComparable(type => type, extreme('min', -1))),
  define('max', ...overComparable(type => type, extreme('max', 1))),
  define('indexOf', member([listA, paramA], intType, indexOf, listCost)),
  define('lastIndexOf', member([listA, paramA], intType, lastIndexOf, listCost)),
  define('slice', member([listA, intType, intType], listA, slice, listCost)),
  define(
    'flatten',
    member([listOf(listA)], listA, flatten, listCost),
    member([listOf(dynType), intType], listOf(dynType), flatten, listCost),
  ),
  define('sort', ...comparable.map(type => member([listOf(type)], listOf(type), sort, listCost))),
  define(
    '@sortByAssociatedKeys',
    ...comparable.map(type => member([listA, listOf(type)], listA, sortByKeys, listCost)),
  ),
  define(
    'lists.range',
    global([intType], listOf(intType), range, (_args, result) => (result instanceof CelList ? result.size : 1)),
  ),
  define(
    'reverse',
    member([listA], listA, (items: CelList) => list([...items].reverse()), listCost),
  ),
  define(
    'distinct',
    member([listA], listA, distinct, args => productCost([args[0] ?? null, args[0] ?? null])),
  ),
]
