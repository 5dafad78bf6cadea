import { describe, expect, it } from 'vitest'
import { nextRandom, seedRandom } from '../../sim/random.ts'
import { nodeObject, podObject } from '../../testing/scheduler-table.ts'
import { newInformer } from '../../client/informer.ts'
import { cacheOf } from '../../client/cache.ts'
import { kinds } from '../../api/index.ts'
import { assumePod, type CacheState, newCache, putNode, putPod, removeNode, removePod } from './cache.ts'
import { cycleOf, findFeasible } from './cycle.ts'
import { newMemory } from './memory.ts'
import { podInfoOf, type PodInfo } from './pod-info.ts'
import { defaultPlugins } from './plugins/index.ts'
import { scoreNodes } from './scoring.ts'

const zone = 'topology.kubernetes.io/zone'
const host = 'kubernetes.io/hostname'

/** Everything that a search comes to: verdicts, then each plugin's scores. */
function outcome(cache: CacheState, pod: PodInfo, startAt: number, forgets: boolean): unknown {
  const objects = cacheOf(new Map(kinds.map(kind => [kind.resource, newInformer(kind)])))
  const known = cycleOf({ cache, takenVolumes: new Map() }, objects)
  const cycle = forgets ? { ...known, memory: newMemory() } : known
  const search = { plugins: defaultPlugins, pod, cycle, startAt }
  const { feasible, places, refusals, remarks } = findFeasible(search)
  const scores = scoreNodes(defaultPlugins, pod, { nodes: feasible, places }, cycle, remarks)
  return [feasible.map(({ name }) => name), [...refusals], [...scores.byPlugin].map(([name, of]) => [name, [...of]])]
}

describe('[B1] memory of the scheduler', () => {
  it.each([1, 2, 3, 4, 5, 6])('changes no verdict and no score, whatever happens to nodes and Pods (seed %i)', seed => {
    const random = seedRandom(seed, 'memory')
    const pick = (count: number): number => Math.floor(nextRandom(random) * count)
    const term = (topologyKey: string): object => ({
      labelSelector: { matchLabels: { app: `a${pick(2)}` } },
      topologyKey,
    })
    const specs = [
      () => ({}),
      () => ({ nodeSelector: { disk: `d${pick(2)}` } }),
      () => ({ tolerations: [{ key: 'a', operator: 'Exists' as const }] }),
      () => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(host)] } } }),
      () => ({ topologySpreadConstraints: [{ ...term(zone), maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' }] }),
      () => ({ topologySpreadConstraints: [{ ...term(host), maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule' }] }),
    ]
    const makePod = (name: string, node?: string): ReturnType<typeof podObject> =>
      podObject({
        name,
        labels: { app: `a${pick(2)}` },
        requests: { cpu: `${pick(4)}00m` },
        spec: specs[pick(specs.length)]?.() as never,
        ...(pick(4) === 0 && { ports: [{ containerPort: 80, hostPort: 8000 + pick(2), protocol: 'TCP' as const }] }),
        ...(node !== undefined && { node }),
      })
    const cache = newCache()
    let placed = 0
    for (let i = 0; i < 300; i++) {
      const node = `n${pick(8)}`
      const what = pick(10)
      if (what === 0) removeNode(cache, node)
      else if (what < 3) {
        const taints =
          pick(3) === 0 ? [{ key: 'a', effect: pick(2) ? ('NoSchedule' as const) : ('PreferNoSchedule' as const) }] : []
        putNode(
          cache,
          nodeObject({ name: node, labels: { [zone]: `z${pick(3)}`, disk: `d${pick(2)}` }, spec: { taints } }),
        )
      } else if (what < 5) removePod(cache, `p${pick(20)}`)
      else if (what < 7) putPod(cache, makePod(`p${pick(20)}`, node))
      const pod = podInfoOf(makePod(`new-${i}`))
      const startAt = pick(4)
      const expected = outcome(cache, pod, startAt, true)
      expect(outcome(cache, pod, startAt, false)).toEqual(expected)
      const [feasible] = expected as [string[]]
      if (feasible[0] && pick(2)) {
        assumePod(cache, pod, feasible[0])
        placed++
        if (pick(2)) putPod(cache, { ...pod.pod, spec: { ...pod.pod.spec, nodeName: feasible[0] } })
      }
    }
    expect(placed).toBeGreaterThan(20)
  })
})
