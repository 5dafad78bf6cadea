import type { Kind } from '../machinery/kind.ts'
import type { ApiList, ApiObject, DeepPartial } from '../machinery/object.ts'
import {
  type ApiRequest,
  bodyOf,
  type PatchType,
  type RequestOptions,
  type Transport,
  type UserInfo,
  type Verb,
} from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import { type LimiterState, takeTokens } from './limiter.ts'

/** What a new object may leave out: what defaulting, admission and the server fill in. */
export type NewObject<T extends ApiObject> = DeepPartial<T>

/**
 * A typed client of the Kubernetes API, bound to an identity. Calls return at once or throw ApiError; what they cost is
 * added up and charged to the caller by the runner of its component (DESIGN.md, D3).
 */
export interface Api {
  get<T extends ApiObject>(kind: Kind<T>, name: string, namespace?: string): T
  /** The object, or undefined when the server says NotFound. */
  find<T extends ApiObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined
  /** Objects of all namespaces unless one is named. */
  list<T extends ApiObject>(kind: Kind<T>, namespace?: string, options?: RequestOptions): T[]
  /** As `list`, with the list's metadata. */
  listPage<T extends ApiObject>(kind: Kind<T>, namespace?: string, options?: RequestOptions): ApiList<T>
  create<T extends ApiObject>(kind: Kind<T>, object: NewObject<T>, options?: RequestOptions): T
  update<T extends ApiObject>(kind: Kind<T>, object: T): T
  updateStatus<T extends ApiObject>(kind: Kind<T>, object: T): T
  patch<T extends ApiObject>(kind: Kind<T>, target: Target, type: PatchType, patch: unknown, subresource?: string): T
  delete<T extends ApiObject>(kind: Kind<T>, target: Target, options?: RequestOptions): void
  /** Sends what the methods above have no name for, such as a Binding or an Eviction. */
  send<Answer>(request: RawRequest): Answer
  /** Starts a watch whose deliveries reach `component`; returns its id. */
  watch(kind: Kind, component: string, options: RequestOptions, namespace?: string): number
  stopWatch(watchId: number): void
  /** Ms spent on requests since the last call of this. */
  takeSpentMs(): number
}

/** Anything that names an object: an object itself will do. */
export interface Target {
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

export interface RawRequest {
  readonly verb: Verb
  readonly kind: Kind
  readonly name?: string
  readonly namespace?: string
  readonly subresource?: string
  readonly body?: unknown
  readonly options?: RequestOptions
}

export interface Identity {
  readonly user: UserInfo
  readonly userAgent: string
}

/**
 * How far a caller has come in a step of its work that is one instant of the simulation: each request is sent when the
 * one before was answered and the rate limiter has a token for it. Others see what it does at those times.
 */
export interface Step {
  /** Ms since the instant. */
  passedMs: number
  /** Ms since the instant at which requests began that are made at once: each by a goroutine of its own. */
  togetherSinceMs?: number | undefined
  /** Where tokens come from, and the instant that they are counted from. */
  limiter?: { readonly tokens: LimiterState; readonly now: number }
}

/**
 * Makes a client that reaches the API through `transport` as `identity`. With a step its requests are sent one after the
 * other and take their time in it; `follows` says that they are sent on the side and hold nobody up.
 */
export function createApi(transport: Transport, identity: Identity, step?: Step, follows = false): Api {
  let spentMs = 0

  function send<Answer>({ kind, ...rest }: RawRequest & { patchType?: PatchType }): Answer {
    const { group, version, plural: resource } = kind
    const sentAfterMs = step ? sendingTime(step, follows) : 0
    const request: ApiRequest = { ...rest, ...identity, group, version, resource, sentAfterMs }
    const tookMs = transport.latencyMs(request)
    spentMs += tookMs
    if (step && !follows) step.passedMs = Math.max(step.passedMs, sentAfterMs + tookMs)
    return bodyOf<Answer>(transport.request(request))
  }

  const api: Api = {
    send,
    get: (kind, name, namespace) => send({ verb: 'get', kind, name, namespace }),
    find(kind, name, namespace) {
      try {
        return api.get(kind, name, namespace)
      } catch (error) {
        if (error instanceof ApiError && error.reason === 'NotFound') return undefined
        throw error
      }
    },
    listPage: (kind, namespace, options) => send({ verb: 'list', kind, namespace, options }),
    list: (kind, namespace, options) => api.listPage(kind, namespace, options).items,
    create: (kind, body, options) => send({ verb: 'create', kind, namespace: body.metadata?.namespace, body, options }),
    update: (kind, body) => send({ verb: 'update', kind, ...nameOf(body), body }),
    updateStatus: (kind, body) => send({ verb: 'update', kind, ...nameOf(body), subresource: 'status', body }),
    patch: (kind, target, patchType, body, subresource) =>
      send({ verb: 'patch', kind, ...nameOf(target), subresource, patchType, body }),
    delete: (kind, target, options) => send({ verb: 'delete', kind, ...nameOf(target), options }),
    watch(kind, component, options, namespace) {
      const { group, version, plural: resource } = kind
      return transport.watch({ verb: 'watch', group, version, resource, namespace, options, ...identity }, component)
    },
    stopWatch: watchId => transport.stopWatch(watchId),
    takeSpentMs() {
      const spent = spentMs
      spentMs = 0
      return spent
    },
  }
  return api
}

/** Makes the requests of `run` all at once: none waits for the answer of another. */
export function together<Result>(step: Step, run: () => Result): Result {
  step.togetherSinceMs = step.passedMs
  try {
    return run()
  } finally {
    step.togetherSinceMs = undefined
  }
}

/** How much later each of several requests is sent that are made at once: they share a connection and a server. */
const staggerMs = 1

function sendingTime(step: Step, follows: boolean): number {
  const { passedMs, togetherSinceMs, limiter } = step
  if (follows) return passedMs
  const readyMs = togetherSinceMs ?? passedMs
  if (togetherSinceMs !== undefined) step.togetherSinceMs = togetherSinceMs + staggerMs
  return limiter ? Math.max(readyMs, takeTokens(limiter.tokens, 1, limiter.now)) : readyMs
}

function nameOf({ metadata: { name, namespace } }: Target): { name: string; namespace?: string } {
  return namespace === undefined ? { name } : { name, namespace }
}
