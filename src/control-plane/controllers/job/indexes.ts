import type { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { firstToDelete } from '../pod-ranking.ts'
import { isTracked } from './pods.ts'

/** Completion indexes of Indexed Jobs. Models pkg/controller/job/indexed_job_utils.go. */

export const indexKey = 'batch.kubernetes.io/job-completion-index'

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed'
}

export function indexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[indexKey]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1
}

/** `0-2,5` as a set, without indexes that the Job has not (any more). */
export function parseIndexes(text: string | undefined, completions = Infinity): Set<number> {
  const indexes = new Set<number>()
  for (const part of text ? text.split(',') : []) {
    const [first = NaN, last = first] = part.split('-').map(Number)
    for (let index = first; index <= last && index < completions; index++) indexes.add(index)
  }
  return indexes
}

/** A set as `0-2,5`; two in a row are written with a comma. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b)
  const parts: string[] = []
  for (let i = 0; i < sorted.length;) {
    let end = i
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++
    if (end === i) parts.push(String(sorted[i]))
    else parts.push(`${sorted[i]}${end === i + 1 ? ',' : '-'}${sorted[end]}`)
    i = end + 1
  }
  return parts.join(',')
}

/** The indexes of Pods that succeeded, and those that were counted before. */
export function succeededIndexes({ spec, status }: Job, pods: readonly Pod[]): Set<number> {
  const indexes = parseIndexes(status.completedIndexes, spec.completions)
  for (const pod of pods) {
    if (pod.status.phase === 'Succeeded' && isTracked(pod) && hasValidIndex(pod, spec)) indexes.add(indexOf(pod))
  }
  return indexes
}

/** Whether a Pod stands for one of the Job's indexes. */
export function hasValidIndex(pod: Pod, { completions = 0 }: Job['spec']): boolean {
  const index = indexOf(pod)
  return index >= 0 && index < completions
}

/** The lowest indexes that nobody works on and that are neither done nor given up. */
export function pendingIndexes({ spec }: Job, count: number, taken: ReadonlySet<number>): number[] {
  const pending: number[] = []
  for (let index = 0; index < (spec.completions ?? 0) && pending.length < count; index++) {
    if (!taken.has(index)) pending.push(index)
  }
  return pending
}

/**
 * The Pods to delete, of which there are at least so many too many: first those that stand for no index of the Job, or for
 * one that another stands for as well (activePodsForRemoval).
 */
export function surplusPods(job: Job, active: readonly Pod[], surplus: number, now: number): Pod[] {
  if (!isIndexed(job)) return firstToDelete(active, [], surplus, now)
  const surplusPods: Pod[] = []
  const left: Pod[] = []
  for (const [index, pods] of [...byIndex(active)].sort(([a], [b]) => a - b)) {
    const isValid = index >= 0 && index < (job.spec.completions ?? 0)
    const gone = firstToDelete(pods, [], isValid ? pods.length - 1 : pods.length, now)
    surplusPods.push(...gone)
    left.push(...pods.filter(pod => !gone.includes(pod)))
  }
  return [...surplusPods, ...firstToDelete(left, [], Math.max(surplus - surplusPods.length, 0), now)]
}

function byIndex(pods: readonly Pod[]): Map<number, Pod[]> {
  const groups = new Map<number, Pod[]>()
  for (const pod of pods) {
    const index = indexOf(pod)
    groups.set(index, [...(groups.get(index) ?? []), pod])
  }
  return groups
}
