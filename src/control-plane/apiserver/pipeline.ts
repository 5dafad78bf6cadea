import type { RequestEvidence, StageEvidence } from '../../machinery/evidence.ts'
import type { JsonDocument } from '../../machinery/json-text.ts'
import type { ApiRequest, ApiResponse, RequestOptions } from '../../machinery/rest.ts'
import { ApiError, forbidden } from '../../machinery/status.ts'
import type { Self } from '../../sim/component.ts'
import { inValidation } from './admission/admit.ts'
import { authorize, refusal } from './authorization.ts'
import type { Answer, Call } from './call.ts'
import { isApiObject } from './objects.ts'
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
  request: ApiRequest,
  document: JsonDocument | undefined,
  warnings: string[],
  action: (call: Call) => Answer,
): ApiResponse {
  const stages: StageEvidence[] = [authenticated]
  let call: Call | undefined
  try {
    call = begin(server, self, request, document, stages, warnings)
    const { deprecation } = call.resource.kind
    if (deprecation) warnings.push(deprecation)
    const { code, body } = action(call)
    record(call, request, stages, code, body, undefined)
    return { code, body, warnings }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (call) stages.push(call.at)
    record(call ?? { self }, request, stages, error.code, undefined, error.message)
    throw error
  }
}

function begin(
  server: Server,
  self: Self<ApiServerState>,
  request: ApiRequest,
  document: JsonDocument | undefined,
  stages: StageEvidence[],
  warnings: string[],
): Call {
  const resource = resourceOf(server, request)
  checkAccess(server, request, resource, stages)
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
  }
}

function resourceOf({ resources }: Server, { group, version, resource }: ApiRequest): Resource {
  const found = resources.find(group, version, resource)
  if (!found) throw new ApiError('NotFound', 'the server could not find the requested resource', {})
  return found
}

function checkAccess({ authorizer }: Server, request: ApiRequest, { kind }: Resource, stages: StageEvidence[]): void {
  const { allowed, reason, by } = authorize(authorizer, request)
  stages.push({ stage: 'authorization', verdict: allowed ? 'allowed' : 'denied', by })
  if (allowed) return
  throw forbidden(kind, request.name ?? '', refusal(request) + (reason ? `: ${reason}` : ''))
}

function handlerFor({ request, resource }: Call): (call: Call) => Answer {
  const { verb, subresource } = request
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

function record(
  { self, revision }: Pick<Call, 'self'> & { revision?: number | undefined },
  request: ApiRequest,
  stages: readonly StageEvidence[],
  code: number,
  body: unknown,
  message: string | undefined,
): void {
  const { group, resource, namespace, name, verb, subresource, user, userAgent, from } = request
  const metadata = isApiObject(body) ? body.metadata : undefined
  const uid = metadata?.uid
  const evidence: RequestEvidence = {
    verb,
    target: {
      resource: group ? `${resource}.${group}` : resource,
      ...(namespace !== undefined && { namespace }),
      name: name ?? metadata?.name ?? '',
      ...(uid !== undefined && { uid }),
    },
    ...(subresource !== undefined && { subresource }),
    user: user.name,
    userAgent,
    ...(from !== undefined && { from }),
    code,
    ...(message !== undefined && { message }),
    stages,
    ...(revision !== undefined && { revision }),
  }
  self.record('request', evidence)
}
