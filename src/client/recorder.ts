import { Event } from '../api/core/event.ts'
import type { ApiObject } from '../machinery/object.ts'
import { attempt } from '../machinery/status.ts'
import { timestamp } from '../machinery/time.ts'
import type { Api } from './api.ts'

/**
 * Writes core/v1 Events about objects: what repeats is counted in the Event that is there, what is alike in all but its
 * message is combined after ten, and a source that says too much about one object is held back. Models
 * client-go/tools/record/{event.go,events_cache.go}. Plain data.
 */
export interface RecorderState {
  readonly component: string
  readonly host?: string
  /** Events written, by all that makes them the same. */
  readonly written: Map<string, Written>
  /** Messages seen lately, by all that makes Events alike. */
  readonly alike: Map<string, { messages: string[]; at: number }>
  /** Tokens left for Events about an object. */
  readonly spam: Map<string, { tokens: number; at: number }>
}

interface Written {
  readonly name: string
  readonly firstTimestamp: string
  count: number
}

/** Part of an object, such as a container, that an Event is about: spec.containers{web}. */
export interface EventTarget {
  readonly object: ApiObject
  readonly fieldPath?: string
}

const maxAlike = 10
const alikeWindowMs = 600_000
const spamBurst = 25
const spamRefillMs = 300_000
/** More keys than this are forgotten, oldest first (maxLruCacheEntries). */
const maxKeys = 4096

export function newRecorder(component: string, host?: string): RecorderState {
  return { component, ...(host !== undefined && { host }), written: new Map(), alike: new Map(), spam: new Map() }
}

/** Writes or counts an Event. Failures are dropped, as upstream's broadcaster drops them after its retries. */
export function record(
  recorder: RecorderState,
  api: Api,
  now: number,
  target: ApiObject | EventTarget,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  const { object, fieldPath } = 'metadata' in target ? { object: target, fieldPath: undefined } : target
  const { apiVersion, kind, metadata } = object
  const about = `${kind}/${metadata.namespace ?? ''}/${metadata.name}/${metadata.uid}/${apiVersion}`
  if (!mayRecord(recorder, about, now)) return
  const text = combined(recorder, `${about}/${type}/${reason}`, message, now)
  const key = `${about}/${fieldPath ?? ''}/${type}/${reason}/${text.alike ? '' : message}`
  const seen = recorder.written.get(key)
  const lastTimestamp = timestamp(now)
  const namespace = metadata.namespace ?? 'default'
  if (seen) {
    const patch = { count: seen.count + 1, lastTimestamp, message: text.message }
    const failure = attempt(() => {
      api.patch(Event, { metadata: { name: seen.name, namespace } }, 'strategic', patch)
    })
    if (!failure) seen.count++
    if (!failure || failure.reason !== 'NotFound') return
  }
  // Upstream puts nanoseconds of the clock here; ours has milliseconds and a counter in their place.
  const name = `${metadata.name}.${(BigInt(Math.floor(now)) * 1_000_000n + BigInt(recorder.written.size)).toString(16)}`
  const source = { component: recorder.component, ...(recorder.host !== undefined && { host: recorder.host }) }
  const { uid, resourceVersion } = metadata
  attempt(() =>
    api.create(Event, {
      metadata: { name, namespace },
      involvedObject: {
        kind,
        apiVersion,
        name: metadata.name,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        uid,
        resourceVersion,
        ...(fieldPath !== undefined && { fieldPath }),
      },
      reason,
      message: text.message,
      source,
      firstTimestamp: lastTimestamp,
      lastTimestamp,
      count: 1,
      type,
      reportingComponent: recorder.component,
      reportingInstance: recorder.host ?? '',
    }),
  )
  remember(recorder.written, key, { name, firstTimestamp: lastTimestamp, count: 1 })
}

/** The spam filter: 25 Events about one object at once, then one in five minutes. */
function mayRecord(recorder: RecorderState, about: string, now: number): boolean {
  let bucket = recorder.spam.get(about)
  if (!bucket) remember(recorder.spam, about, (bucket = { tokens: spamBurst, at: now }))
  bucket.tokens = Math.min(spamBurst, bucket.tokens + (now - bucket.at) / spamRefillMs)
  bucket.at = now
  if (bucket.tokens < 1) return false
  bucket.tokens--
  return true
}

function combined(
  recorder: RecorderState,
  key: string,
  message: string,
  now: number,
): { alike: boolean; message: string } {
  let group = recorder.alike.get(key)
  if (!group || now - group.at > alikeWindowMs) {
    remember(recorder.alike, key, (group = { messages: [], at: now }))
  }
  if (!group.messages.includes(message)) group.messages.push(message)
  group.at = now
  if (group.messages.length < maxAlike) return { alike: false, message }
  // Upstream forgets an arbitrary one, so that the group stays at its limit.
  group.messages.shift()
  return { alike: true, message: `(combined from similar events): ${message}` }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= maxKeys) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    break
  }
}
