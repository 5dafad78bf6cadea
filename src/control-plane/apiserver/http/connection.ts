import type { ApiRequest, Verb, WatchTarget } from '../../../machinery/rest.ts'
import { badRequest } from '../../../machinery/status.ts'
import type { StreamRef } from '../../../machinery/streams.ts'
import type { Call } from '../call.ts'
import { connecterFor } from '../connect/index.ts'
import { doorOf } from '../connect/pods.ts'
import type { KubeletRefusal } from '../kubelet-door.ts'
import { withEvidence } from '../pipeline.ts'
import { logLocation } from '../subresources/log.ts'
import type { Exchange } from './exchange.ts'
import type { HttpConnection, HttpResponse } from './message.ts'
import { notAllowed, type ResourcePath } from './path.ts'
import { isSet } from './query.ts'
import { plainText } from './write.ts'

/** Verbs of what is connected to, by method (request.RequestInfo). */
const verbs: Readonly<Record<string, Verb>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** The verb with which a connecting subresource is asked for; undefined for all other paths. */
export function connectVerb(
  { request: { method } }: Exchange,
  { resource, subresource }: ResourcePath,
): Verb | undefined {
  const connecter = connecterFor(resource.name, subresource)
  if (!connecter) return undefined
  if (!connecter.methods.includes(method)) throw notAllowed()
  return verbs[method] ?? 'get'
}

/** Whether the answer is a log that goes on. */
export function isFollowed({ query }: Exchange, { subresource }: ResourcePath): boolean {
  return subresource === 'log' && isSet(query, 'follow') === true
}

/** Connects a client to what is behind a subresource: a container, a port, another server. */
export function connect(
  exchange: Exchange,
  { resource, subresource, rest = '' }: ResourcePath,
  request: ApiRequest,
  target: WatchTarget | undefined,
): HttpResponse | HttpConnection {
  const connecter = connecterFor(resource.name, subresource)
  if (!connecter) throw notAllowed()
  const { query, request: http } = exchange
  return opened(exchange, request, connecter.upgrades ? 101 : 102, call => {
    if (!target) throw badRequest('Upgrade request required')
    return connecter.connect({ call, query, http, rest, target })
  })
}

/** `logs -f`: what is there and what comes, as it comes. */
export function followLog(exchange: Exchange, request: ApiRequest, target: WatchTarget): HttpResponse | HttpConnection {
  return opened(exchange, request, 200, call => {
    const { node, request: log } = logLocation(call)
    return node === '' ? { refused: 200, text: '' } : doorOf(call).open(node, { kind: 'log', ...log }, target)
  })
}

function opened(
  { server, self }: Exchange,
  request: ApiRequest,
  status: HttpConnection['status'],
  open: (call: Call) => StreamRef | KubeletRefusal,
): HttpResponse | HttpConnection {
  let result: StreamRef | KubeletRefusal = { refused: 500, text: '' }
  withEvidence(server, self, request, undefined, [], call => {
    result = open(call)
    return { code: 'refused' in result ? result.refused : status, body: undefined }
  })
  return answerOf(result, status)
}

function answerOf(result: StreamRef | KubeletRefusal, status: HttpConnection['status']): HttpResponse | HttpConnection {
  if ('refused' in result) return plainText(result.refused, result.text)
  const headers: Record<string, string> = status === 200 ? { 'Content-Type': 'text/plain' } : {}
  return { status, headers, connection: result }
}
