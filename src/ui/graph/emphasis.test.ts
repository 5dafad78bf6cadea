import { describe, expect, it } from 'vitest'
import { relate } from '../testing/items.ts'
import { relatedTo } from './emphasis.ts'

const relations = [
  relate('exposes', 'outside', 'ingress'),
  relate('routes', 'ingress', 'service'),
  relate('selects', 'service', 'pod-1'),
  relate('selects', 'service', 'pod-2'),
  relate('owns', 'deployment', 'rs'),
  relate('owns', 'rs', 'pod-1'),
  relate('owns', 'rs', 'pod-2'),
  relate('runs', 'w1', 'pod-1'),
  relate('runs', 'w2', 'pod-2'),
]

describe('what a selection brings forward', () => {
  it('[J1] is all that a Deployment owns, and where it runs', () => {
    expect([...relatedTo('deployment', relations)].sort()).toEqual(['pod-1', 'pod-2', 'rs', 'w1', 'w2'])
  })

  it('[J1] is everything above one Pod, and none of its siblings', () => {
    const found = ['deployment', 'ingress', 'outside', 'rs', 'service', 'w1']
    expect([...relatedTo('pod-1', relations)].sort()).toEqual(found)
  })

  it('[J1] is what a Pod mounts, and not who else mounts it', () => {
    const mounts = ['pod-1', 'pod-2'].map(pod => relate('mounts', pod, 'config'))
    expect([...relatedTo('pod-1', mounts)]).toEqual(['config'])
    expect([...relatedTo('config', mounts)].sort()).toEqual(['pod-1', 'pod-2'])
  })

  it('[J1] is nothing for a thing that hangs together with nothing, so that nothing fades', () => {
    expect(relatedTo('etcd', relations).size).toBe(0)
  })
})
