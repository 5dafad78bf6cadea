import { describe, expect, it } from 'vitest'
import type { SceneItem } from '../../scene/model.ts'
import { item, master, pod, relate, worker } from '../testing/items.ts'
import { type Box, detailFor, type Layout, layOut } from './layout.ts'

const machines = [master('m'), worker('w1'), worker('w2'), worker('w3')]
const lab: readonly SceneItem[] = [
  item('outside', 'outside'),
  item('workstation', 'workstation'),
  ...machines,
  ...['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'kubelet'].map(name =>
    item('component', name, { parent: 'machine/m' }),
  ),
]

function pods(count: number, machine = 'w1', prefix = 'web'): SceneItem[] {
  return Array.from({ length: count }, (_, index) => pod(`${prefix}-${index}`, machine))
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function boxOf(layout: Layout, id: string): Box {
  const place = layout.places.get(id)
  if (!place) throw new Error(`${id} has no place`)
  return place
}

describe('the layout of the graph', () => {
  it('[J1] puts the control plane above, then workloads, traffic and machines', () => {
    const scene = [...lab, item('workload', 'web'), item('service', 'web'), item('ingress', 'web'), ...pods(1)]
    const layout = layOut(scene, [])
    const tops = ['machine/m', 'workload/web', 'service/web', 'machine/w1'].map(id => boxOf(layout, id).y)
    expect(tops).toEqual([...tops].sort((a, b) => a - b))
    expect(boxOf(layout, 'outside/outside').x).toBeLessThan(boxOf(layout, 'ingress/web').x)
    expect(boxOf(layout, 'ingress/web').x).toBeLessThan(boxOf(layout, 'service/web').x)
  })

  it.each([1, 2, 3, 4, 7, 12])('[J1] puts Pods inside their machine without overlaps, with %i machines', count => {
    const workers = Array.from({ length: count }, (_, index) => worker(`n${index}`))
    const all = workers.flatMap(machine => pods(9, machine.name, machine.name))
    const layout = layOut([master('m'), ...workers, ...all], [])
    for (const each of all) expect(contains(boxOf(layout, each.parent ?? ''), boxOf(layout, each.id))).toBe(true)
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) expect(overlaps(boxOf(layout, a.id), boxOf(layout, b.id))).toBe(false)
    }
  })

  it('[J1] leaves every Pod in its place while others come and go beside it', () => {
    const before = layOut([...lab, ...pods(6)], [])
    const left = pods(6).filter((_, index) => index !== 2)
    const after = layOut([...lab, ...left, pod('new', 'w1')], [], before.memory)
    for (const each of left) expect(boxOf(after, each.id)).toEqual(boxOf(before, each.id))
    expect(boxOf(after, 'pod/new')).toEqual(boxOf(before, 'pod/web-2'))
  })

  it('[J1] keeps a Pod in its place within its machine even when the machine has to grow', () => {
    const before = layOut([...lab, ...pods(4)], [])
    const after = layOut([...lab, ...pods(40)], [], before.memory)
    const placeIn = (layout: Layout, id: string) => {
      const [box, home] = [boxOf(layout, id), boxOf(layout, 'machine/w1')]
      return { x: box.x - home.x, y: box.y - home.y }
    }
    expect(boxOf(after, 'machine/w1').width).toBeGreaterThan(boxOf(before, 'machine/w1').width)
    for (const each of pods(4)) expect(placeIn(after, each.id)).toEqual(placeIn(before, each.id))
  })

  it('[J1] does not shrink what has grown, so that a scale-down moves nothing', () => {
    const grown = layOut([...lab, ...pods(40)], [])
    const shrunk = layOut([...lab, ...pods(2)], [], grown.memory)
    expect(boxOf(shrunk, 'machine/w3')).toEqual(boxOf(grown, 'machine/w3'))
  })

  it('[J1] moves nothing when Pods wait for a node', () => {
    const before = layOut([...lab, ...pods(2)], [])
    const after = layOut(
      [...lab, ...pods(2), ...Array.from({ length: 9 }, (_, i) => pod(`p-${i}`, undefined))],
      [],
      before.memory,
    )
    for (const [id, place] of before.places) expect(after.places.get(id)).toEqual(place)
    expect(after.lanes.find(lane => lane.id === 'queue')?.hidden).toBeGreaterThan(0)
    expect(after.places.get('pod/p-0')?.form).toBe('waiting')
  })

  it('[J1] shows a ReplicaSet on its Deployment and a static Pod as its component', () => {
    const scene = [
      ...lab,
      item('workload', 'web', { kind: 'Deployment', namespace: 'default' }),
      item('workload', 'web-1', { kind: 'ReplicaSet', namespace: 'default' }),
      pod('etcd-m', 'm', { namespace: 'kube-system' }),
      pod('kube-proxy-x', 'w1', { namespace: 'kube-system' }),
    ]
    const layout = layOut(scene, [relate('owns', 'workload/web', 'workload/web-1')])
    expect(layout.standIns.get('workload/web-1')).toBe('workload/web')
    expect(layout.standIns.get('pod/etcd-m')).toBe('component/etcd')
    expect(layout.places.get('pod/kube-proxy-x')?.form).toBe('chip')
  })

  it('[J1] shows less of each Pod the more there are, and does not flicker at the border', () => {
    expect([1, 300, 301, 2_000, 2_001].map(count => detailFor(count, 3, undefined))).toEqual([
      'cards',
      'cards',
      'cells',
      'cells',
      'dots',
    ])
    expect(detailFor(299, 3, 'cells')).toBe('cells')
    expect(detailFor(200, 3, 'cells')).toBe('cards')
    expect(detailFor(10, 100, undefined)).toBe('cells')
  })

  it('[J1] is the same for the same scene in any order', () => {
    const scene = [...lab, ...pods(7), ...pods(3, 'w2', 'api')]
    expect([...layOut(scene.toReversed(), []).places].sort()).toEqual([...layOut(scene, []).places].sort())
  })

  it('[J1] of 1,000 machines and 30,000 Pods takes well under a second', () => {
    const workers = Array.from({ length: 1_000 }, (_, index) => worker(`n${index}`))
    const all = workers.flatMap(machine => pods(30, machine.name, machine.name))
    const before = layOut([...workers, ...all], [])
    const start = performance.now()
    layOut([...workers, ...all], [], before.memory)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})
