import type { Pod } from '../../../api/core/pod.ts'
import type { Service } from '../../../api/core/service.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { Context } from '../../../client/controller.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'

/** Says since when endpoints are out of date, so that the delay to kube-proxy can be measured. */
export const triggerTimeKey = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Times of Pods and services by name, as at the last sync. Times are compared as text: RFC 3339 sorts by time. */
type Seen = Map<string, string>

/**
 * The earliest change since the last sync among Pods' readiness and the Service's creation; undefined when nothing of
 * these has changed. Models staging/src/k8s.io/endpointslice/trigger/trigger_time_tracker.go.
 */
export function triggerTime({ key, memory }: Context, service: Service, pods: readonly Pod[]): string | undefined {
  const place = `trigger times of ${key}`
  const before = seenIn(memory.get(place))
  const seen: Seen = new Map()
  let earliest: string | undefined
  const look = (name: string, time: string | undefined): void => {
    if (time === undefined) return
    seen.set(name, time)
    if (time > (before?.get(name) ?? '') && (earliest === undefined || time < earliest)) earliest = time
  }
  for (const { metadata, status } of pods) {
    look(metadata.name, findCondition(status.conditions, 'Ready')?.lastTransitionTime)
  }
  look('the Service itself', service.metadata.creationTimestamp)
  memory.set(place, seen)
  return earliest === undefined ? undefined : timestamp(parseTime(earliest))
}

export function forgetTriggerTimes(key: string, memory: Map<string, unknown>): void {
  memory.delete(`trigger times of ${key}`)
}

function seenIn(value: unknown): Map<unknown, string> | undefined {
  return value instanceof Map ? value : undefined
}

/** Annotations with the trigger time, or without an old one. */
export function withTriggerTime(
  annotations: Record<string, string> | undefined,
  time: string | undefined,
): Record<string, string> {
  const { [triggerTimeKey]: _, ...rest } = annotations ?? {}
  return time === undefined ? rest : { ...rest, [triggerTimeKey]: time }
}
