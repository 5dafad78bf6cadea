import { fail, noSuchOverload } from './functions.ts'
import { CelList, CelMap, type CelValue, isFailure, type MapKey, none, Optional, type Result, Uint } from './values.ts'

/** `value.field` */
export function selectField(value: CelValue, field: string): Result {
  if (value instanceof Optional) return optionalSelect(value, field)
  if (!(value instanceof CelMap)) return noSuchOverload
  return value.get(field) ?? fail(`no such key: ${field}`)
}

/** `value[key]` */
export function index(value: CelValue, key: CelValue): Result {
  if (value instanceof Optional) return optionalIndex(value, key)
  if (value instanceof CelList) {
    const place = placeOf(key)
    if (place === undefined) return noSuchOverload
    return place >= 0 && place < value.size ? value.at(place) : fail(`index out of bounds: ${place}`)
  }
  if (!(value instanceof CelMap)) return noSuchOverload
  const name = keyOf(key)
  return (name === undefined ? undefined : value.get(name)) ?? fail(`no such key: ${printKey(key)}`)
}

/** `value.?field` */
export function optionalSelect(value: CelValue, field: CelValue): Result {
  if (value instanceof Optional) return value.value === undefined ? none : optionalSelect(value.value, field)
  if (!(value instanceof CelMap) || typeof field !== 'string') return noSuchOverload
  return wrapped(value.get(field))
}

/** `value[?key]` */
export function optionalIndex(value: CelValue, key: CelValue): Result {
  if (value instanceof Optional) return value.value === undefined ? none : optionalIndex(value.value, key)
  if (value instanceof CelList) {
    const place = placeOf(key)
    if (place === undefined) return noSuchOverload
    return place >= 0 && place < value.size ? new Optional(value.at(place)) : none
  }
  if (!(value instanceof CelMap)) return noSuchOverload
  const name = keyOf(key)
  return name === undefined ? none : wrapped(value.get(name))
}

function wrapped(value: Result | undefined): Result {
  if (value === undefined) return none
  return isFailure(value) ? value : new Optional(value)
}

/** An index of a list: whole numbers of any type are taken when the type was not known before. */
function placeOf(key: CelValue): number | undefined {
  if (typeof key === 'bigint') return Number(key)
  if (key instanceof Uint) return Number(key.value)
  return typeof key === 'number' && Number.isInteger(key) ? key : undefined
}

export function keyOf(key: CelValue): MapKey | undefined {
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : undefined
  if (typeof key === 'string' || typeof key === 'boolean' || typeof key === 'bigint') return key
  return key instanceof Uint ? key : undefined
}

function printKey(key: CelValue): string {
  return key instanceof Uint ? String(key.value) : typeof key === 'object' ? '' : String(key)
}
