import { describe, expect, it } from 'vitest'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { schedulerLab } from '../../testing/scheduler-lab.ts'

describe('[B1] kube-scheduler', () => {
  it('binds each Pod to the emptiest node and says so', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.node('n2')
    for (const name of ['a', 'b', 'c']) lab.pod(name, { cpu: '1' })
    lab.advance(1_000)
    expect(lab.places()).toEqual({ a: 'n1', b: 'n2', c: 'n1' })
    expect(lab.events()).toEqual([
      'Normal Scheduled a: Successfully assigned default/a to n1',
      'Normal Scheduled b: Successfully assigned default/b to n2',
      'Normal Scheduled c: Successfully assigned default/c to n1',
    ])
    expect(lab.api.get(Pod, 'a', 'default').status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
  })

  it('tells a Pod that fits nowhere why, in an Event and in its status', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.node('n2', { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] })
    lab.pod('big', { cpu: '10' })
    lab.advance(1_000)
    const message = expect.stringMatching(
      /^0\/2 nodes are available: 1 Insufficient cpu, 1 node\(s\) had untolerated taint\(s\)\./,
    )
    const [condition] = lab.api.get(Pod, 'big', 'default').status.conditions ?? []
    expect(condition).toMatchObject({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message })
    expect(lab.decisions()).toMatchObject([
      {
        message,
        nodes: [
          { node: 'n1', refusedBy: 'NodeResourcesFit', data: { short: [{ requested: 10_000, capacity: 4_000 }] } },
          { node: 'n2', refusedBy: 'TaintToleration', data: { untolerated: { key: 'dedicated' } } },
        ],
      },
    ])
  })

  it('tries a Pod again when a taint that kept it off is taken away', () => {
    const lab = schedulerLab()
    const node = lab.node('n1', { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] })
    lab.pod('web')
    lab.advance(5_000)
    expect(lab.places()).toEqual({ web: '' })
    lab.api.update(Node, { ...node, spec: {} })
    lab.advance(100)
    expect(lab.places()).toEqual({ web: 'n1' })
  })
})
