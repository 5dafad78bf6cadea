import { type Kind, typed, typedAll } from '../machinery/kind.ts'
import { type ApiObject, controllerOf, keyOf } from '../machinery/object.ts'
import type { RequestOptions, WatchDelivery, WatchEvent } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import type { Api } from './api.ts'
import type { DiscoveredKind } from './discovered-kind.ts'

/**
 * A local copy of one resource, kept by a watch: what client-go calls a shared informer. It trails the server by the
 * watch delay (DESIGN.md, D4). Plain data, part of its component's state.
 */
export interface InformerState {
  readonly resource: string
  readonly namespace?: string
  /** The kind, if it is not one of those that the program knows. */
  readonly discovered?: DiscoveredKind
  readonly options: RequestOptions
  items: Map<string, ApiObject>
  /** Index name → indexed value → keys of items. */
  readonly indexes: Map<string, Map<string, Set<string>>>
  watchId?: number
  /** Where the next watch starts. */
  revision: string
  synced: boolean
}

/** Called for every change of an informer's copy: `old` and `next` as they were and are; both at an update. */
export type ChangeHandler = (kind: Kind, old: ApiObject | undefined, next: ApiObject | undefined) => void

/** Values under which an object is found by an index. */
export type IndexFunction = (object: ApiObject) => readonly string[]

const none: readonly string[] = []

/** Indexes by name: of an object's namespace and owners, and of nothing else (see `put`). */
const indexFunctions: Record<string, IndexFunction> = {
  owner: object => {
    const owner = controllerOf(object)
    return owner ? [owner.uid] : []
  },
  namespace: ({ metadata }) => (metadata.namespace === undefined ? [] : [metadata.namespace]),
  /** Uids of owners that do not control the object: only the garbage collector asks for them. */
  'other owners': ({ metadata }) => {
    const others = metadata.ownerReferences?.filter(owner => !owner.controller)
    return others && others.length > 0 ? others.map(({ uid }) => uid) : none
  },
  /** Namespace of what nobody controls, for those who would adopt it. */
  orphans: object => (controllerOf(object) ? [] : [object.metadata.namespace ?? '']),
}

/** An informer that has not listed yet. */
export function newInformer(kind: Kind, options: RequestOptions = {}, namespace?: string): InformerState {
  return {
    resource: kind.resource,
    ...(namespace !== undefined && { namespace }),
    options,
    items: new Map(),
    indexes: new Map(Object.keys(indexFunctions).map(name => [name, new Map()])),
    revision: '',
    synced: false,
  }
}

/**
 * Lists and starts to watch, or lists again after the watch was lost: what changed in between is reported as changes.
 * Throws ApiError when the server cannot be reached; the caller tries again later.
 */
export function startInformer(
  informer: InformerState,
  kind: Kind,
  api: Api,
  component: string,
  changed: ChangeHandler,
): void {
  const list = api.listPage(kind, informer.namespace, informer.options)
  const previous = informer.items
  informer.items = new Map()
  for (const index of informer.indexes.values()) index.clear()
  for (const item of list.items) put(informer, item)
  informer.revision = list.metadata.resourceVersion
  const options = { ...informer.options, resourceVersion: informer.revision, allowWatchBookmarks: true }
  informer.watchId = api.watch(kind, component, options, informer.namespace)
  informer.synced = true
  for (const [key, old] of previous) if (!informer.items.has(key)) changed(kind, old, undefined)
  for (const [key, item] of informer.items) {
    const old = previous.get(key)
    if (old?.metadata.resourceVersion !== item.metadata.resourceVersion) changed(kind, old, item)
  }
}

/**
 * Takes in a delivery. Returns false when the watch has ended and `resumeInformer` or `startInformer` is due. A
 * delivery of an earlier watch is passed over.
 */
export function deliver(informer: InformerState, kind: Kind, delivery: WatchDelivery, changed: ChangeHandler): boolean {
  if (delivery.watchId !== informer.watchId) return true
  for (const event of delivery.events) apply(informer, kind, event, changed)
  if (delivery.closed === undefined) return true
  delete informer.watchId
  if (delivery.closed === 'gone') informer.synced = false
  return false
}

/** Watches on from where the last watch ended; lists again when the server has forgotten that far. */
export function resumeInformer(
  informer: InformerState,
  kind: Kind,
  api: Api,
  component: string,
  changed: ChangeHandler,
): void {
  const options = { ...informer.options, resourceVersion: informer.revision, allowWatchBookmarks: true }
  const failure = informer.synced
    ? attempt(() => {
        informer.watchId = api.watch(kind, component, options, informer.namespace)
      })
    : undefined
  if (informer.synced && !failure) return
  if (failure && failure.code !== 410) throw failure
  startInformer(informer, kind, api, component, changed)
}

/** All objects of the copy, in the order in which they came. The type is the kind's: an informer holds one kind. */
export function listCached<T extends ApiObject>(informer: InformerState, kind: Kind<T>): T[] {
  return typedAll(kind, informer.items.values())
}

export function getCached<T extends ApiObject>(informer: InformerState, kind: Kind<T>, key: string): T | undefined {
  const object = informer.items.get(key)
  return object && typed(kind, object)
}

/** Objects that an index holds under a value. */
export function listIndexed<T extends ApiObject>(
  informer: InformerState,
  kind: Kind<T>,
  index: string,
  value: string,
): T[] {
  const keys = informer.indexes.get(index)?.get(value)
  if (!keys) return []
  const found: T[] = []
  for (const key of keys) {
    const object = informer.items.get(key)
    if (object) found.push(typed(kind, object))
  }
  return found
}

function apply(informer: InformerState, kind: Kind, event: WatchEvent, changed: ChangeHandler): void {
  informer.revision = String(event.revision)
  if (event.type === 'BOOKMARK') return
  const key = keyOf(event.object)
  const old = informer.items.get(key)
  if (event.type === 'DELETED') {
    if (!old) return
    remove(informer, key, old)
    changed(kind, old, undefined)
    return
  }
  put(informer, event.object)
  changed(kind, old, event.object)
}

function put(informer: InformerState, object: ApiObject): void {
  const key = keyOf(object)
  const old = informer.items.get(key)
  informer.items.set(key, object)
  // An object keeps its name and mostly its owners: then every index has it in its place.
  if (old && old.metadata.ownerReferences === object.metadata.ownerReferences) return
  for (const [name, index] of informer.indexes) {
    const valuesOf = indexFunctions[name]
    if (!valuesOf) continue
    const before = old ? valuesOf(old) : []
    const after = valuesOf(object)
    if (before.length === after.length && before.every((value, i) => value === after[i])) continue
    for (const value of before) removeFromIndex(index, value, key)
    for (const value of after) {
      const keys = index.get(value)
      if (keys) keys.add(key)
      else index.set(value, new Set([key]))
    }
  }
}

function remove(informer: InformerState, key: string, object: ApiObject): void {
  informer.items.delete(key)
  for (const [name, index] of informer.indexes) {
    for (const value of indexFunctions[name]?.(object) ?? []) removeFromIndex(index, value, key)
  }
}

function removeFromIndex(index: Map<string, Set<string>>, value: string, key: string): void {
  const keys = index.get(value)
  keys?.delete(key)
  if (keys?.size === 0) index.delete(value)
}
