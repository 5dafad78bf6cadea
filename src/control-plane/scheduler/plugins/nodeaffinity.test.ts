import { describe, expect, it } from 'vitest'
import type { NodeSelectorTerm } from '../../../api/generated/core.v1.ts'
import { scores, verdicts } from '../../../testing/scheduler-table.ts'
import { nodeAffinity } from './nodeaffinity.ts'

const mismatch = "node(s) didn't match Pod's node affinity/selector!"
const nodes = [
  { name: 'a', labels: { disk: 'ssd', cores: '8' } },
  { name: 'b', labels: { disk: 'hdd', cores: '16' } },
  { name: 'c' },
]

function required(...nodeSelectorTerms: NodeSelectorTerm[]): object {
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } }
}

describe('[B1] NodeAffinity', () => {
  it.each([
    ['a node selector', { nodeSelector: { disk: 'ssd' } }, ['', mismatch, mismatch]],
    [
      'In',
      required({ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd', 'hdd'] }] }),
      ['', '', mismatch],
    ],
    [
      'NotIn, which nodes without the label meet',
      required({ matchExpressions: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] }),
      [mismatch, '', ''],
    ],
    ['Exists', required({ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }), ['', '', mismatch]],
    [
      'DoesNotExist',
      required({ matchExpressions: [{ key: 'disk', operator: 'DoesNotExist' }] }),
      [mismatch, mismatch, ''],
    ],
    ['Gt', required({ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }] }), [mismatch, '', mismatch]],
    ['Lt', required({ matchExpressions: [{ key: 'cores', operator: 'Lt', values: ['9'] }] }), ['', mismatch, mismatch]],
    [
      'either of two terms',
      required(
        { matchExpressions: [{ key: 'disk', operator: 'In', values: ['hdd'] }] },
        { matchExpressions: [{ key: 'disk', operator: 'DoesNotExist' }] },
      ),
      [mismatch, '', ''],
    ],
    ['no empty term', required({}), [mismatch, mismatch, mismatch]],
    [
      'both a selector and a term',
      {
        nodeSelector: { disk: 'ssd' },
        ...required({ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }] }),
      },
      [mismatch, mismatch, mismatch],
    ],
  ])('sends Pods where their required affinity has %s', (_title, spec, expected) => {
    expect(Object.values(verdicts(nodeAffinity, { spec }, { nodes }))).toEqual(expected)
  })

  it('asks no other node when the Pod names its own, as Pods of DaemonSets do', () => {
    const spec = required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] })
    const elsewhere = "node(s) didn't satisfy plugin(s) [NodeAffinity]!"
    expect(verdicts(nodeAffinity, { spec }, { nodes: [nodes[0]!, nodes[2]!] })).toEqual({ a: elsewhere, c: elsewhere })
    const field = (name: string) => ({ key: 'metadata.name', operator: 'In' as const, values: [name] })
    const conflicting = required({ matchFields: [field('a'), field('b')] })
    expect(verdicts(nodeAffinity, { spec: conflicting }, { nodes })['a']).toBe('pod affinity terms conflict!')
  })

  it('adds up the weights of the preferences that a node meets', () => {
    const preference = (key: string, value: string) => ({
      matchExpressions: [{ key, operator: 'In' as const, values: [value] }],
    })
    const preferred = [
      { weight: 30, preference: preference('disk', 'ssd') },
      { weight: 20, preference: preference('cores', '8') },
      { weight: 10, preference: preference('disk', 'hdd') },
    ]
    const spec = { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } }
    expect(scores(nodeAffinity, { spec }, { nodes })).toEqual({ a: 200, b: 40, c: 0 })
    expect(scores(nodeAffinity, {}, { nodes })).toBeUndefined()
  })
})
