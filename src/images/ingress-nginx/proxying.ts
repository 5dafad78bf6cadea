import type { Cache } from '../../client/controller.ts'
import type { Answer, Delivered, HttpResponse } from '../../network/exchange.ts'
import type { Process } from '../../node/runtime/program.ts'
import { logTime } from '../clock.ts'
import { locationFor, rewritten, serverFor } from './match.ts'
import { nginxPage } from './pages.ts'
import type { Location, Server, Upstream } from './servers.ts'
import { endpointsOf } from './upstream.ts'

/** What nginx remembers. Plain data. */
export interface NginxState {
  listening: boolean
  /** Whose turn it is, by upstream. */
  readonly next: Record<string, number>
  requests: number
}

/** What requests are served by. */
export interface Configuration {
  readonly cache: Cache
  readonly servers: readonly Server[]
}

/** A request that was passed on: comes back with the upstream's answer. Plain data. */
interface Passed {
  readonly request: Delivered
  /** `namespace/name` of the Ingress, and the rule of it that was followed: host and path. */
  readonly ingress: string
  readonly rule: string
  readonly upstream: Upstream
  readonly uri: string
  readonly id: string
  /** Addresses tried, and when the request came and was last passed on. */
  readonly tried: readonly string[]
  readonly arrivedAt: number
  readonly sentAt: number
}

/** proxy_connect_timeout, proxy_read_timeout and proxy_next_upstream_tries of the controller's defaults. */
const connectTimeoutMs = 5_000
const readTimeoutMs = 60_000
const maxTries = 3

/** What matching a request and writing its headers takes. */
const workMs = 0.3

const httpsPort = 443

/** Serves a request at port 80 or 443: nginx' own page, a redirect, or one of the upstream's Pods. */
export function serve(process: Process<NginxState>, request: Delivered, { cache, servers }: Configuration): void {
  const { http } = request
  if (!http) return process.respondPayload(request, undefined)
  process.state.requests++
  const host = header(request, 'Host')
  const [, path = '/', query = ''] = /^([^?]*)(.*)$/.exec(http.path) ?? []
  const server = serverFor(servers, host)
  const location = server && locationFor(server, path)
  if (server && location && redirects(server, location) && request.port !== httpsPort) {
    const target = `https://${host.replace(/:\d+$/, '')}${http.path}`
    return finish(process, request, nginxPage(308, process.now, { Location: target }), undefined)
  }
  const upstream = location?.upstream
  if (!server || !location || !upstream) return finish(process, request, nginxPage(404, process.now), undefined)
  const passed: Passed = {
    ...{ ingress: location.ingress, rule: `${server.host} ${location.path}` },
    ...{ request, upstream, uri: rewritten(location, path, query), id: requestId(process), tried: [] },
    ...{ arrivedAt: process.now, sentAt: process.now },
  }
  pass(process, passed, endpointsOf(cache, upstream))
}

/** An upstream has answered, or has not. */
export function takeAnswer(process: Process<NginxState>, answer: Answer, cache: Cache): void {
  const passed = answer.tag
  if (!isPassed(passed)) return
  const { request } = passed
  if (answer.ok && answer.http) {
    const headers = withoutHopHeaders(answer.http.headers)
    return finish(process, request, { ...answer.http, headers }, passed)
  }
  const failure = answer.ok ? 'reset' : answer.failure
  // A request that may have had an effect is not sent twice.
  const isSafe = failure !== 'reset' || !['POST', 'PATCH', 'LOCK'].includes(request.http?.method ?? '')
  if (failure !== 'timed out' && isSafe && passed.tried.length < maxTries) {
    return pass(process, passed, endpointsOf(cache, passed.upstream))
  }
  const status = failure === 'timed out' || failure === 'connect timed out' ? 504 : 502
  finish(process, request, nginxPage(status, process.now), passed)
}

/** Passes a request on to the endpoint whose turn it is. */
function pass(process: Process<NginxState>, passed: Passed, endpoints: readonly string[]): void {
  const { next } = process.state
  const { namespace, service } = passed.upstream
  const turn = next[passed.upstream.name] ?? Math.floor(process.random() * endpoints.length)
  const endpoint = endpoints[turn % endpoints.length]
  if (endpoint === undefined) return finish(process, passed.request, nginxPage(503, process.now), passed)
  next[passed.upstream.name] = (turn + 1) % endpoints.length
  const { http, source, port } = passed.request
  const scheme = port === httpsPort ? 'https' : 'http'
  const host = header(passed.request, 'Host')
  const headers = {
    ...http?.headers,
    ...{ Host: host, 'X-Request-ID': passed.id, 'X-Real-IP': source, 'X-Forwarded-For': source },
    ...{ 'X-Forwarded-Host': host, 'X-Forwarded-Port': String(port), 'X-Forwarded-Proto': scheme },
    ...{ 'X-Forwarded-Scheme': scheme, 'X-Scheme': scheme },
  }
  const tag: Passed = { ...passed, tried: [...passed.tried, endpoint], sentAt: process.now }
  const request = {
    method: http?.method ?? 'GET',
    path: passed.uri,
    headers,
    ...(http?.body !== undefined && { body: http.body }),
  }
  process.request(`http://${endpoint}${passed.uri}`, request, tag, {
    ...{ timeoutMs: readTimeoutMs, connectTimeoutMs },
    via: [
      { place: `ingress/${passed.ingress}`, rule: passed.rule },
      { place: `service/${namespace}/${service}`, rule: `${passed.upstream.name} -> ${endpoint}` },
    ],
  })
}

function finish(
  process: Process<NginxState>,
  request: Delivered,
  response: HttpResponse,
  passed: Passed | undefined,
): void {
  process.log(accessLine(process, request, response, passed))
  process.respond(request, response, workMs)
}

/** log-format-upstream of the controller's defaults. */
function accessLine(
  process: Process<NginxState>,
  request: Delivered,
  { status, body }: HttpResponse,
  passed: Passed | undefined,
): string {
  const { method = '-', path = '-', headers = {}, body: sent = '' } = request.http ?? {}
  const head = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  const length = `${method} ${path} HTTP/1.1`.length + head + sent.length + 4
  const seconds = (ms: number): string => (Math.max(ms, 0) / 1_000).toFixed(3)
  const took = passed ? seconds(process.now - passed.arrivedAt) : '0.000'
  const answered = passed !== undefined && passed.tried.length > 0
  const upstream = answered
    ? `${passed.tried.join(', ')} ${body.length} ${seconds(process.now - passed.sentAt)} ${status}`
    : '- - - -'
  return (
    `${request.source} - - [${logTime(process.now)}] "${method} ${path} HTTP/1.1" ${status} ${body.length} ` +
    `"${header(request, 'Referer') || '-'}" "${header(request, 'User-Agent') || '-'}" ${length} ${took} ` +
    `[${passed?.upstream.name ?? 'upstream-default-backend'}] [] ${upstream} ${passed?.id ?? requestId(process)}`
  )
}

function redirects({ hasTls }: Server, { sslRedirect, forceSslRedirect }: Location): boolean {
  return forceSslRedirect || (hasTls && sslRedirect)
}

/** Names of headers do not differ by capitals. */
function header({ http }: Delivered, name: string): string {
  const headers = http?.headers ?? {}
  const found = headers[name]
  if (found !== undefined) return found
  const key = Object.keys(headers).find(candidate => candidate.toLowerCase() === name.toLowerCase())
  return (key !== undefined ? headers[key] : undefined) ?? ''
}

/** What concerns one connection only is not passed on, nor is the server's name. */
function withoutHopHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const own = ['connection', 'keep-alive', 'transfer-encoding', 'server']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name.toLowerCase())))
}

function requestId(process: Process<NginxState>): string {
  let id = ''
  while (id.length < 32)
    id += Math.floor(process.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  return id
}

function isPassed(tag: unknown): tag is Passed {
  return typeof tag === 'object' && tag !== null && 'upstream' in tag && 'request' in tag
}
