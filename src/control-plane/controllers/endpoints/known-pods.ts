import type { Pod } from '../../../api/core/pod.ts'
import type { Service } from '../../../api/core/service.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { Context } from '../../../client/controller.ts'
import { deepFreeze } from '../../../machinery/object.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'

/**
 * What the Pods behind a Service were at the last sync. One Pod changes, thousands are as they were: what was worked out
 * for them holds as long as Pod and Service are the same frozen objects. Tells the time of the change that triggered a
 * sync, too: staging/src/k8s.io/endpointslice/trigger/trigger_time_tracker.go.
 */
interface Known<T> {
  readonly pod: Pod
  readonly service: Service
  readonly readySince: string | undefined
  readonly value: T
}

export interface Look<T> {
  /** What `describe` says of each Pod, in the order of the Pods. */
  readonly values: readonly T[]
  /** The earliest change since the last sync among Pods' readiness and the Service's creation, if any of them changed. */
  readonly since: string | undefined
}

/** `holds` says whether an older description is still true where something else than the Pod has part in it. */
export function lookAtPods<T>(
  { key, memory }: Context,
  service: Service,
  pods: readonly Pod[],
  describe: (pod: Pod) => T,
  holds: (pod: Pod, value: T) => boolean = () => true,
): Look<T> {
  const known: Map<string, Known<T>> = mapIn(memory, podsPlace(key))
  const values: T[] = []
  let earliest: string | undefined
  // Times are compared as text: RFC 3339 sorts by time.
  const notice = (time: string, before = ''): void => {
    if (time > before && (earliest === undefined || time < earliest)) earliest = time
  }
  for (const pod of pods) {
    const { name } = pod.metadata
    const before = known.get(name)
    if (before?.pod === pod && before.service === service && holds(pod, before.value)) {
      values.push(before.value)
      continue
    }
    const readySince = findCondition(pod.status.conditions, 'Ready')?.lastTransitionTime
    if (readySince !== undefined) notice(readySince, before?.readySince)
    const value = deepFreeze(describe(pod))
    known.set(name, Object.freeze({ pod, service, readySince, value }))
    values.push(value)
  }
  if (known.size > pods.length) forgetOthers(known, pods)
  const { creationTimestamp } = service.metadata
  notice(creationTimestamp, String(memory.get(servicePlace(key)) ?? ''))
  memory.set(servicePlace(key), creationTimestamp)
  return { values, since: earliest === undefined ? undefined : timestamp(parseTime(earliest)) }
}

function forgetOthers(known: Map<string, unknown>, pods: readonly Pod[]): void {
  const present = new Set(pods.map(({ metadata }) => metadata.name))
  for (const name of known.keys()) if (!present.has(name)) known.delete(name)
}

export function forgetPods(key: string, memory: Map<string, unknown>): void {
  memory.delete(podsPlace(key))
  memory.delete(servicePlace(key))
}

function podsPlace(key: string): string {
  return `pods of ${key}`
}

function servicePlace(key: string): string {
  return `creation of ${key}`
}

function mapIn<Value>(memory: Map<string, unknown>, place: string): Map<string, Value> {
  const present = memory.get(place)
  if (present instanceof Map) return present
  const created = new Map<string, Value>()
  memory.set(place, created)
  return created
}
