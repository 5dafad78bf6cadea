import type { RequestEvidence, StageEvidence } from '../../machinery/evidence.ts'
import type { JsonDocument } from '../../machinery/json-text.ts'
import type { ApiRequest, ApiResponse, RequestOptions, UserInfo } from '../../machinery/rest.ts'
import { ApiError, forbidden } from '../../machinery/status.ts'
import type { Self } from '../../sim/component.ts'
import { askAggregated } from './aggregation/backend.ts'
import { inValidation } from './admission/admit.ts'
import { auditRequest } from './audit/audit.ts'
import type { Audited } from './audit/event.ts'
import { nameIn, refusal } from './authorization/access.ts'
import type { Answer, Call } from './call.ts'
import { isApiObject } from './objects.ts'
import { countAccess, countRequest } from './metrics/count.ts'
import { create } from './registry/create.ts'
import { remove } from './registry/delete.ts'
import { deleteCollection } from './registry/delete-collection.ts'
import { patch } from './registry/patch.ts'
import { get, list } from './registry/read.ts'
import { update } from './registry/update.ts'
import type { Resource } from './resources.ts'
import type { Server } from './server-context.ts'
import type { ApiServerState } from './state.ts'
import { subresources } from './subresources/index.ts'
import { virtualResources } from './virtual/index.ts'

const authenticated: StageEvidence = Object.freeze({ stage: 'authentication', verdict: 'known' })

/** A request that has passed the HTTP server's gate: the stages of that are its evidence. */
export interface AdmittedRequest extends ApiRequest {
  readonly admitted?: readonly StageEvidence[]
  /** Path and query as they were written, where the request came from, and who sent it on behalf of the user. */
  readonly uri?: string
  readonly source?: string | undefined
  readonly impersonator?: UserInfo | undefined
}

const virtual = new Map(virtualResources.map(({ kind, handlers: own }) => [kind.resource, own]))
const noOptions: RequestOptions = Object.freeze({})

const handlers: Readonly<Record<Exclude<ApiRequest['verb'], 'watch'>, (call: Call) => Answer>> = {
  get,
  list,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: deleteCollection,
}

/** Serves one request: the stages in their order, and the evidence of what each of them said. */
export function serve(
  server: Server,
  self: Self<ApiServerState>,
  request: ApiRequest,
  document?: JsonDocument,
  warnings: string[] = [],
): ApiResponse {
  return withEvidence(server, self, request, document, warnings, call => {
    const handler = handlerFor(call)
    return handler(call)
  })
}

/** Runs an action with the request's call, after it was authorised, and leaves the evidence of the request. */
export function withEvidence(
  server: Server,
  self: Self<ApiServerState>,
  request: AdmittedRequest,
  document: JsonDocument | undefined,
  warnings: string[],
  action: (call: Call) => Answer,
): ApiResponse {
  const stages: StageEvidence[] = request.admitted ? [...request.admitted] : [authenticated]
  let call: Call | undefined
  try {
    call = begin(server, self, request, document, stages, warnings)
    const { deprecation } = call.resource.kind
    if (deprecation) warnings.push(deprecation)
    const { code, body } = action(call)
    record(call, request, stages, code, body, undefined)
    countRequest(call, code)
    return { code, body, warnings }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (call) {
      stages.push(endedAt(call, error))
      countRequest(call, error.code)
    }
    record(call ?? { self, server }, request, stages, error.code, undefined, error)
    throw error
  }
}

const missing: StageEvidence = Object.freeze({ stage: 'storage', verdict: 'not found' })
const conflict: StageEvidence = Object.freeze({ stage: 'storage', verdict: 'conflict' })

/** The stage that refused a request: what is not there, or is another version by now, was found out in etcd. */
function endedAt({ at }: Call, { code, reason }: ApiError): StageEvidence {
  if (at.stage !== 'validation' && at.stage !== 'storage') return at
  if (code === 404) return missing
  return reason === 'AlreadyExists' || reason === 'Conflict' ? conflict : at
}

function begin(
  server: Server,
  self: Self<ApiServerState>,
  request: AdmittedRequest,
  document: JsonDocument | undefined,
  stages: StageEvidence[],
  warnings: string[],
): Call {
  const resource = resourceOf(server, request)
  if (!request.admitted) {
    self.state.counters.authenticated++
    checkAccess(server, self, request, resource, stages)
  }
  return {
    server,
    self,
    request,
    options: request.options ?? noOptions,
    document,
    etcd: server.options.etcd(),
    resource,
    namespace: resource.kind.namespaced ? request.namespace : undefined,
    warnings,
    stages,
    at: inValidation,
    revision: undefined,
    note: undefined,
    annotations: undefined,
  }
}

function resourceOf({ resources }: Server, { group, version, resource }: ApiRequest): Resource {
  const found = resources.find(group, version, resource)
  if (!found) throw new ApiError('NotFound', 'the server could not find the requested resource', {})
  return found
}

function checkAccess(
  server: Server,
  { state }: Self<ApiServerState>,
  request: ApiRequest,
  { kind }: Resource,
  stages: StageEvidence[],
): void {
  const { allowed, reason, by } = server.authorizer.authorize(request, server.options.etcd())
  const verdict = allowed ? 'allowed' : 'denied'
  stages.push(
    reason === '' ? { stage: 'authorization', verdict, by } : { stage: 'authorization', verdict, by, detail: reason },
  )
  countAccess(state, allowed)
  if (allowed) return
  throw forbidden(kind, nameIn(request), refusal(request) + (reason ? `: ${reason}` : ''))
}

function handlerFor({ request, resource }: Call): (call: Call) => Answer {
  const { verb, subresource } = request
  if (resource.isAggregated) return askAggregated
  const own = verb === 'watch' || subresource !== undefined ? undefined : virtual.get(resource.name)?.[verb]
  if (own) return own
  if (verb !== 'watch' && subresource === undefined && resource.verbs.has(verb)) return handlers[verb]
  const special = subresource === undefined ? undefined : subresources.find(resource, subresource)
  const handler = verb === 'watch' ? undefined : special?.[verb]
  if (handler) return handler
  if (subresource !== undefined && !special) {
    throw new ApiError('NotFound', 'the server could not find the requested resource', {})
  }
  throw new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
}

/** Leaves the evidence of a request that was refused before anything was done for it. */
export function recordRefusal(
  by: Recorder,
  request: Audited['request'],
  stages: readonly StageEvidence[],
  error: ApiError,
): void {
  record(by, request, stages, error.code, undefined, error)
}

type Recorder = Pick<Call, 'self' | 'server'> & Partial<Pick<Call, 'revision' | 'annotations'>>

function record(
  { self, server, revision, annotations }: Recorder,
  request: Audited['request'],
  stages: readonly StageEvidence[],
  code: number,
  body: unknown,
  error: ApiError | undefined,
): void {
  const { audit } = self.state
  if (audit)
    auditRequest(server, self, audit, { request, stages, code, status: error?.status, answer: body, annotations })
  const { group, resource, namespace, name, verb, subresource, path, user, userAgent, from } = request
  const metadata = isApiObject(body) ? body.metadata : undefined
  const uid = metadata?.uid
  const evidence: RequestEvidence = {
    verb,
    target: {
      resource: group ? `${resource}.${group}` : resource,
      ...(namespace !== undefined && { namespace }),
      name: path ?? name ?? metadata?.name ?? '',
      ...(uid !== undefined && { uid }),
    },
    ...(subresource !== undefined && { subresource }),
    user: user.name,
    userAgent,
    ...(from !== undefined && { from }),
    code,
    ...(error && { message: error.message }),
    stages,
    ...(revision !== undefined && { revision }),
  }
  self.record('request', evidence)
}
