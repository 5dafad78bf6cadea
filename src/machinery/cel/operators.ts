import { compare, isEqual } from './compare.ts'
import { keyOf } from './access.ts'
import { define, fail, type FunctionDeclaration, global, noSuchOverload, type Overload } from './functions.ts'
import { duration, int, time, uint } from './numbers.ts'
import { concatCost, equalityCost, sizeCost } from './costs.ts'
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  optionalOf,
  paramA,
  paramB,
  stringType,
  timestampType,
  uintType,
} from './cel-type.ts'
import {
  CelList,
  type CelMap,
  type CelValue,
  concatenated,
  type Duration,
  type Result,
  type Timestamp,
  type Uint,
} from './values.ts'

const listA = listOf(paramA)
const mapAB = mapOf(paramA, paramB)

function same<T extends CelValue>(type: CelType, call: (a: T, b: T) => Result, cost?: Overload['cost']): Overload {
  return global([type, type], type, call, cost)
}

const arithmetic: readonly FunctionDeclaration[] = [
  define(
    '_+_',
    same(bytesType, (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b]), concatCost),
    same(doubleType, (a: number, b: number) => a + b),
    same(durationType, (a: Duration, b: Duration) => duration(a.ns + b.ns)),
    global([durationType, timestampType], timestampType, (a: Duration, b: Timestamp) => time(a.ns + b.ns)),
    global([timestampType, durationType], timestampType, (a: Timestamp, b: Duration) => time(a.ns + b.ns)),
    same(intType, (a: bigint, b: bigint) => int(a + b)),
    same(listA, joined),
    same(stringType, (a: string, b: string) => a + b, concatCost),
    same(uintType, (a: Uint, b: Uint) => uint(a.value + b.value)),
  ),
  define(
    '_-_',
    same(doubleType, (a: number, b: number) => a - b),
    same(durationType, (a: Duration, b: Duration) => duration(a.ns - b.ns)),
    same(intType, (a: bigint, b: bigint) => int(a - b)),
    global([timestampType, durationType], timestampType, (a: Timestamp, b: Duration) => time(a.ns - b.ns)),
    global([timestampType, timestampType], durationType, (a: Timestamp, b: Timestamp) => duration(a.ns - b.ns)),
    same(uintType, (a: Uint, b: Uint) => uint(a.value - b.value)),
  ),
  define(
    '_*_',
    same(doubleType, (a: number, b: number) => a * b),
    same(intType, (a: bigint, b: bigint) => int(a * b)),
    same(uintType, (a: Uint, b: Uint) => uint(a.value * b.value)),
  ),
  define(
    '_/_',
    same(doubleType, (a: number, b: number) => a / b),
    same(intType, (a: bigint, b: bigint) => (b === 0n ? fail('division by zero') : int(a / b))),
    same(uintType, (a: Uint, b: Uint) => (b.value === 0n ? fail('division by zero') : uint(a.value / b.value))),
  ),
  define(
    '_%_',
    same(intType, (a: bigint, b: bigint) => (b === 0n ? fail('modulus by zero') : int(a % b))),
    same(uintType, (a: Uint, b: Uint) => (b.value === 0n ? fail('modulus by zero') : uint(a.value % b.value))),
  ),
  define(
    '-_',
    global([doubleType], doubleType, (a: number) => -a),
    global([intType], intType, (a: bigint) => int(-a)),
  ),
]

/** Lists that are sets or maps add as Kubernetes merges them: what is there already stays or is replaced. */
function joined(a: CelList, b: CelList): Result {
  return a.listType ? merged(a, b, a.listType.keys) : concatenated(a, b)
}

function merged(a: CelList, b: CelList, keys: readonly string[]): CelList {
  const isSame = (one: CelValue, two: CelValue): boolean =>
    keys.length === 0 ? isEqual(one, two) : keys.every(key => isEqual(fieldOf(one, key), fieldOf(two, key)))
  const items = [...a]
  for (const item of b) {
    const place = items.findIndex(each => isSame(each, item))
    if (place < 0) items.push(item)
    else items[place] = item
  }
  return new CelList(items.length, i => items[i] ?? null, a.listType)
}

function fieldOf(item: CelValue, key: string): CelValue {
  const value = typeof item === 'object' && item !== null && 'get' in item ? item.get(key) : undefined
  return value === undefined || typeof value === 'object' ? null : value
}

const ordered: readonly (readonly [CelType, CelType])[] = [
  [boolType, boolType],
  [intType, intType],
  [intType, doubleType],
  [intType, uintType],
  [uintType, uintType],
  [uintType, doubleType],
  [uintType, intType],
  [doubleType, doubleType],
  [doubleType, intType],
  [doubleType, uintType],
  [stringType, stringType],
  [bytesType, bytesType],
  [timestampType, timestampType],
  [durationType, durationType],
]

function relation(name: string, holds: (order: number) => boolean): FunctionDeclaration {
  const call = (a: CelValue, b: CelValue): Result => {
    const order = compare(a, b)
    return order === undefined ? noSuchOverload : holds(order)
  }
  const isText = ({ kind }: CelType): boolean => kind === 'string' || kind === 'bytes'
  return define(name, ...ordered.map(([a, b]) => global([a, b], boolType, call, isText(a) ? equalityCost : undefined)))
}

const relations: readonly FunctionDeclaration[] = [
  define('_==_', global([paramA, paramA], boolType, isEqual, equalityCost)),
  define(
    '_!=_',
    global([paramA, paramA], boolType, (a, b) => !isEqual(a, b), equalityCost),
  ),
  relation('_<_', order => order < 0),
  relation('_<=_', order => order <= 0),
  relation('_>_', order => order > 0),
  relation('_>=_', order => order >= 0),
  define(
    '@in',
    global(
      [paramA, listA],
      boolType,
      (item: CelValue, items: CelList) => {
        for (const each of items) if (isEqual(each, item)) return true
        return false
      },
      ([, items]) => sizeCost(items),
    ),
    global([paramA, mapAB], boolType, (key: CelValue, map: CelMap) => {
      const name = keyOf(key)
      return name !== undefined && map.has(name)
    }),
  ),
]

/** Operators of which the interpreter knows what they do. */
const builtIn = (
  name: string,
  ...overloads: (readonly [args: readonly CelType[], result: CelType])[]
): FunctionDeclaration => define(name, ...overloads.map(([args, result]) => ({ isMember: false, args, result })))

const optionalA = optionalOf(paramA)

const special: readonly FunctionDeclaration[] = [
  builtIn('_&&_', [[boolType, boolType], boolType]),
  builtIn('_||_', [[boolType, boolType], boolType]),
  builtIn('_?_:_', [[boolType, paramA, paramA], paramA]),
  builtIn('@not_strictly_false', [[boolType], boolType]),
  define(
    '!_',
    global([boolType], boolType, (a: boolean) => !a),
  ),
  builtIn(
    '_[_]',
    [[listA, intType], paramA],
    [[mapAB, paramA], paramB],
    [[optionalOf(listA), intType], optionalA],
    [[optionalOf(mapAB), paramA], optionalOf(paramB)],
  ),
  builtIn(
    '_[?_]',
    [[listA, intType], optionalA],
    [[optionalOf(listA), intType], optionalA],
    [[mapAB, paramA], optionalOf(paramB)],
    [[optionalOf(mapAB), paramA], optionalOf(paramB)],
  ),
  builtIn('_?._', [[dynType, stringType], optionalA]),
]

/** cel-go/common/stdlib/standard.go: the operators. */
export const operators: readonly FunctionDeclaration[] = [...special, ...arithmetic, ...relations]
