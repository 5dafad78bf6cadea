import type { Amounts } from '../amounts.ts'
import { definePlugin, maxScore, skip } from '../framework.ts'

/**
 * Favours nodes whose shares of cpu and memory in use come nearer to each other by the Pod. Models
 * plugins/noderesources/balanced_allocation.go.
 */
export const nodeResourcesBalancedAllocation = definePlugin({
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,

  sign: ({ requests }) => requests,

  // Pods that ask for nothing would all go to the same node otherwise.
  preScore: ({ requests }) => (requests.milliCpu === 0 && requests.memory === 0 ? skip : { notes: undefined }),

  score({ requests }, { requested, allocatable }) {
    const without = balance(requested.milliCpu, requested.memory, allocatable)
    const after = balance(requested.milliCpu + requests.milliCpu, requested.memory + requests.memory, allocatable)
    return maxScore / 2 + Math.trunc((maxScore / 2 + after - without) / 2)
  },
})

/** 100 less the standard deviation of the shares: with two of them, half their distance. */
function balance(milliCpu: number, memory: number, allocatable: Amounts): number {
  if (allocatable.milliCpu === 0 || allocatable.memory === 0) return maxScore
  const cpuShare = Math.min(milliCpu / allocatable.milliCpu, 1)
  const memoryShare = Math.min(memory / allocatable.memory, 1)
  return Math.trunc((1 - Math.abs((cpuShare - memoryShare) / 2)) * maxScore)
}
