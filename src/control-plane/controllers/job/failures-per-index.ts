import type { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { parseTime } from '../../../machinery/time.ts'
import { failureRule } from './failure-policy.ts'
import { hasValidIndex, indexOf, parseIndexes } from './indexes.ts'
import { isFailed, isTracked, lastEnd } from './pods.ts'

/**
 * Indexes with a back-off limit of their own (spec.backoffLimitPerIndex). How often an index has failed stands on its newest
 * Pod, so one that failed is kept until there is another. Models pkg/controller/job/{indexed_job_utils,backoff_utils}.go.
 */

const failureCountKey = 'batch.kubernetes.io/job-index-failure-count'
const ignoredCountKey = 'batch.kubernetes.io/job-index-ignored-failure-count'

/** DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff. */
export const backOffMs = 10_000
export const maxBackOffMs = 600_000

export function hasLimitPerIndex({ spec }: Job): boolean {
  return spec.backoffLimitPerIndex !== undefined
}

/** The indexes that were given up before, and those that have failed too often now. */
export function failedIndexes(job: Job, pods: readonly Pod[]): Set<number> {
  const { spec, status } = job
  const indexes = parseIndexes(status.failedIndexes, spec.completions)
  for (const pod of pods) {
    if (isTracked(pod) && hasValidIndex(pod, spec) && isGivenUp(job, pod)) indexes.add(indexOf(pod))
  }
  return indexes
}

function isGivenUp(job: Job, pod: Pod): boolean {
  if (!isFailed(pod, job)) return false
  const action = failureRule(job, pod)?.action
  if (action === 'FailIndex') return true
  return action !== 'Ignore' && countOf(pod, failureCountKey) >= (job.spec.backoffLimitPerIndex ?? 0)
}

/** The last Pod that failed of every index that is to be tried again: it stays until the next one carries its count. */
export function awaitingSuccessor(
  job: Job,
  pods: readonly Pod[],
  isSettled: (index: number) => boolean,
): Map<number, Pod> {
  const awaiting = new Map<number, Pod>()
  for (const pod of pods) {
    const index = indexOf(pod)
    if (!isTracked(pod) || !hasValidIndex(pod, job.spec) || !isFailed(pod, job) || isSettled(index)) continue
    const other = awaiting.get(index)
    if (!other || (failures(other) <= failures(pod) && endOf(other) <= endOf(pod))) awaiting.set(index, pod)
  }
  return awaiting
}

/** How long an index has to wait until it may be tried again: 10 s, doubled at each failure. */
export function waitAfter(failed: Pod | undefined, now: number): number {
  if (!failed) return 0
  const delay = Math.min(backOffMs * 2 ** failures(failed), maxBackOffMs)
  return Math.max(endOf(failed) + delay - now, 0)
}

/** What a Pod says of its index's failures so far, given the Pod that it replaces. */
export function failureCounts(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (!replaced) return { [failureCountKey]: '0' }
  const isIgnored = failureRule(job, replaced)?.action === 'Ignore'
  const failed = countOf(replaced, failureCountKey) + (isIgnored ? 0 : 1)
  const ignored = countOf(replaced, ignoredCountKey) + (isIgnored ? 1 : 0)
  return { [failureCountKey]: String(failed), ...(ignored > 0 && { [ignoredCountKey]: String(ignored) }) }
}

function failures(pod: Pod): number {
  return countOf(pod, failureCountKey) + countOf(pod, ignoredCountKey)
}

function endOf(pod: Pod): number {
  return lastEnd([pod], Infinity, parseTime)
}

/** What is no count is none. */
function countOf({ metadata }: Pod, key: string): number {
  const count = Number(metadata.annotations?.[key] ?? 0)
  return Number.isInteger(count) && count >= 0 && count < 2 ** 31 ? count : 0
}
