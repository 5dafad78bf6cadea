import { EventV1 } from '../../api/events/event.ts'
import type { Api } from '../../client/api.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { attempt } from '../../machinery/status.ts'
import { microTimestamp } from '../../machinery/time.ts'
import { truncated } from './messages.ts'

/**
 * Writes Events of events.k8s.io/v1: what is said again of the same version of an object within six minutes becomes a
 * series. Plain data; models client-go/tools/events/{event_recorder,event_broadcaster}.go.
 */
export interface EventRecorderState {
  readonly controller: string
  readonly instance: string
  readonly written: Map<string, Written>
  count: number
}

interface Written {
  readonly name: string
  readonly namespace: string
  /** Set from the second time on. The server hears of the second at once, of the others when the series is done. */
  series?: { count: number; lastObservedAt: number; reported: number }
  at: number
}

export interface Note {
  readonly regarding: ApiObject
  readonly related?: ApiObject
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly action: string
  readonly note: string
}

/** A series that has not gone on for so long is over (finishTime). */
export const seriesEndMs = 360_000

export function newEventRecorder(controller: string, instance: string): EventRecorderState {
  return { controller, instance, written: new Map(), count: 0 }
}

/** Failures are dropped, as upstream drops them after its retries. */
export function recordNote(recorder: EventRecorderState, api: Api, now: number, note: Note): void {
  const { regarding, related, type, reason, action } = note
  const key = [type, action, reason, keyOf(regarding), related ? keyOf(related) : ''].join(' ')
  const seen = recorder.written.get(key)
  if (seen) return repeat(seen, api, now)
  const namespace = regarding.metadata.namespace ?? 'default'
  // Upstream puts nanoseconds of the clock here; ours has milliseconds and a counter in their place.
  const number = BigInt(Math.floor(now)) * 1_000_000n + BigInt(recorder.count++ % 1_000_000)
  const name = `${regarding.metadata.name}.${number.toString(16)}`
  recorder.written.set(key, { name, namespace, at: now })
  attempt(() =>
    api.create(EventV1, {
      metadata: { name, namespace },
      eventTime: microTimestamp(now),
      reportingController: recorder.controller,
      reportingInstance: recorder.instance,
      action,
      reason,
      regarding: refTo(regarding),
      ...(related && { related: refTo(related) }),
      note: truncated(note.note),
      type,
    }),
  )
}

function repeat(written: Written, api: Api, now: number): void {
  if (written.series) {
    written.series.count++
    written.series.lastObservedAt = now
    return
  }
  written.series = { count: 2, lastObservedAt: now, reported: 0 }
  report(written, api)
}

function report({ name, namespace, series }: Written, api: Api): void {
  if (!series || series.reported === series.count) return
  series.reported = series.count
  const patch = { series: { count: series.count, lastObservedTime: microTimestamp(series.lastObservedAt) } }
  attempt(() => api.patch(EventV1, { metadata: { name, namespace } }, 'strategic', patch))
}

/** Writes down how often series were seen that have ended, and forgets them. */
export function finishSeries(recorder: EventRecorderState, api: Api, now: number): void {
  for (const [key, written] of recorder.written) {
    if (now - (written.series?.lastObservedAt ?? written.at) < seriesEndMs) continue
    report(written, api)
    recorder.written.delete(key)
  }
}

function keyOf({ kind, metadata }: ApiObject): string {
  return [kind, metadata.namespace ?? '', metadata.name, metadata.uid, metadata.resourceVersion].join('/')
}

function refTo({ apiVersion, kind, metadata }: ApiObject): Record<string, string> {
  const { name, namespace, uid, resourceVersion } = metadata
  return { kind, ...(namespace !== undefined && { namespace }), name, uid, apiVersion, resourceVersion }
}
