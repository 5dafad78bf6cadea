import { setOwn } from './json-text.ts'

/** metadata of every object; the fields that the API server always fills in are required. */
export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid: string
  resourceVersion: string
  generation?: number
  creationTimestamp: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
  selfLink?: string
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  manager?: string
  operation?: string
  apiVersion?: string
  time?: string
  fieldsType?: string
  fieldsV1?: unknown
  subresource?: string
}

/** Anything that the API server stores. */
export interface ApiObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** A list as the API server answers it. */
export interface ApiList<T extends ApiObject = ApiObject> {
  apiVersion: string
  kind: string
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
  items: T[]
}

/** What a user may write: everything can be left out. */
export type DeepPartial<T> = T extends (infer Item)[]
  ? DeepPartial<Item>[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T

/** Freezes plain data all the way down and returns it. Stops at what is frozen already (DESIGN.md, D5). */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  if (Array.isArray(value)) for (const item of value) deepFreeze(item)
  else for (const key in value) deepFreeze(value[key])
  return value
}

/** A copy that may be changed, of plain data that may not. */
export function draftOf<T>(value: T): T
export function draftOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(draftOf)
  const copy: Record<string, unknown> = {}
  for (const key in value) setOwn(copy, key, draftOf((value as Record<string, unknown>)[key]))
  return copy
}

/** Whether two values of plain data are equal; fields that are undefined count as absent. Cheap where they are shared. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  }
  if (Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  for (const key in left) if (!isEqual(left[key], right[key])) return false
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false
  return true
}

/** `namespace/name`, or the name alone for what has no namespace: client-go's MetaNamespaceKeyFunc. */
export function keyOf({ metadata: { namespace, name } }: ApiObject): string {
  return namespace ? `${namespace}/${name}` : name
}

/** The owner that controls the object, if it has one. */
export function controllerOf(object: ApiObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(owner => owner.controller)
}
