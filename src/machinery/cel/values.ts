import type { CelType } from './cel-type.ts'

/**
 * What an expression works on: cel-go/common/types. Integers are bigints, so that they are told from doubles; errors are
 * values, as a logical operator may forget one.
 */
export type CelValue =
  | boolean
  | bigint
  | number
  | string
  | null
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | TypeValue
  | Optional
  | Opaque
  | CelList
  | CelMap

/** An evaluation that failed, in cel-go's words. */
export class Failure {
  constructor(readonly message: string) {}
}

export type Result = CelValue | Failure

export class Uint {
  constructor(readonly value: bigint) {}
}

/** A point in time, in ns since 1970. */
export class Timestamp {
  constructor(readonly ns: bigint) {}
}

export class Duration {
  constructor(readonly ns: bigint) {}
}

export class TypeValue {
  constructor(readonly type: CelType) {}
}

export class Optional {
  constructor(readonly value: CelValue | undefined) {}
}

export const none = new Optional(undefined)

/** A value of an extension library: a quantity, an address. Equality and sizes are those of `key`. */
export class Opaque<T = unknown> {
  constructor(
    readonly type: CelType,
    readonly value: T,
    /** Opaque values of one type are equal if their keys are. */
    readonly key: string,
  ) {}
}

/** A list; items may be made when they are asked for. */
export class CelList implements Iterable<CelValue> {
  constructor(
    readonly size: number,
    readonly at: (index: number) => CelValue,
    /** How Kubernetes compares and adds lists that are sets or maps: x-kubernetes-list-type. */
    readonly listType?: ListType,
    /** Where the items are, if they are kept: a list that is longer may share the array. */
    readonly kept?: CelValue[],
  ) {}

  *[Symbol.iterator](): Iterator<CelValue> {
    for (let i = 0; i < this.size; i++) yield this.at(i)
  }
}

/** For a set the empty list of keys; for a list of maps the fields that tell one item from another. */
export interface ListType {
  readonly keys: readonly string[]
}

export type MapKey = string | boolean | bigint | Uint

/** A map or an object; values may be made when they are asked for. */
export class CelMap {
  constructor(
    readonly keys: () => readonly MapKey[],
    readonly get: (key: MapKey) => Result | undefined,
    /** The struct type that it is a value of. */
    readonly type?: CelType,
    /** Whether a key is there, when asking for its value would cost more. */
    readonly has: (key: MapKey) => boolean = key => get(key) !== undefined,
  ) {}

  get size(): number {
    return this.keys().length
  }
}

/** A list of items in an array that nobody else changes. */
export function list(items: CelValue[]): CelList {
  return new CelList(items.length, index => items[index] as CelValue, undefined, items)
}

/** One list after the other. A fold that grows a list item by item does not copy it each time. */
export function concatenated(a: CelList, b: CelList): CelList {
  const kept = a.kept?.length === a.size ? a.kept : [...a]
  kept.push(...b)
  return list(kept)
}

/** A map of entries that are there already. Later entries win. */
export function mapFrom(entries: Iterable<readonly [MapKey, CelValue]>, type?: CelType): CelMap {
  const index = new Map<string, readonly [MapKey, CelValue]>()
  for (const entry of entries) index.set(keyText(entry[0]), entry)
  const keys = [...index.values()].map(([key]) => key)
  return new CelMap(
    () => keys,
    key => index.get(keyText(key))?.[1],
    type,
  )
}

/** Keys of maps that are equal have equal texts: 1 and 1u are. */
export function keyText(key: MapKey): string {
  if (typeof key === 'string') return `s${key}`
  if (typeof key === 'boolean') return `b${key}`
  return `n${key instanceof Uint ? key.value : key}`
}

export function isFailure(value: Result | undefined): value is Failure {
  return value instanceof Failure
}
