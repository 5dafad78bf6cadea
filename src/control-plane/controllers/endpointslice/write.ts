import type { Service } from '../../../api/core/service.ts'
import { EndpointSlice } from '../../../api/discovery/endpointslice.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { withTriggerTime } from '../endpoints/trigger-time.ts'
import { isNamespaceGoing } from '../pod-control.ts'
import type { Plan } from './plan.ts'
import { track, trackDeletion, type Tracker } from './tracker.ts'

/** Carries out a plan: creations, updates, deletions. Models finalize of staging/src/k8s.io/endpointslice/reconciler.go. */
export function write(
  { api }: Context,
  service: Service,
  { create, update, remove }: Plan,
  since: string | undefined,
  tracker: Tracker,
): void {
  const isGoing = service.metadata.deletionTimestamp !== undefined
  for (const draft of isGoing ? [] : create) {
    const annotations = since === undefined ? undefined : withTriggerTime(undefined, since)
    const metadata = { ...draft.metadata, ...(annotations && { annotations }) }
    const failure = attempt(() => track(tracker, api.create(EndpointSlice, { ...draft, metadata })))
    if (failure && isNamespaceGoing(failure)) return
    if (failure) throw failure
  }
  for (const slice of update) {
    const { annotations: old, ...metadata } = slice.metadata
    const annotations = withTriggerTime(old, since)
    const isEmpty = Object.keys(annotations).length === 0
    track(tracker, api.update(EndpointSlice, { ...slice, metadata: isEmpty ? metadata : { ...metadata, annotations } }))
  }
  for (const slice of remove) {
    const failure = attempt(() => api.delete(EndpointSlice, slice))
    if (failure && failure.reason !== 'NotFound') throw failure
    if (!failure) trackDeletion(tracker, slice)
  }
}
