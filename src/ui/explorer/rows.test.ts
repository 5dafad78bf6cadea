import { describe, expect, it } from 'vitest'
import { item, pod, worker } from '../testing/items.ts'
import { namespacesOf, sectionsOf } from './rows.ts'

const scene = [
  pod('web-1', 'w1'),
  item('workload', 'web', { kind: 'Deployment', namespace: 'default' }),
  item('ingress', 'web', { kind: 'Ingress', namespace: 'shop' }),
  pod('coredns', 'w1', { namespace: 'kube-system' }),
  worker('w1'),
]

describe('the explorer', () => {
  it('[J1] lists nodes, then kinds in the order in which people look for them, then the system', () => {
    const sections = sectionsOf(scene, '', undefined)
    expect(sections.map(({ title, items }) => [title, items.length])).toEqual([
      ['machines', 1],
      ['Deployments', 1],
      ['Pods', 1],
      ['Ingresses', 1],
      ['system', 1],
    ])
  })

  it('[J1] filters by a part of the name and by namespace; nodes have none and stay', () => {
    expect(sectionsOf(scene, ' WEB', undefined).map(({ title }) => title)).toEqual(['Deployments', 'Pods', 'Ingresses'])
    expect(sectionsOf(scene, '', 'shop').map(({ title }) => title)).toEqual(['machines', 'Ingresses'])
    expect(namespacesOf(scene)).toEqual(['default', 'kube-system', 'shop'])
  })
})
