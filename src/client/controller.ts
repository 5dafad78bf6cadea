import type { Kind } from '../machinery/kind.ts'
import type { ApiObject } from '../machinery/object.ts'
import type { Api } from './api.ts'
import type { DiscoveredKind } from './discovered-kind.ts'

/** What a controller may use while it reconciles one object. */
export interface Context {
  readonly api: Api
  readonly cache: Cache
  readonly expectations: Expectations
  /** Virtual time in ms since 1970. */
  readonly now: number
  /** The key that is worked on. */
  readonly key: string
  random(): number
  /** Makes the requests of `run` at once, as goroutines do, where else each waits for the one before. */
  together<Result>(run: () => Result): Result
  /** Writes an Event about an object, as the controller's recorder does. */
  event(object: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** Puts another object of the reconciled kind into the queue, after a delay if one is given. */
  enqueue(key: string, afterMs?: number): void
  /** The controller's own memory, plain data; lost when its process ends. */
  readonly memory: Map<string, unknown>
}

/** Read-only copies of what the controller watches: late, frozen (DESIGN.md, D4 and D5). */
export interface Cache {
  get<T extends ApiObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined
  list<T extends ApiObject>(kind: Kind<T>, namespace?: string): T[]
  /** Objects whose controlling owner is this one. */
  ownedBy<T extends ApiObject>(kind: Kind<T>, owner: ApiObject): T[]
  /** Objects that name this uid among their owners. */
  dependents<T extends ApiObject>(kind: Kind<T>, uid: string): T[]
  /** Objects of a namespace that nobody controls. */
  orphans<T extends ApiObject>(kind: Kind<T>, namespace: string): T[]
  /** Kinds that a controller `discovers` and that have an informer by now. */
  discovered(): readonly Kind[]
}

/** Creations and deletions that the cache has yet to show, of the object that is reconciled. */
export interface Expectations {
  met(owner: ApiObject): boolean
  creation(owner: ApiObject): void
  deletion(owner: ApiObject, child: ApiObject): void
}

/** A change of a watched object, and the keys that it wakes. */
export interface Watch<T extends ApiObject = ApiObject> {
  readonly kind: Kind<T>
  /** Keys of reconciled objects; `old` and `next` as at an informer's change. */
  keys(old: T | undefined, next: T | undefined, cache: Cache, memory: Map<string, unknown>): readonly string[]
}

/** Kinds that are not known before the process runs, such as custom resources: looked for every 30 s. */
export interface Discovery {
  /** Those that there are now, as what is cached tells. */
  kinds(cache: Cache): readonly DiscoveredKind[]
  /** As a watch's. */
  keys(kind: Kind, old: ApiObject | undefined, next: ApiObject | undefined, cache: Cache): readonly string[]
}

export interface Outcome {
  /** Come back to this object after so many ms, even if nothing changes. */
  readonly requeueAfterMs?: number | undefined
}

/**
 * A controller: a level-triggered function of one object's name. Its process' runner (controllers.ts) owns informers, queue,
 * back-off and trace. Anything thrown but ApiError is a bug and stops the simulation.
 */
export interface ControllerDefinition<T extends ApiObject = ApiObject> {
  readonly name: string
  /** Its account in kube-system, where that has another name: what it may do hangs on this one. */
  readonly serviceAccount?: string
  readonly reconciles: Kind<T>
  /** Kinds whose controlled children wake their owner. */
  readonly owns?: readonly Kind[]
  readonly watches?: readonly Watch[]
  /** Further kinds that are only read from the cache. */
  readonly reads?: readonly Kind[]
  readonly discovers?: Discovery
  /** Whether a change of the reconciled object is worth a look. Default: every change. */
  concerns?(old: T | undefined, next: T | undefined): boolean
  /** How many objects are worked on at the same time: the ConcurrentSyncs flags of kube-controller-manager. Default 5. */
  readonly workers?: number
  /** How many times the process's own rate and burst of requests its client is given. Default: once. */
  readonly rate?: { readonly qps: number; readonly burst: number }
  /**
   * Objects are looked at in this rhythm and not at their changes: whatever puts a key into the queue, also the end of
   * its last sync, does so after this delay (a fixed item rate limiter).
   */
  readonly intervalMs?: number
  /** After so many failures a key is dropped until it changes again. Default: never. */
  readonly maxRetries?: number
  reconcile(object: T, context: Context): Outcome | void
  /** The object of this key is gone from the cache. */
  removed?(key: string, context: Context): Outcome | void
  /** Called every `periodMs`, for controllers that also look at the clock. */
  readonly periodMs?: number
  tick?(context: Context): void
}

export function defineController<T extends ApiObject>(definition: ControllerDefinition<T>): ControllerDefinition<T> {
  return definition
}

/** A watch on kinds that wake by something else than ownership. */
export function watchOf<T extends ApiObject>(kind: Kind<T>, keys: Watch<T>['keys']): Watch<T> {
  return { kind, keys }
}
