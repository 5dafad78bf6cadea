import { describe, expect, it } from 'vitest'
import { scores, verdicts } from '../../../testing/scheduler-table.ts'
import { taintToleration } from './tainttoleration.ts'

const untolerated = 'node(s) had untolerated taint(s)!'
const nodes = [
  { name: 'plain' },
  { name: 'tainted', spec: { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' as const }] } },
  { name: 'evicting', spec: { taints: [{ key: 'maintenance', effect: 'NoExecute' as const }] } },
  { name: 'disliked', spec: { taints: [{ key: 'slow', effect: 'PreferNoSchedule' as const }] } },
]

describe('[B1] TaintToleration', () => {
  it.each([
    ['keeps a Pod without tolerations off', {}, ['', untolerated, untolerated, '']],
    [
      'lets a Pod on that tolerates the value',
      { tolerations: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' as const }] },
      ['', '', untolerated, ''],
    ],
    [
      'looks at the value',
      { tolerations: [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' as const }] },
      ['', untolerated, untolerated, ''],
    ],
    ['lets a Pod on that tolerates everything', { tolerations: [{ operator: 'Exists' as const }] }, ['', '', '', '']],
  ])('%s', (_title, spec, expected) => {
    expect(Object.values(verdicts(taintToleration, { spec }, { nodes }))).toEqual(expected)
  })

  it('likes nodes less the more taints they have that should be avoided', () => {
    const many = { taints: ['a', 'b'].map(key => ({ key, effect: 'PreferNoSchedule' as const })) }
    const world = { nodes: [...nodes, { name: 'shunned', spec: many }] }
    expect(scores(taintToleration, {}, world)).toEqual({
      plain: 300,
      tainted: 300,
      evicting: 300,
      disliked: 150,
      shunned: 0,
    })
    const spec = { tolerations: [{ key: 'slow', operator: 'Exists' as const, effect: 'NoExecute' as const }] }
    expect(scores(taintToleration, { spec }, world)?.['disliked']).toBe(150)
  })
})
