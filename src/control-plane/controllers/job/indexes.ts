import type { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'

/** Completion indexes of Indexed Jobs. Models pkg/controller/job/indexed_job_utils.go. */

export const indexKey = 'batch.kubernetes.io/job-completion-index'

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed'
}

export function indexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[indexKey]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1
}

/** `0-2,5` as a set. */
export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>()
  for (const part of text ? text.split(',') : []) {
    const [first = NaN, last = first] = part.split('-').map(Number)
    for (let index = first; index <= last; index++) indexes.add(index)
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
  const indexes = parseIndexes(status.completedIndexes)
  for (const pod of pods) {
    const index = indexOf(pod)
    if (pod.status.phase === 'Succeeded' && index >= 0 && index < (spec.completions ?? 0)) indexes.add(index)
  }
  return indexes
}

/** The lowest indexes that nobody works on and that are not done. */
export function pendingIndexes(job: Job, count: number, active: readonly Pod[], done: ReadonlySet<number>): number[] {
  const taken = new Set(active.map(indexOf))
  const pending: number[] = []
  for (let index = 0; index < (job.spec.completions ?? 0) && pending.length < count; index++) {
    if (!taken.has(index) && !done.has(index)) pending.push(index)
  }
  return pending
}
