import { maxScore } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'

/** How good a node is for a Pod by what it has left, from 0 to 100. */
export type ScoringStrategy = (pod: PodInfo, node: NodeInfo) => number

/** Scores one resource: `requested` counts the Pod in. */
type ResourceScorer = (requested: number, capacity: number) => number

/**
 * cpu and memory count the same; a Pod that asks for nothing counts as 100m and 200Mi (nonZero). Where `skipsZero`, a
 * resource that scores nothing is left out of the mean.
 */
function meanOf(scorer: ResourceScorer, round: (score: number) => number, skipsZero = false): ScoringStrategy {
  return ({ nonZero }, { allocatable, nonZeroRequested }) => {
    let sum = 0
    let count = 0
    if (allocatable.milliCpu !== 0) {
      const score = scorer(nonZeroRequested.milliCpu + nonZero.milliCpu, allocatable.milliCpu)
      sum += score
      if (score > 0 || !skipsZero) count++
    }
    if (allocatable.memory !== 0) {
      const score = scorer(nonZeroRequested.memory + nonZero.memory, allocatable.memory)
      sum += score
      if (score > 0 || !skipsZero) count++
    }
    return count === 0 ? 0 : round(sum / count)
  }
}

/** Favours empty nodes. Models plugins/noderesources/least_allocated.go. */
export const leastAllocated = meanOf(
  (requested, capacity) => (requested > capacity ? 0 : Math.trunc(((capacity - requested) * maxScore) / capacity)),
  Math.trunc,
)

/** Favours full nodes. Models plugins/noderesources/most_allocated.go. */
export const mostAllocated = meanOf(
  (requested, capacity) => Math.trunc((Math.min(requested, capacity) * maxScore) / capacity),
  Math.trunc,
)

/** A point of the function from utilization (0 to 100) to score (0 to 10). */
export interface ShapePoint {
  readonly utilization: number
  readonly score: number
}

/** Scores by a function of how full a node would be. Models plugins/noderesources/requested_to_capacity_ratio.go. */
export function requestedToCapacityRatio(shape: readonly ShapePoint[]): ScoringStrategy {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * (maxScore / 10) }))
  const scorer: ResourceScorer = (requested, capacity) =>
    interpolate(points, requested > capacity ? maxScore : Math.trunc((requested * maxScore) / capacity))
  return meanOf(scorer, Math.round, true)
}

/** A broken line: before its first point and after its last one it is flat (BuildBrokenLinearFunction). */
function interpolate(points: readonly ShapePoint[], utilization: number): number {
  let previous: ShapePoint | undefined
  for (const point of points) {
    if (utilization <= point.utilization) {
      if (!previous) return point.score
      const slope = (point.score - previous.score) * (utilization - previous.utilization)
      return previous.score + Math.trunc(slope / (point.utilization - previous.utilization))
    }
    previous = point
  }
  return previous?.score ?? 0
}
