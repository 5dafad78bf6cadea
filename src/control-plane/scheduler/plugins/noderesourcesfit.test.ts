import { describe, expect, it } from 'vitest'
import { scores, verdicts } from '../../../testing/scheduler-table.ts'
import { nodeResourcesFit, nodeResourcesFitWith } from './noderesourcesfit.ts'
import { mostAllocated, requestedToCapacityRatio } from './scoring-strategy.ts'

const world = {
  nodes: [
    {
      name: 'n',
      allocatable: { cpu: '2', memory: '4Gi', pods: '2', 'example.com/gpu': '1', 'ephemeral-storage': '10Gi' },
    },
  ],
  pods: [{ node: 'n', requests: { cpu: '1500m', memory: '1Gi' } }],
}

describe('[B1] NodeResourcesFit', () => {
  it.each([
    ['takes a Pod that asks for just what is left', { requests: { cpu: '500m', memory: '3Gi' } }, ''],
    ['refuses one millicore more', { requests: { cpu: '501m' } }, 'Insufficient cpu'],
    ['knows when no preemption would help', { requests: { cpu: '2001m' } }, 'Insufficient cpu!'],
    ['names all that is short', { requests: { cpu: '1', memory: '3500Mi' } }, 'Insufficient cpu, Insufficient memory'],
    ['counts extended resources', { requests: { 'example.com/gpu': '2' } }, 'Insufficient example.com/gpu!'],
    ['counts what a node has none of', { requests: { 'example.com/fpga': '1' } }, 'Insufficient example.com/fpga!'],
    ['counts storage', { requests: { 'ephemeral-storage': '11Gi' } }, 'Insufficient ephemeral-storage!'],
    ['takes a Pod that asks for nothing though the node is full', {}, ''],
  ])('%s', (_title, pod, expected) => {
    expect(verdicts(nodeResourcesFit, pod, world)).toEqual({ n: expected })
  })

  it('takes no more Pods than the node allows', () => {
    const pods = [{ node: 'n' }, { node: 'n' }]
    expect(verdicts(nodeResourcesFit, {}, { ...world, pods })).toEqual({ n: 'Too many pods' })
  })

  it.each([
    [
      'init containers that run alone',
      { initContainers: [{ name: 'i', resources: { requests: { cpu: '600m' } } }] },
      'Insufficient cpu',
    ],
    [
      'sidecars beside the others',
      { initContainers: [{ name: 'i', restartPolicy: 'Always', resources: { requests: { cpu: '600m' } } }] },
      'Insufficient cpu',
    ],
    ['the overhead of a runtime class', { overhead: { cpu: '600m' } }, 'Insufficient cpu'],
  ])('counts %s', (_title, spec, expected) => {
    expect(verdicts(nodeResourcesFit, { spec: spec as object }, world)).toEqual({ n: expected })
  })

  it('prefers empty nodes, full nodes, or what a shape says', () => {
    const nodes = [{ name: 'full' }, { name: 'empty' }]
    const pods = [{ node: 'full', requests: { cpu: '2', memory: '4Gi' } }]
    const pod = { requests: { cpu: '1', memory: '2Gi' } }
    expect(scores(nodeResourcesFit, pod, { nodes, pods })).toEqual({ full: 25, empty: 75 })
    expect(scores(nodeResourcesFitWith(mostAllocated), pod, { nodes, pods })).toEqual({ full: 75, empty: 25 })
    const shape = requestedToCapacityRatio([
      { utilization: 0, score: 0 },
      { utilization: 50, score: 10 },
      { utilization: 100, score: 0 },
    ])
    expect(scores(nodeResourcesFitWith(shape), pod, { nodes, pods })).toEqual({ full: 50, empty: 50 })
  })
})
