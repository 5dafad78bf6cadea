import { type Job } from '../../../api/batch/job.ts'
import { isActive, isReady, Pod } from '../../../api/core/pod.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'

/** The Pods of a Job by what they are to it. Models pkg/controller/job/job_controller.go. */

/** Keeps a Pod that has ended until the Job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'

export interface JobPods {
  readonly all: readonly Pod[]
  readonly active: readonly Pod[]
  readonly ready: number
  /** On their way out and not over. */
  readonly terminating: number
  /** Ended and neither counted nor noted yet. */
  readonly newSucceeded: readonly Pod[]
  readonly newFailed: readonly Pod[]
}

export function sortPods(job: Job, all: readonly Pod[]): JobPods {
  const { succeeded = [], failed = [] } = job.status.uncountedTerminatedPods ?? {}
  const active = all.filter(isActive)
  const isNew = (pod: Pod, noted: readonly string[]): boolean => isTracked(pod) && !noted.includes(pod.metadata.uid)
  return {
    all,
    active,
    ready: active.filter(isReady).length,
    terminating: all.filter(isTerminating).length,
    newSucceeded: all.filter(pod => pod.status.phase === 'Succeeded' && isNew(pod, succeeded)),
    newFailed: all.filter(pod => isFailed(pod, job) && isNew(pod, failed)),
  }
}

/** On its way out and not over. */
export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !isTerminal(pod)
}

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(trackingFinalizer) ?? false
}

/** A Pod that was deleted counts as failed at once, unless the Job replaces only Pods that have failed. */
export function isFailed({ metadata, status }: Pod, { spec }: Job): boolean {
  if (status.phase === 'Failed') return true
  if (metadata.deletionTimestamp === undefined) return false
  return spec.podReplacementPolicy === 'Failed' ? status.phase === 'Pending' : status.phase !== 'Succeeded'
}

/** Lets a Pod go that has been counted. */
export function releasePod(pod: Pod, { api }: Context): void {
  const finalizers = pod.metadata.finalizers?.filter(name => name !== trackingFinalizer) ?? []
  const patch = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } }
  const failure = attempt(() => api.patch(Pod, pod, 'merge', patch))
  if (failure && failure.reason !== 'NotFound') throw failure
}

/** When the last of some Pods ended, in ms. */
export function lastEnd(pods: readonly Pod[], now: number, parse: (text: string) => number): number {
  let last = 0
  for (const { metadata, status } of pods) {
    const ends = (status.containerStatuses ?? []).flatMap(({ state }) => state.terminated?.finishedAt ?? [])
    const end = ends.length > 0 ? Math.max(...ends.map(parse)) : parse(metadata.deletionTimestamp ?? '')
    last = Math.max(last, Number.isNaN(end) ? now : Math.min(end, now))
  }
  return last
}
