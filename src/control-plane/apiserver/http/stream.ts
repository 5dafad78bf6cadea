import type { ApiObject } from '../../../machinery/object.ts'
import type { ApiRequest, WatchDelivery, WatchEvent, WatchTarget } from '../../../machinery/rest.ts'
import { ApiError, type Status } from '../../../machinery/status.ts'
import { withEvidence } from '../pipeline.ts'
import { stopWatch } from '../watch/deliver.ts'
import { startWatch } from '../watch/start.ts'
import { type Exchange, includeObject } from './exchange.ts'
import type { HttpResponse, HttpStream } from './message.ts'
import type { Representation } from './negotiate.ts'
import { partialOf, tableOf } from './table.ts'

const headers = { 'Content-Type': 'application/json' }

/** Opens a watch: a stream of JSON documents, one a line (endpoints/handlers/watch.go). */
export function openStream(
  exchange: Exchange,
  request: ApiRequest,
  representation: Representation,
  target: WatchTarget | undefined,
): HttpResponse | HttpStream {
  const { server, self } = exchange
  let watchId = 0
  // Without a target nobody waits: the stream ends with what is there already.
  const to = target ?? { component: '', delayMs: 0 }
  try {
    withEvidence(server, self, request, undefined, [], call => {
      watchId = startWatch(call, to)
      return { code: 200, body: undefined }
    })
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 410) throw error
    // The stream has begun when the server finds that history does not go back so far.
    return { status: 200, headers, body: errorLine(error.status) }
  }
  let isFirst = true
  const resource = server.resources.find(request.group, request.version, request.resource)
  const show = (object: ApiObject): unknown => {
    if (!resource || representation.as === undefined) return object
    const { version } = representation
    if (representation.as !== 'Table') return partialOf(object, version)
    const { resourceVersion } = object.metadata
    const options = { now: self.now, version, include: includeObject(exchange.query), isFirst }
    isFirst = false
    return tableOf(resource.kind, [object], { resourceVersion }, options)
  }
  const lines = (delivery: WatchDelivery): string => linesOf(delivery, show)
  if (target) return { status: 200, headers, watchId, lines }
  const waiting = self.state.watches.get(watchId)?.pending.flatMap(({ events }) => events) ?? []
  stopWatch(self, watchId)
  return { status: 200, headers, body: lines({ watchId, events: waiting }) }
}

function linesOf({ events, closed }: WatchDelivery, show: (object: ApiObject) => unknown): string {
  const line = ({ type, object }: WatchEvent): string => {
    const shown = type === 'BOOKMARK' ? object : show(object)
    return `${JSON.stringify({ type, object: shown })}\n`
  }
  const end =
    closed === 'gone'
      ? errorLine(new ApiError('Expired', 'The resourceVersion for the provided watch is too old.').status)
      : ''
  return events.map(line).join('') + end
}

function errorLine(status: Status): string {
  return `${JSON.stringify({ type: 'ERROR', object: status })}\n`
}
