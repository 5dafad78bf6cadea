import type { EventLine } from '../../protocol/messages.ts'
import { listAt, numberAt, textAt } from './plain.ts'

export interface ClusterEvent extends EventLine {
  /** `Pod/web-1`, with the namespace in front when it is not `default`. */
  readonly object: string
}

/** The events of an EventList as JSON, the latest first. */
export function eventsOf(body: string): readonly ClusterEvent[] {
  const list: unknown = JSON.parse(body)
  return listAt(list, 'items')
    .map(eventOf)
    .sort((a, b) => b.at - a.at)
}

function eventOf(event: unknown): ClusterEvent {
  const namespace = textAt(event, 'involvedObject', 'namespace')
  const name = `${textAt(event, 'involvedObject', 'kind')}/${textAt(event, 'involvedObject', 'name')}`
  return {
    at: timeOf(event),
    type: textAt(event, 'type'),
    reason: textAt(event, 'reason'),
    message: textAt(event, 'message'),
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    from: textAt(event, 'source', 'component') || textAt(event, 'reportingComponent'),
    object: namespace === '' || namespace === 'default' ? name : `${namespace}/${name}`,
  }
}

/** Events of the old and of the new API tell their last time in different fields. */
function timeOf(event: unknown): number {
  const times = [
    textAt(event, 'series', 'lastObservedTime'),
    textAt(event, 'lastTimestamp'),
    textAt(event, 'eventTime'),
    textAt(event, 'metadata', 'creationTimestamp'),
  ]
  return Date.parse(times.find(time => time !== '') ?? '') || 0
}
