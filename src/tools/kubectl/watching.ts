import { isObject, type JsonObject } from '../../machinery/json-value.ts'
import { withQuery } from './api/client.ts'
import type { Context, StreamRequest } from './command.ts'
import { textAt } from './unstructured.ts'

/** One line of a watch. */
export interface WatchEvent {
  readonly type: string
  readonly object: JsonObject
}

/** The events in a piece of a watch's text, and what is left of a line that has not ended. */
export function eventsIn(text: string): { readonly events: readonly WatchEvent[]; readonly rest: string } {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  const events = lines.flatMap(line => {
    const event: unknown = line === '' ? undefined : JSON.parse(line)
    if (!isObject(event) || !isObject(event.object) || event.type === 'BOOKMARK') return []
    return [{ type: textAt(event, 'type'), object: event.object }]
  })
  return { events, rest }
}

/** A watch of one object, from a version on. */
export function watchOne(context: Context, collection: string, name: string, resourceVersion: string): StreamRequest {
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion, watch: 'true' }
  return {
    method: 'GET',
    path: withQuery(collection, query),
    headers: { ...context.client.headers, Accept: 'application/json' },
  }
}
