import { describe, expect, it } from 'vitest'
import { Pod } from '../../../api/core/pod.ts'
import { PriorityClass } from '../../../api/scheduling/priorityclass.ts'
import { type SchedulerLab, schedulerLab } from '../../../testing/scheduler-lab.ts'

function lab(...nodes: string[]): SchedulerLab {
  const made = schedulerLab()
  for (const [name, value] of [
    ['low', 10],
    ['middle', 50],
    ['high', 100],
  ] as const) {
    made.api.create(PriorityClass, { metadata: { name }, value })
  }
  for (const name of nodes) made.node(name)
  return made
}

function add(to: SchedulerLab, name: string, priorityClassName: string, cpu: string, nodeName?: string): void {
  to.pod(name, { cpu }, { spec: { priorityClassName, ...(nodeName !== undefined && { nodeName }) } })
}

function goingAway(of: SchedulerLab): string[] {
  return of.api.list(Pod).flatMap(({ metadata }) => (metadata.deletionTimestamp ? metadata.name : []))
}

describe('[B1] preemption', () => {
  it.each([
    [
      'takes the least important Pods',
      [
        ['a', 'middle', '4', 'n1'],
        ['b', 'low', '4', 'n2'],
      ],
      ['b'],
    ],
    [
      'takes one Pod and not two',
      [
        ['a', 'low', '2', 'n1'],
        ['b', 'low', '2', 'n1'],
        ['c', 'low', '4', 'n2'],
      ],
      ['c'],
    ],
    [
      'takes no more Pods than must go',
      [
        ['a', 'low', '1', 'n1'],
        ['b', 'low', '3', 'n1'],
        ['c', 'high', '4', 'n2'],
      ],
      ['b'],
    ],
    [
      'takes no Pod that is as important',
      [
        ['a', 'high', '4', 'n1'],
        ['b', 'high', '4', 'n2'],
      ],
      [],
    ],
  ])('%s', (_title, pods, expected) => {
    const made = lab('n1', 'n2')
    for (const [name = '', priority = '', cpu = '', node] of pods) add(made, name, priority, cpu, node)
    made.advance(100)
    add(made, 'new', 'high', '3')
    made.advance(500)
    expect(goingAway(made)).toEqual(expected)
  })

  it('keeps the room for the Pod it was made for, and gives the rest away', () => {
    const made = lab('n1')
    add(made, 'old', 'low', '4', 'n1')
    made.advance(100)
    add(made, 'important', 'high', '3')
    made.advance(100)
    expect(made.api.get(Pod, 'important', 'default').status.nominatedNodeName).toBe('n1')
    // These come first into the room, if it is not kept.
    add(made, 'thief', 'low', '3')
    made.advance(1_500)
    made.remove('old')
    made.advance(10_000)
    expect(made.places()).toEqual({ important: 'n1', thief: '' })
    expect(made.api.get(Pod, 'important', 'default').status.nominatedNodeName).toBeUndefined()
    add(made, 'small', 'low', '1')
    made.advance(1_000)
    expect(made.places()).toMatchObject({ important: 'n1', thief: '', small: 'n1' })
  })

  it('lets nobody less important into room that is not whole yet', () => {
    const made = lab('n1')
    for (const name of ['old-1', 'old-2']) add(made, name, 'low', '2', 'n1')
    made.advance(100)
    add(made, 'important', 'high', '4')
    made.advance(1_500)
    made.remove('old-1')
    add(made, 'thief', 'middle', '2')
    made.advance(1_500)
    expect(made.places()).toEqual({ 'old-2': 'n1', important: '', thief: '' })
    made.remove('old-2')
    made.advance(10_000)
    expect(made.places()).toEqual({ important: 'n1', thief: '' })
  })

  it('tells in the trace whom it would send away', () => {
    const made = lab('n1')
    add(made, 'old', 'low', '4', 'n1')
    made.advance(100)
    add(made, 'important', 'high', '3')
    made.advance(100)
    const nodes = made.decisions().at(-1)?.nodes
    expect(nodes).toMatchObject([{ node: 'n1', refusedBy: 'NodeResourcesFit', data: { preempts: ['default/old'] } }])
    expect(made.events()).toContain(
      `Normal Preempted old: Preempted by pod ${made.api.get(Pod, 'important', 'default').metadata.uid} on node n1`,
    )
  })

  it('sees that Pods which are kept apart fit once one of them is gone', () => {
    const made = lab('n1')
    const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    made.pod('old', undefined, {
      metadata: { name: 'old', labels: { app: 'web' } },
      spec: { priorityClassName: 'low', nodeName: 'n1' },
    })
    made.advance(100)
    made.pod('new', undefined, { spec: { priorityClassName: 'high', affinity } })
    made.advance(100)
    expect(goingAway(made)).toEqual(['old'])
    made.remove('old')
    made.advance(5_000)
    expect(made.places()).toEqual({ new: 'n1' })
  })
})
