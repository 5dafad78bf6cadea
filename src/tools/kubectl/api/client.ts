import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { ApiError, type Reason, type Status, type StatusDetails } from '../../../machinery/status.ts'
import { PlainError } from '../errors.ts'
import type { HttpRequest, HttpResponse, KubeClient } from '../host.ts'
import { items, numberAt, objectsAt, textAt } from '../unstructured.ts'
import type { Resource } from './discovery.ts'

export const tableForm = [
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
  'application/json',
].join(',')

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

export type PatchType = keyof typeof patchTypes

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Options {
  readonly query?: Query
  readonly accept?: string
}

/** What every request needs to know, and where warnings go. */
export interface ClientSettings {
  /** Undefined: nobody listens at the server's address. */
  readonly client: KubeClient | undefined
  /** Host and port, as messages name it. */
  readonly server: string
  readonly headers: Readonly<Record<string, string>>
  warn(text: string): void
}

/** The Kubernetes REST API over HTTP: client-go's rest package with text bodies. */
export class RestClient {
  private readonly warned = new Set<string>()

  constructor(private readonly settings: ClientSettings) {}

  get server(): string {
    return this.settings.server
  }

  /** Headers of a request that somebody else sends (a watch, a stream). */
  get headers(): Readonly<Record<string, string>> {
    return this.settings.headers
  }

  get(path: string, options: Options = {}): JsonObject {
    return this.json('GET', path, undefined, options)
  }

  create(path: string, object: unknown, query: Query = {}): JsonObject {
    return this.json('POST', path, object, { query })
  }

  update(path: string, object: unknown, query: Query = {}): JsonObject {
    return this.json('PUT', path, object, { query })
  }

  delete(path: string, options: unknown, query: Query = {}): JsonObject {
    return this.json('DELETE', path, options, { query })
  }

  patch(path: string, type: PatchType, patch: unknown, query: Query = {}): JsonObject {
    const body = typeof patch === 'string' ? patch : JSON.stringify(patch)
    const headers = { 'Content-Type': patchTypes[type], Accept: 'application/json' }
    return objectIn(this.send({ method: 'PATCH', path: withQuery(path, query), headers, body }))
  }

  /** An answer as text: logs, `--raw`. */
  text(method: string, path: string, body?: string): string {
    const headers = {
      Accept: 'application/json, */*',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    }
    return this.send({ method, path, headers, ...(body !== undefined && { body }) }).body
  }

  private json(method: string, path: string, body: unknown, { query = {}, accept = 'application/json' }: Options) {
    const headers = { Accept: accept, ...(body !== undefined && { 'Content-Type': 'application/json' }) }
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    return objectIn(this.send({ method, path: withQuery(path, query), headers, ...text }))
  }

  private send(request: HttpRequest): HttpResponse {
    const { client, server, headers } = this.settings
    if (!client) {
      const why = 'was refused - did you specify the right host or port?'
      throw new PlainError(`The connection to the server ${server} ${why}`)
    }
    const response = client.send({ ...request, headers: { ...headers, ...request.headers } })
    this.showWarnings(response)
    if (response.status >= 400) throw refusalIn(response)
    return response
  }

  /** Each warning is shown once a command. */
  private showWarnings({ headers }: HttpResponse): void {
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() !== 'warning') continue
      for (const text of typeof value === 'string' ? [value] : value) {
        const message = /^299 \S+ "((?:[^"\\]|\\.)*)"/.exec(text)?.[1]?.replace(/\\(.)/g, '$1')
        if (message === undefined || this.warned.has(message)) continue
        this.warned.add(message)
        this.settings.warn(message)
      }
    }
  }
}

/** A list or Table with what follows it, chunk after chunk: resource.FollowContinue. */
export function allChunks(client: RestClient, path: string, options: Options = {}): JsonObject {
  const first = client.get(path, options)
  let next = textAt(first, 'metadata', 'continue')
  if (next === '') return first
  const parts: Record<'items' | 'rows', unknown[]> = { items: [...items(first.items)], rows: [...items(first.rows)] }
  while (next !== '') {
    const chunk = client.get(path, { ...options, query: { ...options.query, continue: next } })
    parts.items.push(...items(chunk.items))
    parts.rows.push(...items(chunk.rows))
    next = textAt(chunk, 'metadata', 'continue')
  }
  return { ...first, ...('rows' in first ? { rows: parts.rows } : { items: parts.items }) }
}

/** A path with its query, the names in order. */
export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  if (pairs.length === 0) return path
  return `${path}${path.includes('?') ? '&' : '?'}${pairs.sort().join('&')}`
}

/** `/apis/apps/v1/namespaces/default/deployments/web/scale`. */
export function pathOf(
  { group, version, plural, namespaced }: Resource,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const place = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  const tail = [name, subresource || undefined].filter(part => part !== undefined).map(encodeURIComponent)
  return [`${root}${place}/${plural}`, ...tail].join('/')
}

function objectIn({ body }: HttpResponse): JsonObject {
  const value: unknown = body === '' ? {} : JSON.parse(body)
  return isObject(value) ? value : {}
}

const reasons: readonly Reason[] = [
  ...(['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound', 'MethodNotAllowed', 'NotAcceptable'] as const),
  ...(['AlreadyExists', 'Conflict', 'Gone', 'Expired', 'RequestEntityTooLarge', 'UnsupportedMediaType'] as const),
  ...(['Invalid', 'TooManyRequests', 'InternalError', 'ServiceUnavailable', 'Timeout', 'ServerTimeout'] as const),
]

/** The failure that an answer says: its Status, or what client-go makes of a bare code. */
export function refusalIn({ status, body }: Pick<HttpResponse, 'status' | 'body'>): ApiError {
  const parsed = body.startsWith('{') ? statusIn(body) : undefined
  if (parsed) return apiError(parsed, status)
  const text =
    status === 404 ? 'the server could not find the requested resource' : (genericTexts[status] ?? body.trim())
  const reason = reasonByCode[status] ?? ''
  return new ApiError(reason, text, undefined, status)
}

const reasonByCode: Readonly<Record<number, Reason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  415: 'UnsupportedMediaType',
  500: 'InternalError',
  503: 'ServiceUnavailable',
}

const genericTexts: Readonly<Record<number, string>> = {
  405: 'the server does not allow this method on the requested resource',
  406: 'the server was unable to respond with a content type that the client supports',
  503: 'the server is currently unable to handle the request',
}

export function apiError(status: JsonObject, code = numberAt(status, 'code')): ApiError {
  const reason = reasons.find(known => known === textAt(status, 'reason')) ?? ''
  return new ApiError(reason, textAt(status, 'message'), detailsIn(status), code)
}

function statusIn(body: string): JsonObject | undefined {
  const value: unknown = JSON.parse(body)
  return isObject(value) && value.kind === ('Status' satisfies Status['kind']) ? value : undefined
}

function detailsIn(status: JsonObject): StatusDetails | undefined {
  const { details } = status
  if (!isObject(details)) return undefined
  const causes = objectsAt(details, 'causes').map(cause => ({
    reason: textAt(cause, 'reason'),
    message: textAt(cause, 'message'),
    field: textAt(cause, 'field'),
  }))
  return {
    name: textAt(details, 'name'),
    group: textAt(details, 'group'),
    kind: textAt(details, 'kind'),
    retryAfterSeconds: numberAt(details, 'retryAfterSeconds'),
    ...(causes.length > 0 && { causes }),
  }
}
