import {
  CelList,
  CelMap,
  type CelValue,
  Duration,
  isFailure,
  type MapKey,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
} from './values.ts'

/** Whether two values are equal, numbers of different types included: cel-go/common/types, Equal. */
export function isEqual(a: CelValue, b: CelValue): boolean {
  if (a === b) return true
  if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (a instanceof Timestamp) return b instanceof Timestamp && a.ns === b.ns
  if (a instanceof Duration) return b instanceof Duration && a.ns === b.ns
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareByteStrings(a, b) === 0
  if (a instanceof CelList) return b instanceof CelList && isEqualList(a, b)
  if (a instanceof CelMap) return b instanceof CelMap && isEqualMap(a, b)
  if (a instanceof TypeValue) return b instanceof TypeValue && a.type.name === b.type.name
  if (a instanceof Optional) return b instanceof Optional && isEqualOptional(a, b)
  if (a instanceof Opaque) return b instanceof Opaque && a.type.name === b.type.name && a.key === b.key
  return false
}

function isEqualOptional(a: Optional, b: Optional): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value
  return isEqual(a.value, b.value)
}

function isEqualMap(a: CelMap, b: CelMap): boolean {
  const keys = a.keys()
  return keys.length === b.size && keys.every(key => isEqualAt(a, b, key))
}

function isEqualAt(a: CelMap, b: CelMap, key: MapKey): boolean {
  const left = a.get(key)
  const right = b.get(key)
  return left !== undefined && right !== undefined && !isFailure(left) && !isFailure(right) && isEqual(left, right)
}

/** Of sets and lists of maps the order does not count: apiserver/pkg/cel/common/values.go. */
function isEqualList(a: CelList, b: CelList): boolean {
  if (a.size !== b.size) return false
  if (!a.listType) return [...a].every((item, i) => isEqual(item, b.at(i)))
  const others = [...b]
  return [...a].every(item => others.some(other => isEqual(item, other)))
}

function isNumber(value: CelValue): value is bigint | number | Uint {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint
}

/** JavaScript compares bigints with numbers exactly. NaN is neither less nor equal nor greater. */
function compareNumbers(a: bigint | number | Uint, b: bigint | number | Uint): number {
  const left = a instanceof Uint ? a.value : a
  const right = b instanceof Uint ? b.value : b
  if (left < right) return -1
  if (left > right) return 1
  return left == right ? 0 : Number.NaN
}

/** -1, 0 or 1; NaN for numbers that cannot be ordered; undefined when the types cannot. */
export function compare(a: CelValue, b: CelValue): number | undefined {
  if (isNumber(a)) return isNumber(b) ? compareNumbers(a, b) : undefined
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : undefined
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined
  if (a instanceof Timestamp) return b instanceof Timestamp ? order(a.ns, b.ns) : undefined
  if (a instanceof Duration) return b instanceof Duration ? order(a.ns, b.ns) : undefined
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? compareByteStrings(a, b) : undefined
  return undefined
}

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareByteStrings(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return Math.sign(a.length - b.length)
}

/** Go orders strings by their bytes: by code points. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  let i = 0
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  const left = a.codePointAt(i)
  const right = b.codePointAt(i)
  if (left === undefined) return -1
  if (right === undefined) return 1
  // Of a pair that differs in its second half, the halves order as the points do.
  return left < right ? -1 : 1
}
