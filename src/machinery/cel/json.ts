import { base64Error, bytesOfBase64 } from '../base64.ts'
import { isObject } from '../json-value.ts'
import { fail } from './functions.ts'
import { parseGoDuration, parseRfc3339 } from './go-duration.ts'
import type { Scalar, Shape } from './shape.ts'
import { struct } from './cel-type.ts'
import {
  CelList,
  CelMap,
  type CelValue,
  Duration,
  isFailure,
  type MapKey,
  Opaque,
  Optional,
  type Result,
  Timestamp,
  TypeValue,
  Uint,
} from './values.ts'

/** A JSON value for expressions, looked at only as far as they do: apiserver/pkg/cel/common/values.go. */
export function fromJson(value: unknown, shape?: Shape): CelValue {
  const made = convert(value, shape)
  return isFailure(made) ? null : made
}

function convert(value: unknown, shape: Shape | undefined): Result {
  if (value === undefined || value === null) return null
  if (shape?.form === 'scalar' && shape.type !== 'dyn') return scalar(value, shape.type)
  if (Array.isArray(value)) return listFrom(value, shape)
  if (isObject(value)) return objectFrom(value, shape)
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}

function listFrom(items: readonly unknown[], shape: Shape | undefined): CelList {
  const of = shape?.form === 'list' ? shape : undefined
  return new CelList(items.length, index => fromJson(items[index], of?.items), of?.listType)
}

function objectFrom(value: Record<string, unknown>, shape: Shape | undefined): CelMap {
  if (shape?.form === 'object') return structFrom(value, shape.name, shape.fields)
  const values = shape?.form === 'map' ? shape.values : undefined
  const isSet = (key: MapKey): key is string => typeof key === 'string' && Object.hasOwn(value, key)
  return new CelMap(
    () => Object.keys(value).filter(key => value[key] !== undefined),
    key => (isSet(key) && value[key] !== undefined ? convert(value[key], values) : undefined),
    undefined,
    key => isSet(key) && value[key] !== undefined,
  )
}

type Fields = Extract<Shape, { form: 'object' }>['fields']

function structFrom(value: Record<string, unknown>, name: string, fields: Fields): CelMap {
  const held = (key: MapKey): unknown => {
    const field = typeof key === 'string' ? fields.get(key) : undefined
    return field && Object.hasOwn(value, field.name) ? (value[field.name] ?? undefined) : undefined
  }
  return new CelMap(
    () => [...fields.keys()].filter(key => held(key) !== undefined),
    key => {
      const found = held(key)
      return found === undefined ? undefined : convert(found, fields.get(String(key))?.shape)
    },
    struct(name),
    key => held(key) !== undefined,
  )
}

function scalar(value: unknown, type: Scalar): Result {
  switch (type) {
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : plain(value)
    case 'double':
      return plain(value)
    case 'bytes': {
      const isBase64 = typeof value === 'string' && base64Error(value) === undefined
      return isBase64 ? Uint8Array.from(bytesOfBase64(value)) : fail('invalid base64')
    }
    case 'time':
    case 'date': {
      const ns = typeof value === 'string' ? parseRfc3339(type === 'date' ? `${value}T00:00:00Z` : value) : undefined
      return ns === undefined ? fail(`Invalid date-time format`) : new Timestamp(ns)
    }
    case 'duration': {
      const ns = typeof value === 'string' ? parseGoDuration(value) : undefined
      return ns === undefined ? fail('Invalid duration format') : new Duration(ns)
    }
    default:
      return plain(value)
  }
}

function plain(value: unknown): CelValue {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : null
}

/** The JSON of a value that an expression made, undefined if it has none. */
export function toJson(value: CelValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint) return Number(value.value)
  if (value instanceof CelList) return [...value].map(toJson)
  if (value instanceof CelMap) {
    return Object.fromEntries(
      value.keys().flatMap(key => {
        const held = value.get(key)
        return held === undefined || isFailure(held) ? [] : [[String(key), toJson(held)]]
      }),
    )
  }
  if (value instanceof Optional) return value.value === undefined ? undefined : toJson(value.value)
  if (value instanceof Opaque) return value.key
  return value instanceof TypeValue ? value.type.name : undefined
}
