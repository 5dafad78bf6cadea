import { assert } from '../../machinery/assert.ts'
import { type ApiObject, deepFreeze } from '../../machinery/object.ts'
import type { KeyValue } from '../etcd/store.ts'
import { isFields } from './record.ts'
import type { Resource } from './resources.ts'

export function isApiObject(value: unknown): value is ApiObject {
  return isFields(value) && isFields(value.metadata)
}

/** The body of a request that stores nothing, as admission sees it: with metadata, whether its author wrote some or not. */
export function requestObject(body: unknown): ApiObject | undefined {
  const object: unknown = isFields(body) ? { metadata: {}, ...body } : undefined
  return isApiObject(object) ? object : undefined
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

/** Stored objects → the same in another version, by resource. A memo: it gives what converting again would give. */
const converted = new WeakMap<Resource, WeakMap<object, ApiObject>>()

/** A stored object as a version of its resource shows it. */
export function inVersion(resource: Resource, stored: ApiObject): ApiObject {
  const { conversion } = resource
  if (!conversion) return stored
  let known = converted.get(resource)
  if (!known) converted.set(resource, (known = new WeakMap()))
  let object = known.get(stored)
  if (!object) known.set(stored, (object = deepFreeze(conversion.fromStored(stored))))
  return object
}
