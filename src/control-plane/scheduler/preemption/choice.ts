import type { Victims } from './victims.ts'
import { startTime } from './victims.ts'

/** What decides between nodes, in this order: the least wins (pickOneNodeForPreemption of framework/preemption). */
const criteria: readonly ((victims: Victims) => number)[] = [
  ({ violations }) => violations,
  ({ pods }) => pods[0]?.priority ?? -Infinity,
  // 2^31 more for each, so that a few Pods of low priority are not dearer than many of negative priority.
  ({ pods }) => pods.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ pods }) => pods.length,
  ({ pods }) => -earliestStart(pods),
]

/** The node whose loss is the smallest; the first of several. */
export function smallestLoss(candidates: readonly Victims[]): Victims | undefined {
  let left = candidates
  for (const cost of criteria) {
    const least = Math.min(...left.map(cost))
    left = left.filter(victims => cost(victims) === least)
    if (left.length <= 1) break
  }
  return left[0]
}

/** When the first of the most important victims started (GetEarliestPodStartTime). */
function earliestStart(pods: Victims['pods']): number {
  const highest = pods[0]?.priority
  return Math.min(...pods.filter(({ priority }) => priority === highest).map(({ pod }) => startTime(pod)))
}
