import { httpTime } from '../../../machinery/time.ts'
import { openApiIndex, type OpenApiText, openApiV2, openApiV3 } from '../openapi/index.ts'
import type { Exchange } from './exchange.ts'
import { header, type HttpResponse } from './message.ts'
import { plainText } from './write.ts'
import { firstOf } from './query.ts'

/** `/openapi/v2` and `/openapi/v3`: kube-openapi's handler and handler3. */
export function openApiAt(exchange: Exchange, [form, ...name]: readonly string[]): HttpResponse | undefined {
  const { server } = exchange
  if (form === 'v2' && name.length === 0) return acceptsJson(exchange) ? sent(exchange, openApiV2(server)) : refused
  if (form !== 'v3') return undefined
  if (name.length === 0) return plainText(200, openApiIndex(server))
  const document = openApiV3(server, name.join('/'))
  if (!document) return undefined
  if (!acceptsJson(exchange)) return refused
  const wanted = firstOf(exchange.query, 'hash')
  if (wanted === undefined || wanted === '') return sent(exchange, document)
  if (wanted !== document.hash) return moved(name.join('/'), document)
  return { ...sent(exchange, document), headers: { ...headersOf(document), ...forever(exchange) } }
}

/** JSON is all that we write of these: who accepts protobuf only is told so. */
function acceptsJson({ request }: Exchange): boolean {
  const clauses = (header(request, 'Accept') || '*/*').split(',').map(clause => clause.split(';')[0]?.trim())
  return clauses.some(type => type === 'application/json' || type === 'application/*' || type === '*/*')
}

const refused: HttpResponse = { status: 406, headers: { Vary: 'Accept' }, body: '' }

function sent({ request }: Exchange, document: OpenApiText): HttpResponse {
  const headers = headersOf(document)
  const isKnown = header(request, 'If-None-Match') === headers.Etag
  return isKnown ? { status: 304, headers, body: '' } : { status: 200, headers, body: document.text }
}

function headersOf({ hash }: OpenApiText): { 'Content-Type': string; Etag: string; Vary: string } {
  return { 'Content-Type': 'application/json', Etag: `"${hash}"`, Vary: 'Accept' }
}

/** Who names the hash gets what never changes: clients keep it. */
function forever({ self: { now } }: Exchange): Record<string, string> {
  return { 'Cache-Control': 'public, immutable', Expires: httpTime(now + 365 * 24 * 60 * 60 * 1000) }
}

function moved(name: string, { hash }: OpenApiText): HttpResponse {
  const place = `/openapi/v3/${name}?hash=${hash}`
  const body = `<a href="${place}">Moved Permanently</a>.\n\n`
  return { status: 301, headers: { 'Content-Type': 'text/html; charset=utf-8', Location: place }, body }
}
