import type { JsonDocument } from '../../../machinery/json-text.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { PatchType, RequestOptions, Verb, WatchTarget } from '../../../machinery/rest.ts'
import { ApiError } from '../../../machinery/status.ts'
import type { Self } from '../../../sim/component.ts'
import { inValidation } from '../admission/admit.ts'
import { isApiObject } from '../objects.ts'
import { type AdmittedRequest, recordRefusal, serve } from '../pipeline.ts'
import { type Fields, fieldsOf, isFields, listOf } from '../record.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { scaleKind } from '../subresources/scale-kind.ts'
import { mediaType, readBody, readConfig, readDeleteOptions, readPatch } from './body.ts'
import { connect, connectVerb, followLog, isFollowed } from './connection.ts'
import { type Exchange, includeObject } from './exchange.ts'
import { lineOf, passGate } from './gate.ts'
import { header, type HttpConnection, type HttpRequest, type HttpResponse, type HttpStream } from './message.ts'
import { negotiate, type Representation } from './negotiate.ts'
import { otherPaths } from './other-paths.ts'
import { notAllowed, partsOf, resourceAt, type ResourcePath } from './path.ts'
import { deleteOptionsIn, firstOf, isSet, optionsFor, parseQuery, type Query } from './query.ts'
import { requestInfo } from './request-info.ts'
import { openStream } from './stream.ts'
import { partialOf, tableOf } from './table.ts'
import { answer, plainText, refusalOf } from './write.ts'

/**
 * Serves an HTTP request as kube-apiserver does. A watch needs a target, whose component gets the deliveries; without one
 * it ends at once with what is there.
 */
export function serveHttp(
  server: Server,
  self: Self<ApiServerState>,
  request: HttpRequest,
  target?: WatchTarget,
): HttpResponse | HttpStream | HttpConnection {
  const [path = '', query = ''] = splitPath(request.path)
  const arrived = { server, self, request, parts: partsOf(path), query: parseQuery(query) }
  let representation: Representation = { format: 'json', version: 'v1' }
  const warnings: string[] = []
  // A request that was let in and is not with those yet who leave evidence of it.
  let waiting: Exchange | undefined
  try {
    const exchange: Exchange = { ...arrived, passed: passGate(arrived) }
    waiting = exchange
    const other = otherPaths(exchange)
    if (other) return other
    const place = resourceAt(server.resources, exchange.parts)
    if (!place) return plainText(404, '404 page not found\n')
    const connecting = connectVerb(exchange, place)
    if (connecting) {
      const { apiRequest } = read(exchange, place, 'get', warnings)
      waiting = undefined
      return connect(exchange, { ...place, rest: restOf(path, query) }, { ...apiRequest, verb: connecting }, target)
    }
    const verb = verbOf(exchange, place)
    checkScope(verb, place)
    representation = negotiate(header(request, 'Accept'), verb === 'list' || verb === 'watch')
    const { apiRequest, document } = read(exchange, place, verb, warnings)
    waiting = undefined
    if (target && isFollowed(exchange, place)) return followLog(exchange, apiRequest, target)
    if (verb === 'watch') return openStream(exchange, apiRequest, representation, target)
    const response = serve(server, self, apiRequest, document, warnings)
    if (typeof response.body === 'string') return plainText(response.code, response.body)
    const value = represent(exchange, place, response.body, representation)
    return answer(response.code, value, representation.format, response.warnings)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (waiting) recordUnread(waiting, error)
    return refusalOf(error, representation.format, warnings)
  }
}

/** Codes that are about what was sent. */
const unreadable: ReadonlySet<number> = new Set([400, 413, 415, 422])

/** A request that nobody could read: a body that is none, a method or a resource that is not there. */
function recordUnread(exchange: Exchange, error: ApiError): void {
  const { server, self, request, passed } = exchange
  const { user, impersonator } = passed
  const stages = unreadable.has(error.code) ? [...passed.stages, inValidation] : passed.stages
  recordRefusal({ server, self }, { ...requestInfo(exchange), user, impersonator, ...lineOf(request) }, stages, error)
}

function splitPath(path: string): string[] {
  const mark = path.indexOf('?')
  return mark < 0 ? [path] : [path.slice(0, mark), path.slice(mark + 1)]
}

/** What follows `/proxy` in a path, with the query. */
function restOf(path: string, query: string): string {
  const rest = /\/(?:pods|services|nodes)\/[^/]+\/proxy(.*)$/.exec(path)?.[1] ?? ''
  return query === '' ? rest : `${rest}?${query}`
}

function verbOf({ request: { method }, query }: Exchange, { name, isWatch }: ResourcePath): Verb {
  switch (method) {
    case 'GET':
      if (name === undefined) return isWatch || isSet(query, 'watch') ? 'watch' : 'list'
      return isWatch ? 'watch' : 'get'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      throw notAllowed()
  }
}

/** Which verbs a path with or without name and namespace has. */
function checkScope(verb: Verb, { resource, namespace, name, subresource }: ResourcePath): void {
  const isEverywhere = resource.kind.namespaced && namespace === undefined
  if (isEverywhere && verb !== 'list' && verb !== 'watch') throw notAllowed()
  if (verb === 'create' && name !== undefined && subresource === undefined) throw notAllowed()
  if ((verb === 'update' || verb === 'patch') && name === undefined) throw notAllowed()
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

function read(
  exchange: Exchange,
  place: ResourcePath,
  verb: Verb,
  warnings: string[],
): { apiRequest: AdmittedRequest; document: JsonDocument | undefined } {
  const { request, query } = exchange
  const { resource, namespace, name, subresource } = place
  const patchType = verb === 'patch' ? patchTypeOf(request) : undefined
  const inBody = verb === 'delete' || verb === 'deletecollection' ? deletionBody(exchange) : undefined
  const options = optionsFor(verb, query, patchType === 'apply', inBody !== undefined)
  const document = documentOf(exchange, place, verb, patchType, options, warnings)
  const isLog = subresource === 'log'
  const { user, stages: admitted, impersonator } = exchange.passed
  const { group, version, plural } = resource.kind
  const isNamed = name !== undefined || !place.isWatch
  return {
    document,
    apiRequest: {
      verb,
      group,
      version,
      resource: plural,
      ...(subresource !== undefined && { subresource }),
      ...(namespace !== undefined && { namespace }),
      ...(isNamed && name !== undefined && { name }),
      ...(patchType !== undefined && { patchType }),
      body: isLog ? logOptions(query) : document?.value,
      options: inBody ? { ...options, ...deleteOptionsIn(inBody) } : options,
      user,
      admitted,
      impersonator,
      ...lineOf(request),
    },
  }
}

function patchTypeOf(request: HttpRequest): PatchType {
  const type = patchTypes[mediaType(header(request, 'Content-Type'))]
  if (type === undefined) throw new ApiError('UnsupportedMediaType', '415: Unsupported Media Type', {})
  return type
}

/** The body of a deletion, if it has one. */
function deletionBody({ server, request }: Exchange): Fields | undefined {
  const { body = '' } = request
  if (body === '') return undefined
  return readDeleteOptions(server.options.schema, header(request, 'Content-Type'), body)
}

function documentOf(
  { request }: Exchange,
  { resource }: ResourcePath,
  verb: Verb,
  patchType: PatchType | undefined,
  options: RequestOptions,
  warnings: string[],
): JsonDocument | undefined {
  const { body = '' } = request
  const contentType = header(request, 'Content-Type')
  if (verb === 'create' || verb === 'update') {
    return readBody(resource.kind, contentType, body, options.fieldValidation === 'Strict')
  }
  if (patchType === undefined) return undefined
  if (patchType === 'apply') return readConfig(body, options.fieldValidation, warnings)
  return readPatch(body, patchType)
}

function logOptions(query: Query): Record<string, unknown> {
  const number = (name: string): object => {
    const value = firstOf(query, name)
    return value === undefined ? {} : { [name]: Number(value) }
  }
  return {
    container: firstOf(query, 'container') ?? '',
    previous: isSet(query, 'previous') ?? false,
    timestamps: isSet(query, 'timestamps') ?? false,
    ...number('tailLines'),
    ...number('sinceSeconds'),
    ...number('limitBytes'),
  }
}

/** The answer in the form that was asked for: as it is, as a Table or as bare metadata. */
function represent(
  { self, query }: Exchange,
  { resource, subresource }: ResourcePath,
  body: unknown,
  { as, version }: Representation,
): unknown {
  if (!isFields(body) || body.kind === 'Status') return body
  const isList = Array.isArray(body.items) && body.kind === resource.kind.listKind
  const items = isList ? listOf(body.items).filter(isApiObject) : isApiObject(body) ? [body] : []
  const isScale = subresource === 'scale'
  if (as === undefined || (subresource !== undefined && subresource !== 'status' && !isScale)) {
    return isList ? listed(body, items, resource) : body
  }
  const metadata = fieldsOf(body.metadata)
  if (as === 'Table') {
    const shown = isList ? metadata : { resourceVersion: metadata.resourceVersion }
    return tableOf(isScale ? scaleKind : resource.kind, items, shown, {
      now: self.now,
      version,
      include: includeObject(query),
    })
  }
  if (!isList) return items[0] && partialOf(items[0], version)
  const kind = 'PartialObjectMetadataList'
  return { kind, apiVersion: `meta.k8s.io/${version}`, metadata, items: items.map(item => partialOf(item, version)) }
}

/**
 * A list as it is written: Go structs have an order and their items do not say what they are, since the list does; what has no
 * struct is a map, whose keys are sorted and whose items say it.
 */
function listed(body: Fields, items: readonly ApiObject[], { kind }: ResourcePath['resource']): object {
  if (!kind.structural) return { ...body, items: items.map(withoutKind) }
  return { apiVersion: body.apiVersion, items, kind: body.kind, metadata: body.metadata }
}

function withoutKind({ kind: _, apiVersion: __, ...rest }: ApiObject): object {
  return rest
}
