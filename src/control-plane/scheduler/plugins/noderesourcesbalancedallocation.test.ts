import { describe, expect, it } from 'vitest'
import { scores } from '../../../testing/scheduler-table.ts'
import { nodeResourcesBalancedAllocation } from './noderesourcesbalancedallocation.ts'

describe('[B1] NodeResourcesBalancedAllocation', () => {
  it('likes the node whose shares of cpu and memory come nearer to each other by the Pod', () => {
    const nodes = [{ name: 'cpu-heavy' }, { name: 'memory-heavy' }]
    const pods = [
      { node: 'cpu-heavy', requests: { cpu: '2' } },
      { node: 'memory-heavy', requests: { memory: '4Gi' } },
    ]
    // 75 is a node that stays as balanced as it was; half of what the balance gains or loses comes on top.
    const score = scores(nodeResourcesBalancedAllocation, { requests: { cpu: '1' } }, { nodes, pods })
    expect(score).toEqual({ 'cpu-heavy': 68, 'memory-heavy': 81 })
  })

  it('says nothing of Pods that ask for nothing', () => {
    expect(scores(nodeResourcesBalancedAllocation, {}, { nodes: [{ name: 'n' }] })).toBeUndefined()
  })
})
