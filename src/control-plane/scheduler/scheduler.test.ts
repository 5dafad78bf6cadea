import { describe, expect, it } from 'vitest'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { schedulerLab } from '../../testing/scheduler-lab.ts'
import { newScheduler } from './state.ts'

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

describe('[B1] the queue of kube-scheduler', () => {
  it('schedules a Pod once its last gate is gone', () => {
    const lab = schedulerLab()
    lab.node('n1')
    const gated = lab.pod('gated', undefined, { spec: { schedulingGates: [{ name: 'example.com/wait' }] } })
    lab.advance(1_000)
    expect([lab.places(), lab.events()]).toEqual([{ gated: '' }, []])
    const { schedulingGates: _, ...spec } = gated.spec
    lab.api.update(Pod, { ...gated, spec })
    lab.advance(100)
    expect(lab.places()).toEqual({ gated: 'n1' })
  })

  it('leaves Pods of other schedulers alone', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.pod('other', undefined, { spec: { schedulerName: 'my-scheduler' } })
    lab.advance(1_000)
    expect([lab.places(), lab.decisions()]).toEqual([{ other: '' }, []])
  })

  it('does not try a Pod again for an event that cannot help it', () => {
    const lab = schedulerLab()
    const node = lab.node('n1')
    lab.pod('big', { cpu: '8' })
    lab.advance(2_000)
    lab.api.update(Node, { ...node, metadata: { ...node.metadata, labels: { disk: 'ssd' } } })
    lab.node('n2', { allocatable: { cpu: '2' } })
    lab.advance(10_000)
    expect(lab.decisions()).toHaveLength(1)
    lab.node('n3', { allocatable: { cpu: '8' } })
    lab.advance(100)
    expect(lab.places()).toEqual({ big: 'n3' })
  })

  it('tries a Pod again every five minutes at the least', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.pod('big', { cpu: '8' })
    lab.advance(299_000)
    expect(lab.decisions()).toHaveLength(1)
    lab.advance(32_000)
    expect(lab.decisions()).toHaveLength(2)
  })

  it('says once in an Event, and counts, what it says again of the same Pod', () => {
    const lab = schedulerLab()
    lab.pod('web')
    lab.advance(30_000)
    // Tried at once and 1, 3, 7 and 15 s later and so on. The first Event was of the Pod without its condition.
    expect(lab.events()).toEqual([
      'Warning FailedScheduling web: no nodes available to schedule pods',
      'Warning FailedScheduling web: no nodes available to schedule pods x2',
    ])
    lab.node('n1')
    lab.advance(800_000)
    expect(lab.events().filter(line => line.includes('x'))).toEqual([
      'Warning FailedScheduling web: no nodes available to schedule pods x5',
    ])
    expect(lab.places()).toEqual({ web: 'n1' })
  })
})

describe('[B1] kube-scheduler under trouble', () => {
  it('takes back what it assumed when the API server is out of reach, and tries again', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.advance(100)
    lab.pod('web', { cpu: '1' })
    lab.cut(true)
    lab.advance(500)
    expect(lab.state.cache.pods.size).toBe(0)
    lab.cut(false)
    lab.advance(20_000)
    expect(lab.places()).toEqual({ web: 'n1' })
  })

  it('forgets a Pod that is deleted before it is bound', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.pod('web', { cpu: '4' })
    lab.advance(2)
    lab.remove('web')
    lab.pod('next', { cpu: '4' })
    lab.advance(5_000)
    expect(lab.places()).toEqual({ next: 'n1' })
  })

  it.each([1, 2, 3])('binds no Pod twice and overfills no node, however late its watch is (seed %i)', seed => {
    const lab = schedulerLab({ seed, watchDelayMs: 400 * seed })
    for (const name of ['n1', 'n2', 'n3']) lab.node(name)
    for (let i = 0; i < 14; i++) lab.pod(`p${i}`, { cpu: '1' })
    lab.advance(60_000)
    const taken = Object.values(lab.places()).filter(place => place !== '')
    expect(taken).toHaveLength(12)
    for (const name of ['n1', 'n2', 'n3']) expect(taken.filter(place => place === name)).toHaveLength(4)
    expect(lab.events().filter(line => line.startsWith('Normal Scheduled'))).toHaveLength(12)
  })

  it('goes on from a checkpoint as if nothing had been', () => {
    const play = (isRestored: boolean): unknown => {
      const lab = schedulerLab()
      for (const name of ['n1', 'n2']) lab.node(name)
      const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }
      const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
      const web = { metadata: { labels: { app: 'web' } }, spec: { affinity } }
      for (const name of ['a', 'b', 'c']) lab.pod(name, { cpu: '1' }, { ...web, metadata: { ...web.metadata, name } })
      lab.advance(3)
      if (isRestored) lab.simulation.restore(lab.simulation.checkpoint())
      lab.advance(10_000)
      lab.remove('a')
      lab.advance(10_000)
      return [lab.places(), lab.events(), lab.decisions()]
    }
    expect(play(true)).toEqual(play(false))
  })

  it('stops when it could not renew its lease in time: somebody else may lead by now', () => {
    const lab = schedulerLab()
    lab.node('n1')
    lab.cut(true)
    lab.advance(13_000)
    lab.cut(false)
    lab.pod('web')
    lab.advance(30_000)
    expect(lab.places()).toEqual({ web: '' })
  })

  it('waits for the client’s rate limiter when very many Pods come at once', () => {
    const lab = schedulerLab()
    lab.node('n1', { allocatable: { pods: '500' } })
    for (let i = 0; i < 200; i++) lab.pod(`p${i}`)
    lab.advance(1_000)
    const bound = Object.values(lab.places()).filter(Boolean).length
    expect(bound).toBeGreaterThan(140)
    expect(bound).toBeLessThan(155)
    lab.advance(1_500)
    expect(Object.values(lab.places()).filter(Boolean)).toHaveLength(200)
  })
})

describe('[B1] two kube-schedulers', () => {
  it('have one leader; the other takes over when its lease has run out', () => {
    const lab = schedulerLab()
    const { simulation } = lab
    simulation.add('kube-scheduler/m2', 'kube-scheduler', newScheduler('m2', simulation.now))
    simulation.schedule('kube-scheduler/m2', 0, 'start')
    lab.node('n1')
    lab.pod('a')
    lab.advance(1_000)
    expect(lab.events()).toEqual(['Normal Scheduled a: Successfully assigned default/a to n1'])
    simulation.remove('kube-scheduler/m-k8s')
    lab.pod('b')
    lab.advance(12_000)
    expect(lab.places()).toEqual({ a: 'n1', b: '' })
    lab.advance(8_000)
    expect(lab.places()).toEqual({ a: 'n1', b: 'n1' })
    expect(simulation.namesOf('kube-scheduler')).toEqual(['kube-scheduler/m2'])
  })
})
