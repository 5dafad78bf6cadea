import type { ApiObject } from './object.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** Who asks, as authentication found it. */
export interface UserInfo {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** Query parameters and DeleteOptions, by their names in the Kubernetes API. */
export interface RequestOptions {
  labelSelector?: string
  fieldSelector?: string
  limit?: number
  continue?: string
  resourceVersion?: string
  resourceVersionMatch?: string
  allowWatchBookmarks?: boolean
  sendInitialEvents?: boolean
  timeoutSeconds?: number
  dryRun?: boolean
  fieldManager?: string
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  force?: boolean
  gracePeriodSeconds?: number
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  orphanDependents?: boolean
  preconditions?: { uid?: string; resourceVersion?: string }
  /** Whether metadata.managedFields is shown and minded: it is to whoever comes over HTTP. Our own clients do without. */
  managedFields?: boolean
}

/**
 * One request to the API server after its path was read: what upstream calls RequestInfo, with the body decoded.
 * Clients inside the simulation make these; HTTP requests are turned into them at the server's door.
 */
export interface ApiRequest {
  readonly verb: Verb
  readonly group: string
  readonly version: string
  /** Plural name, as in the path. */
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** The object to create or update, or the patch document. */
  readonly body?: unknown
  readonly patchType?: PatchType
  readonly options?: RequestOptions
  readonly user: UserInfo
  readonly userAgent: string
  /** The component of the simulation that asks; set by the transport, for the trace. */
  readonly from?: string
  /** Ms after the present instant at which it is sent: what its sender did before in the same step took so long. */
  readonly sentAfterMs?: number
}

export interface ApiResponse {
  /** HTTP status: 200, 201 or 202. Failures are thrown as ApiError. */
  readonly code: number
  /** A frozen object, list or Status. */
  readonly body: unknown
  /** Texts of Warning headers. */
  readonly warnings: readonly string[]
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'

export interface WatchEvent<T extends ApiObject = ApiObject> {
  readonly type: WatchEventType
  readonly object: T
  /** etcd revision of the change. */
  readonly revision: number
}

/**
 * What a watcher's component receives as the data of its `watch` event: several changes at once, in order, or the end
 * of the watch. `gone` asks for a new list (410); a closed watch may be taken up again where it ended.
 */
export interface WatchDelivery {
  readonly watchId: number
  readonly events: readonly WatchEvent[]
  readonly closed?: 'gone' | 'closed'
}

/** Where deliveries go: the component's `watch` handler gets a WatchDelivery. */
export interface WatchTarget {
  readonly component: string
  /** How late it sees changes, in ms: chosen by the transport from the network between them. */
  readonly delayMs: number
}

/** How a client reaches API servers. Throws ApiError for their refusals and for connections that fail. */
export interface Transport {
  request(request: ApiRequest): ApiResponse
  /** Starts a watch from `options.resourceVersion` on and returns its id. The first delivery comes later. */
  watch(request: ApiRequest, component: string): number
  stopWatch(watchId: number): void
  /** What one request costs the caller, in ms (DESIGN.md, D3). */
  latencyMs(request: ApiRequest): number
}

/** The answer's body as the type that a request of this sort is answered with: the one place where an answer gets it. */
export function bodyOf<Body>(response: ApiResponse): Body {
  return response.body as Body
}
