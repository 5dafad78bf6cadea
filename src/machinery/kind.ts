import type { Decoded } from './decode.ts'
import type { FieldError } from './fieldpath.ts'
import type { JsonDocument } from './json-text.ts'
import type { JsonObject } from './json-value.ts'
import type { ApiObject } from './object.ts'
import type { UserInfo } from './rest.ts'

export type Cell = string | number | boolean | null

/** One printed column of a kind (kubernetes/pkg/printers/internalversion/printers.go). */
export interface Column<T> {
  readonly name: string
  /** 'string' unless said otherwise. */
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  /** 'name' for the column that holds the name. */
  readonly format?: string
  /** Shown with `-o wide` only (priority 1). */
  readonly wide?: boolean
  /** The exact priority, where it is neither 0 nor 1. */
  readonly priority?: number
  /** The cell's value; `now` is the server's clock in ms since 1970. */
  cell(object: T, now: number): Cell | undefined
}

/** What a strategy may know of the request it serves. */
export interface StrategyContext {
  readonly now: number
  readonly user: UserInfo
  /** A number in [0, 1) of the server's random stream. */
  random(): number
}

/**
 * A kind of object as data: all that machinery needs to serve it. Fields, types and documentation come from the schema
 * (DESIGN.md, D6); this says what a schema cannot. Modelled on the REST strategies of kubernetes/pkg/registry.
 *
 * Hooks that take a `draft` may change it; everything else is frozen.
 */
export interface KindDefinition<T extends ApiObject> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular?: string
  readonly listKind?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly namespaced: boolean
  /** Subresources with their own path, such as 'status' and 'scale'. */
  readonly subresources?: readonly string[]
  /** Verbs served, if not all of them. */
  readonly verbs?: readonly string[]
  /** Fills in what a user left out: constants and fields that depend on others. Runs before admission. */
  defaults?(draft: T): void
  /** Before validation of a create: drops status, sets generation (done for every kind with status), and so on. */
  prepareForCreate?(draft: T, context: StrategyContext): void
  /** Before validation of an update: keeps what this request may not change. */
  prepareForUpdate?(draft: T, old: T, context: StrategyContext): void
  prepareForStatusUpdate?(draft: T, old: T, context: StrategyContext): void
  /**
   * Semantic validation of the whole object; structure was checked by the schema. At an update, parts that are those of
   * the old object need no look: they were valid.
   */
  validate?(object: T, old?: T): FieldError[]
  /** Checks of a new object besides `validate`. */
  validateCreate?(object: T): FieldError[]
  /** Checks of an update besides `validate`. */
  validateUpdate?(object: T, old: T): FieldError[]
  validateStatusUpdate?(object: T, old: T): FieldError[]
  /** Which names are allowed (metadata.name): messages, or none. Default: DNS-1123 subdomain. */
  validateName?(name: string): string[]
  /** Sent as a warning with every answer about the kind: the API lifecycle of upstream's types. */
  readonly deprecation?: string
  /** Warnings for deprecated or doubtful use, as Warning headers. */
  warnings?(object: T, old: T | undefined): string[]
  /** Field selectors besides metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, FieldReader<T>>>
  /**
   * How long a deletion that names no grace period waits, in seconds: kinds that shut down gracefully (Pods) answer a
   * number, others leave this out and are deleted at once.
   */
  deletionGraceSeconds?(object: T, requested: number | undefined): number
  /** Where the scale subresource finds its numbers. */
  readonly scale?: ScaleMapping<T>
  /** Whether spec changes raise metadata.generation. Default: true for kinds with spec and status. */
  readonly countsGenerations?: boolean
  /** Finalizers and propagation when a deletion names none. Default: background. */
  readonly defaultPropagation?: 'Orphan' | 'Background'
  readonly columns?: readonly Column<T>[]
  /** Whether an update must name the version that it replaces: AllowUnconditionalUpdate is false. */
  readonly needsResourceVersion?: boolean
  /** Verbs as discovery lists them, in its order. Default: those that are served, by name. */
  readonly discoveryVerbs?: readonly string[]
  /** What discovery says of the version in which objects are stored. */
  readonly storageVersionHash?: string
  /** The schema of a custom resource, as its definition has it. */
  readonly structural?: JsonObject
  /** Reads a document of a kind that the built-in schema does not describe. */
  read?(document: JsonDocument): Decoded
  /**
   * Its lists can hold thousands of items, which no hook changes. Items that one of our components sends frozen are then
   * stored as they are, so that an update costs as much as it brings that is new.
   */
  readonly hasLongLists?: boolean
}

/**
 * Reads one field as text. Written as a method's type so that a Kind<Pod> may be used where any Kind is expected: the
 * machinery only hands a kind its own objects.
 */
export type FieldReader<T> = { read(object: T): string }['read']

export interface ScaleMapping<T> {
  replicas(object: T): number
  statusReplicas(object: T): number
  /** Selector in string form for Scale.status.selector. */
  selector(object: T): string
  withReplicas(object: T, replicas: number): T
  /** Where the number is. Default: spec.replicas. */
  readonly path?: readonly string[]
}

/** A kind: definition plus what follows from it. Its type parameter makes `api.list(Pod)` return Pods. */
export interface Kind<T extends ApiObject = ApiObject> extends KindDefinition<T> {
  readonly singular: string
  readonly listKind: string
  /** `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string
  /** `deployments.apps`: the resource's key everywhere in the engine. */
  readonly resource: string
}

/** Completes a kind's definition. */
export function defineKind<T extends ApiObject>(definition: KindDefinition<T>): Kind<T> {
  const { group, version, kind, plural } = definition
  return {
    ...definition,
    singular: definition.singular ?? kind.toLowerCase(),
    listKind: definition.listKind ?? `${kind}List`,
    apiVersion: group ? `${group}/${version}` : version,
    resource: group ? `${plural}.${group}` : plural,
  }
}

/** An object of which it is known that it is of this kind, because it came from where only such objects are. */
export function typed<T extends ApiObject>(_kind: Kind<T>, object: ApiObject): T {
  return object as T
}

/** As `typed`, for a whole collection. */
export function typedAll<T extends ApiObject>(_kind: Kind<T>, objects: Iterable<ApiObject>): T[] {
  return [...objects] as T[]
}
