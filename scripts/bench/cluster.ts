import { Deployment } from '../../src/api/apps/deployment.ts'
import { Pod } from '../../src/api/core/pod.ts'
import { Cluster } from '../../src/cluster/cluster.ts'
import { startOfTime } from '../../src/session/session.ts'
import { atMost, median, type Row, timed } from './row.ts'

export const name = 'cluster'

/** A size with its bar in CPU seconds, where the project has set one. */
interface Size {
  readonly pods: number
  readonly nodes: number
  /** Runs before those that count: the first ones pay for the compiler as well, and are shown apart. */
  readonly warmUps: number
  readonly runs: number
  readonly bar?: number
}

const sizes: readonly Size[] = [
  { pods: 100, nodes: 10, warmUps: 0, runs: 5 },
  { pods: 1_000, nodes: 100, warmUps: 3, runs: 5, bar: 1.5 },
  { pods: 10_000, nodes: 500, warmUps: 0, runs: 1, bar: 20 },
]

/** From `kubectl apply` of a Deployment to all its Pods Running, as fast as this machine can; then what idling costs. */
export function run(): Promise<Row[]> {
  const rows: Row[] = []
  const cost = new Map<number, number>()
  for (const { pods, nodes, warmUps, runs, bar } of sizes) {
    const all: ReturnType<typeof timed>[] = []
    let cluster: Cluster
    do {
      cluster = booted(nodes)
      all.push(timed(() => deploy(cluster, pods)))
    } while (all.length < warmUps + runs)
    const measured = all.slice(warmUps)
    const cpuS = median(measured.map(run => run.cpuS))
    const wallS = median(measured.map(run => run.wallS))
    cost.set(pods, cpuS)
    const label = `${pods} Pods on ${nodes} nodes`
    if (warmUps > 0) rows.push({ name: `${label}, first run`, value: all[0]?.cpuS ?? 0, unit: 'CPU s' })
    rows.push(bar === undefined ? { name: label, value: cpuS, unit: 'CPU s' } : atMost(label, cpuS, 'CPU s', bar))
    rows.push({ name: `${label}, wall`, value: wallS, unit: 's' })
    rows.push({ name: `${label}, heap`, value: heapMB(), unit: 'MB' })
    if (nodes === 100) {
      const idle = timed(() => cluster.simulation.runUntil(cluster.simulation.now + 60_000))
      rows.push({ name: '100 idle nodes, one virtual minute', value: idle.cpuS, unit: 'CPU s' })
      rows.push({ name: 'replay speed, 100 idle nodes', value: 60 / idle.wallS, unit: 'virtual s/s' })
    }
  }
  const growth = (cost.get(10_000) ?? 0) / (cost.get(1_000) ?? 1)
  rows.push(atMost('growth from 1,000 to 10,000 Pods', growth, '×', 15))
  return Promise.resolve(rows)
}

/** A cluster with so many workers, installed and quiet. */
export function booted(workers: number): Cluster {
  const topology = { preset: 'm-k8s', masters: 1, workers, workerCpu: 16, workerMemoryMiB: 65_536 }
  const cluster = new Cluster({ seed: 1, topology, startMs: startOfTime })
  runWhile(cluster, () => !cluster.isBooted(), 3_600_000)
  return cluster
}

/** Applies a Deployment and lets time pass until all its Pods run. */
export function deploy(cluster: Cluster, replicas: number): void {
  const labels = { app: 'web' }
  const containers = [{ name: 'web', image: 'nginx:1.25' }]
  cluster.api.create(Deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  })
  const isReady = (): boolean => cluster.api.get(Deployment, 'web', 'default').status.readyReplicas === replicas
  runWhile(cluster, () => !isReady(), 7_200_000)
  const running = cluster.api.list(Pod, 'default').filter(pod => pod.status.phase === 'Running').length
  if (running !== replicas) throw new Error(`${running} of ${replicas} Pods run`)
}

/** Runs a virtual second after the other; a condition that lasts longer than it may is an error. */
function runWhile({ simulation }: Cluster, condition: () => boolean, mostMs: number): void {
  const end = simulation.now + mostMs
  while (condition()) {
    if (simulation.now >= end) throw new Error(`nothing came of it within ${mostMs / 1000} virtual seconds`)
    simulation.runUntil(simulation.now + 1_000)
  }
}

export function heapMB(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}
