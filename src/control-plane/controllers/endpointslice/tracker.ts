import type { EndpointSlice } from '../../../api/discovery/endpointslice.ts'

/**
 * The generations of slices that we have written, by uid; `gone` for one that we have deleted. Models
 * staging/src/k8s.io/endpointslice/util/endpointslice_tracker.go.
 */
export type Tracker = Map<string, number>

const gone = -1

export function trackerOf(memory: Map<string, unknown>, key: string): Tracker {
  const present = memory.get(placeOf(key))
  if (present instanceof Map) return present
  const tracker: Tracker = new Map()
  memory.set(placeOf(key), tracker)
  return tracker
}

export function forgetTracker(memory: Map<string, unknown>, key: string): void {
  memory.delete(placeOf(key))
}

function placeOf(key: string): string {
  return `slices of ${key}`
}

export function track(tracker: Tracker, { metadata }: EndpointSlice): void {
  tracker.set(metadata.uid, metadata.generation ?? 0)
}

export function trackDeletion(tracker: Tracker, { metadata }: EndpointSlice): void {
  tracker.set(metadata.uid, gone)
}

/** Whether the cache has yet to show what we wrote: StaleSlices. */
export function isStale(tracker: Tracker, slices: readonly EndpointSlice[]): boolean {
  const shown = new Map(slices.map(({ metadata }) => [metadata.uid, metadata.generation ?? 0]))
  for (const [uid, generation] of tracker) {
    const seen = shown.get(uid)
    if (generation === gone ? seen !== undefined : seen === undefined || seen < generation) return true
  }
  return false
}

/** Whether a change of a slice is not of our doing: ShouldSync, and HandleDeletion for one that is away. */
export function isNews(tracker: Tracker, { metadata }: EndpointSlice, isAway: boolean): boolean {
  const expected = tracker.get(metadata.uid)
  if (!isAway) return expected === undefined || (metadata.generation ?? 0) > expected
  tracker.delete(metadata.uid)
  return expected !== undefined && expected !== gone
}
