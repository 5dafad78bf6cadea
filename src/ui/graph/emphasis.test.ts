import { describe, expect, it } from 'vitest'
import { pod, relate, worker } from '../testing/items.ts'
import { relatedTo } from './emphasis.ts'

const relations = [
  relate('exposes', 'outside', 'ingress'),
  relate('routes', 'ingress', 'service'),
  relate('selects', 'service', 'pod-1'),
  relate('selects', 'service', 'pod-2'),
  relate('owns', 'deployment', 'rs'),
  relate('owns', 'rs', 'pod-1'),
  relate('owns', 'rs', 'pod-2'),
]

const items = new Map(
  [worker('w1'), worker('w2'), pod('pod-1', 'w1'), pod('pod-2', 'w2')].map(({ id, type, parent }) => {
    const short = id.replace(/^\w+\//, '')
    return [short, { id: short, type, ...(parent !== undefined && { parent: parent.replace('machine/', '') }) }]
  }),
)

describe('what a selection brings forward', () => {
  it('[J1] is all that a Deployment owns, and where it runs', () => {
    expect([...relatedTo('deployment', relations, items)].sort()).toEqual(['pod-1', 'pod-2', 'rs', 'w1', 'w2'])
  })

  it('[J1] is everything above one Pod, and none of its siblings', () => {
    const found = ['deployment', 'ingress', 'outside', 'rs', 'service', 'w1']
    expect([...relatedTo('pod-1', relations, items)].sort()).toEqual(found)
  })

  it('[J1] is what a Pod mounts, and not who else mounts it', () => {
    const mounts = ['pod-1', 'pod-2'].map(pod => relate('mounts', pod, 'config'))
    expect([...relatedTo('pod-1', mounts, items)].sort()).toEqual(['config', 'w1'])
    expect([...relatedTo('config', mounts, items)].sort()).toEqual(['pod-1', 'pod-2'])
  })

  it('[J1] is what runs on a machine', () => {
    expect([...relatedTo('w2', relations, items)]).toEqual(['pod-2'])
  })

  it('[J1] is nothing for a thing that hangs together with nothing, so that nothing fades', () => {
    expect(relatedTo('etcd', relations, items).size).toBe(0)
  })
})
