import { describe, expect, it } from 'vitest'
import type { PodAffinityTerm } from '../../../api/generated/core.v1.ts'
import { scores, verdicts, type World } from '../../../testing/scheduler-table.ts'
import { interPodAffinity } from './interpodaffinity.ts'

const notNear = "node(s) didn't match pod affinity rules!"
const tooNear = "node(s) didn't match pod anti-affinity rules"
const repelled = "node(s) didn't satisfy existing pods anti-affinity rules"
const zone = 'topology.kubernetes.io/zone'
const host = 'kubernetes.io/hostname'
const nodes = [
  { name: 'a1', labels: { [zone]: 'a' } },
  { name: 'a2', labels: { [zone]: 'a' } },
  { name: 'b1', labels: { [zone]: 'b' } },
]

function term(app: string, topologyKey: string, more: Partial<PodAffinityTerm> = {}): PodAffinityTerm {
  return { labelSelector: { matchLabels: { app } }, topologyKey, ...more }
}
function near(...terms: PodAffinityTerm[]): object {
  return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } }
}
function away(...terms: PodAffinityTerm[]): object {
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } }
}
function db(more: object = {}): World {
  return { nodes, pods: [{ node: 'a1', labels: { app: 'db' }, ...more }] }
}

describe('[B1] InterPodAffinity', () => {
  it.each([
    ['goes to the host of a Pod it wants near', near(term('db', host)), db(), ['', notNear, notNear]],
    ['goes to the zone of a Pod it wants near', near(term('db', zone)), db(), ['', '', notNear]],
    ['must have all it wants near', near(term('db', zone), term('cache', zone)), db(), [notNear, notNear, notNear]],
    ['keeps off the host of a Pod it wants away', away(term('db', host)), db(), [tooNear, '', '']],
    ['keeps off the zone of a Pod it wants away', away(term('db', zone)), db(), [tooNear, tooNear, '']],
    [
      'looks in its own namespace only',
      near(term('db', zone)),
      db({ namespace: 'other' }),
      [notNear, notNear, notNear],
    ],
    [
      'looks where the term says',
      near(term('db', zone, { namespaces: ['other'] })),
      db({ namespace: 'other' }),
      ['', '', notNear],
    ],
    ['keeps off Pods that want it away', {}, db({ spec: away(term('web', host)) }), [repelled, '', '']],
    ['may be the first of a group that wants itself near', near(term('web', zone)), { nodes }, ['', '', '']],
    ['may not be the first near others', near(term('db', zone)), { nodes }, [notNear, notNear, notNear]],
  ])('a Pod %s', (_title, spec, world, expected) => {
    expect(Object.values(verdicts(interPodAffinity, { labels: { app: 'web' }, spec }, world))).toEqual(expected)
  })

  it('selects namespaces by their labels', () => {
    const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { team: 'x' } } }]
    const spec = (team: string): object => near(term('db', zone, { namespaceSelector: { matchLabels: { team } } }))
    const world = { ...db({ namespace: 'other' }), objects }
    expect(verdicts(interPodAffinity, { spec: spec('x') }, world)['a1']).toBe('')
    expect(verdicts(interPodAffinity, { spec: spec('y') }, world)['a1']).toBe(notNear)
  })

  it('scores by its own preferences and by those of the Pods that are there', () => {
    const preferred = [{ weight: 80, podAffinityTerm: term('db', zone) }]
    const spec = { affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } }
    expect(scores(interPodAffinity, { spec }, db())).toEqual({ a1: 200, a2: 200, b1: 0 })
    // A Pod that must have web near it draws web to itself.
    const drawing = db({ spec: near(term('web', host)) })
    expect(scores(interPodAffinity, { labels: { app: 'web' } }, drawing)).toEqual({ a1: 200, a2: 0, b1: 0 })
    expect(scores(interPodAffinity, { labels: { app: 'other' } }, drawing)).toBeUndefined()
  })
})
