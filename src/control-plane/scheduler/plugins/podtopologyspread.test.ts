import { describe, expect, it } from 'vitest'
import type { TopologySpreadConstraint } from '../../../api/generated/core.v1.ts'
import { scores, verdicts, type World } from '../../../testing/scheduler-table.ts'
import { podTopologySpread } from './podtopologyspread.ts'

const tooMany = "node(s) didn't match pod topology spread constraints"
const noLabel = "node(s) didn't match pod topology spread constraints (missing required label)!"
const zone = 'topology.kubernetes.io/zone'
const labels = { app: 'web' }
const nodes = [
  { name: 'a1', labels: { [zone]: 'a' } },
  { name: 'a2', labels: { [zone]: 'a' } },
  { name: 'b1', labels: { [zone]: 'b' } },
  { name: 'nowhere' },
]

function spread(more: Partial<TopologySpreadConstraint> = {}): object {
  const constraint = {
    maxSkew: 1,
    topologyKey: zone,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: labels },
  }
  return { topologySpreadConstraints: [{ ...constraint, ...more }] }
}

function world(...places: string[]): World {
  return { nodes, pods: places.map(node => ({ node, labels })) }
}

describe('[B1] PodTopologySpread', () => {
  it.each([
    ['may go anywhere while there are none', {}, world(), ['', '', '', noLabel]],
    ['goes where there are fewest', {}, world('a1'), [tooMany, tooMany, '', noLabel]],
    ['may be out of balance by maxSkew', { maxSkew: 2 }, world('a1'), ['', '', '', noLabel]],
    ['counts zones, not hosts', {}, world('a1', 'b1'), ['', '', '', noLabel]],
    [
      'needs enough domains, or the least counts as none',
      { minDomains: 3 },
      world('a1', 'b1'),
      [tooMany, tooMany, tooMany, noLabel],
    ],
    [
      'counts no Pods with other labels',
      { labelSelector: { matchLabels: { app: 'db' } } },
      world('a1', 'a1'),
      ['', '', '', noLabel],
    ],
  ])('a Pod that is to be spread over zones %s', (_title, more, around, expected) => {
    expect(Object.values(verdicts(podTopologySpread, { labels, spec: spread(more) }, around))).toEqual(expected)
  })

  it('leaves out Pods that are on their way out and those of other namespaces', () => {
    const pods = [{ node: 'a1', labels, namespace: 'other' }]
    expect(verdicts(podTopologySpread, { labels, spec: spread() }, { nodes, pods })['a1']).toBe('')
  })

  it('counts by the Pod template of a revision where matchLabelKeys say so', () => {
    const pods = [{ node: 'a1', labels: { ...labels, 'pod-template-hash': 'old' } }]
    const spec = spread({ matchLabelKeys: ['pod-template-hash'] })
    const fresh = { labels: { ...labels, 'pod-template-hash': 'new' }, spec }
    expect(verdicts(podTopologySpread, fresh, { nodes, pods })['a1']).toBe('')
    const same = { labels: { ...labels, 'pod-template-hash': 'old' }, spec }
    expect(verdicts(podTopologySpread, same, { nodes, pods })['a1']).toBe(tooMany)
  })

  it('looks at tainted nodes unless it is told to honour taints', () => {
    const tainted = { taints: [{ key: 'x', effect: 'NoSchedule' as const }] }
    const around = { nodes: [nodes[0]!, { ...nodes[2]!, spec: tainted }], pods: [{ node: 'a1', labels }] }
    expect(verdicts(podTopologySpread, { labels, spec: spread() }, around)['a1']).toBe(tooMany)
    expect(verdicts(podTopologySpread, { labels, spec: spread({ nodeTaintsPolicy: 'Honor' }) }, around)['a1']).toBe('')
  })

  // Hosts count ln(4 + 2) a Pod and 2 on top, zones (a, b and none) ln(3 + 2) and 4: 16, 11, 6 and 2 in all.
  it('spreads the Pods of a ReplicaSet over hosts and zones by default', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' }
    const objects = [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: labels } },
      },
    ]
    const around = { ...world('a1', 'a1', 'a1'), objects }
    expect(scores(podTopologySpread, { labels, owner }, around)).toEqual({ a1: 24, a2: 86, b1: 150, nowhere: 200 })
    expect(scores(podTopologySpread, { labels }, around)).toBeUndefined()
  })
})
