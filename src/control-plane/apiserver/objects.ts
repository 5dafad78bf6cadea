import { assert } from '../../machinery/assert.ts'
import { type ApiObject, deepFreeze } from '../../machinery/object.ts'
import type { KeyValue } from '../etcd/store.ts'
import { isFields } from './record.ts'
import type { Resource } from './resources.ts'

export function isApiObject(value: unknown): value is ApiObject {
  return isFields(value) && isFields(value.metadata)
}

/** What a kind of objects is called, for those who look some up. A Kind is one, too. */
export interface KindRef<T extends ApiObject = ApiObject> {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly apiVersion: string
  /** Never there: it ties the type to the name. */
  readonly example?: T
}

/** Whether a value is an object of the kind. */
export function isOf<T extends ApiObject>({ kind, apiVersion }: KindRef<T>, value: unknown): value is T {
  return isApiObject(value) && value.kind === kind && value.apiVersion === apiVersion
}

/** The object under an etcd key, in the version in which it is stored. */
export function storedObject({ key, value }: KeyValue): ApiObject {
  assert(isApiObject(value), `${key} holds an object`)
  return value
}

/** Stored objects → the same in another version. A memo: it gives what converting again would give. */
const converted = new WeakMap<object, ApiObject>()

/** A stored object as a version of its resource shows it. */
export function inVersion({ conversion }: Resource, stored: ApiObject): ApiObject {
  if (!conversion) return stored
  let object = converted.get(stored)
  if (!object) converted.set(stored, (object = deepFreeze(conversion.fromStored(stored))))
  return object
}

/**
 * Gives a draft the parts of a frozen value that it repeats, so that versions of an object, and objects made from one
 * template, share them (DESIGN.md, D5). Returns the frozen value itself when nothing differs. Changes the draft.
 */
export function share<T>(draft: T, frozen: unknown): T
export function share(draft: unknown, frozen: unknown): unknown {
  if (draft === frozen || typeof draft !== 'object' || typeof frozen !== 'object') return draft
  if (draft === null || frozen === null) return draft
  if (Array.isArray(draft)) return Array.isArray(frozen) ? shareItems(draft, frozen) : draft
  return isFields(draft) && isFields(frozen) ? shareFields(draft, frozen) : draft
}

function shareItems(draft: unknown[], frozen: readonly unknown[]): readonly unknown[] {
  const isWritable = !Object.isFrozen(draft)
  let isSame = draft.length === frozen.length
  for (let i = 0; i < draft.length; i++) {
    const item = draft[i]
    const shared = share(item, frozen[i])
    if (shared !== item && isWritable) draft[i] = shared
    if (shared !== frozen[i]) isSame = false
  }
  return isSame && Object.isFrozen(frozen) ? frozen : draft
}

function shareFields(draft: Record<string, unknown>, frozen: Record<string, unknown>): Record<string, unknown> {
  const isWritable = !Object.isFrozen(draft)
  let isSame = true
  for (const name in draft) {
    const item = draft[name]
    const shared = share(item, frozen[name])
    if (shared !== item && isWritable) draft[name] = shared
    if (shared !== frozen[name]) isSame = false
  }
  if (isSame) for (const name in frozen) if (draft[name] === undefined && frozen[name] !== undefined) isSame = false
  return isSame && Object.isFrozen(frozen) ? frozen : draft
}
