import { describe, expect, it } from 'vitest'
import { nextRandom, type RandomState, seedRandom } from '../../sim/random.ts'
import { nodeObject, podObject } from '../../testing/scheduler-table.ts'
import {
  assumePod,
  type CacheState,
  findNode,
  forgetPod,
  newCache,
  orderedNodes,
  putNode,
  putPod,
  removeNode,
  removePod,
} from './cache.ts'
import { podInfoOf } from './pod-info.ts'

const zone = 'topology.kubernetes.io/zone'

function names(cache: CacheState): string[] {
  return orderedNodes(cache).map(({ name }) => name)
}

describe('[B1] scheduler cache', () => {
  it('lists a node of each zone in turn', () => {
    const cache = newCache()
    for (const [name, where] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['a3', 'a'],
      ['b1', 'b'],
      ['c1', 'c'],
    ] as const) {
      putNode(cache, nodeObject({ name, labels: { [zone]: where } }))
    }
    expect(names(cache)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
    putNode(cache, nodeObject({ name: 'a2', labels: { [zone]: 'b' } }))
    expect(names(cache)).toEqual(['a1', 'b1', 'c1', 'a3', 'a2'])
    removeNode(cache, 'b1')
    expect(names(cache)).toEqual(['a1', 'a2', 'c1', 'a3'])
  })

  it('counts Pods on a node that comes after them', () => {
    const cache = newCache()
    putPod(cache, podObject({ name: 'early', node: 'n', requests: { cpu: '1' } }))
    putNode(cache, nodeObject({ name: 'n' }))
    expect(findNode(cache, 'n')?.requested.milliCpu).toBe(1_000)
    removeNode(cache, 'n')
    putNode(cache, nodeObject({ name: 'n' }))
    removePod(cache, 'early')
    expect(findNode(cache, 'n')?.requested.milliCpu).toBe(0)
  })

  it('counts an assumed Pod once, also when its binding is confirmed', () => {
    const cache = newCache()
    putNode(cache, nodeObject({ name: 'n' }))
    assumePod(cache, podInfoOf(podObject({ name: 'p', requests: { cpu: '1' } })), 'n')
    expect(findNode(cache, 'n')?.requested.milliCpu).toBe(1_000)
    putPod(cache, podObject({ name: 'p', node: 'n', requests: { cpu: '1' } }))
    forgetPod(cache, 'p')
    expect(findNode(cache, 'n')).toMatchObject({ requested: { milliCpu: 1_000 }, pods: [{ key: 'default/p' }] })
  })

  it.each([1, 2, 3, 4, 5])('is after any changes what it would be if made anew (seed %i)', seed => {
    const random = seedRandom(seed, 'cache')
    const world = new World(random)
    for (let i = 0; i < 300; i++) world.change()
    expect(summary(world.cache)).toEqual(summary(world.remade()))
    expect(world.pods.size).toBeGreaterThan(0)
  })
})

/** Nodes and Pods that come, change and go by chance. */
class World {
  readonly cache = newCache()
  readonly nodes = new Map<string, ReturnType<typeof nodeObject>>()
  readonly pods = new Map<string, ReturnType<typeof podObject>>()

  constructor(private readonly random: RandomState) {}

  change(): void {
    const name = `n${this.pick(4)}`
    const pod = `p${this.pick(12)}`
    const what = this.pick(8)
    if (what === 0) {
      removeNode(this.cache, name)
      this.nodes.delete(name)
    } else if (what < 3) {
      const images = [{ names: [`image-${this.pick(2)}:1`], sizeBytes: 1 }]
      const node = nodeObject({ name, labels: { [zone]: `z${this.pick(2)}` }, images })
      putNode(this.cache, node)
      this.nodes.set(name, node)
    } else if (what === 3) {
      removePod(this.cache, pod)
      this.pods.delete(pod)
    } else this.put(pod, name)
  }

  remade(): CacheState {
    const cache = newCache()
    for (const node of this.nodes.values()) putNode(cache, node)
    for (const pod of this.pods.values()) putPod(cache, pod)
    return cache
  }

  private put(name: string, node: string): void {
    const term = { labelSelector: { matchLabels: { app: `a${this.pick(2)}` } }, topologyKey: zone }
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
    const ports = [{ containerPort: 80, hostPort: 8000 + this.pick(3), protocol: 'TCP' as const }]
    const requests = { cpu: `${this.pick(5)}00m`, 'example.com/gpu': String(this.pick(2)) }
    const object = podObject({ name, node, requests, ...(this.pick(2) ? { spec: { affinity } } : { ports }) })
    putPod(this.cache, object)
    this.pods.set(name, object)
  }

  private pick(count: number): number {
    return Math.floor(nextRandom(this.random) * count)
  }
}

function summary(cache: CacheState): unknown {
  const nodes = orderedNodes(cache).map(({ name, pods, podsWithAffinity, usedPorts, requested, nonZeroRequested }) => [
    name,
    pods.map(({ uid }) => uid).sort(),
    podsWithAffinity.map(({ uid }) => uid).sort(),
    usedPorts.map(({ port }) => port).sort(),
    { ...requested, scalars: Object.entries(requested.scalars).filter(([, amount]) => amount !== 0) },
    nonZeroRequested.milliCpu,
  ])
  const terms = [...cache.terms.values()].map(({ term, repelling, wishes, pods }) => [
    term.key,
    [...repelling].sort(),
    [...wishes].sort(),
    pods,
  ])
  return [nodes.sort(), terms.sort(), [...cache.imageCounts].sort(), [...cache.strays.keys()].sort()]
}
