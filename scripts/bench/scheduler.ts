import { Node } from '../../src/api/core/node.ts'
import { ReplicaSet } from '../../src/api/apps/replicaset.ts'
import { Pod } from '../../src/api/core/pod.ts'
import { cacheOf } from '../../src/client/cache.ts'
import { scheduleOne } from '../../src/control-plane/scheduler/attempt.ts'
import { bind, type Binding } from '../../src/control-plane/scheduler/binding.ts'
import { takeIn } from '../../src/control-plane/scheduler/changes.ts'
import { defaultProfile, newScheduler, type Run, type SchedulerState } from '../../src/control-plane/scheduler/state.ts'
import { createApi } from '../../src/client/api.ts'
import { deepFreeze } from '../../src/machinery/object.ts'
import type { Self } from '../../src/sim/component.ts'
import { atLeast, median, type Row } from './row.ts'

export const name = 'scheduler'

interface Sort {
  readonly title: string
  /** How many Pods are scheduled, by the number of nodes. */
  readonly pods: Readonly<Record<number, number>>
  readonly bar: Readonly<Record<number, number>>
  make(i: number): Pod
}

const sorts: readonly Sort[] = [
  {
    title: 'plain Pods',
    pods: { 100: 10_000, 1_000: 10_000, 5_000: 5_000 },
    bar: { 1_000: 5_000 },
    make: i => pod(i, {}),
  },
  {
    title: 'Pods of ReplicaSets',
    pods: { 100: 4_000, 1_000: 4_000, 5_000: 2_000 },
    bar: { 1_000: 2_000 },
    make: i => pod(i, {}, `set-${i % 10}`),
  },
  {
    title: 'Pods with inter-pod affinity',
    pods: { 100: 1_000, 1_000: 2_000, 5_000: 1_000 },
    bar: { 1_000: 500 },
    make: i => pod(i, antiAffinity(i % 10)),
  },
  {
    title: 'Pods with topology spread',
    pods: { 100: 2_000, 1_000: 2_000, 5_000: 1_000 },
    bar: { 1_000: 500 },
    make: i => pod(i, spread(i % 10)),
  },
]

/** Pods a second of processor time that find a node and are bound, with an API server that costs nothing. */
export function run(): Promise<Row[]> {
  const rows: Row[] = []
  for (const nodes of [100, 1_000, 5_000]) {
    for (const { title, pods, bar, make } of sorts) {
      const speed = median([1, 2, 3].map(() => podsPerSecond(nodes, pods[nodes] ?? 0, make)))
      const label = `${title} on ${nodes} nodes`
      const least = bar[nodes]
      rows.push(
        least === undefined
          ? { name: label, value: speed, unit: 'Pods/CPU s' }
          : atLeast(label, speed, 'Pods/CPU s', least),
      )
    }
  }
  return Promise.resolve(rows)
}

function podsPerSecond(nodes: number, count: number, make: (i: number) => Pod): number {
  const state = newScheduler('bench', 0, { elects: false })
  const bindings: Binding[] = []
  const run = runOf(state, bindings)
  for (let i = 0; i < 10; i++) state.informers.get(ReplicaSet.resource)?.items.set(`default/set-${i}`, replicaSet(i))
  for (let i = 0; i < nodes; i++) takeIn(run, Node, undefined, node(i))
  const pods = Array.from({ length: count }, (_, i) => make(i))
  const start = process.cpuUsage()
  for (const each of pods) takeIn(run, Pod, undefined, each)
  let bound = 0
  for (let i = 0; i < count; i++) {
    scheduleOne(run)
    for (const binding of bindings.splice(0)) {
      const assumed = state.cache.pods.get(binding.uid)
      bind(run, binding)
      // What the watch brings a moment later: the Pod on its node.
      if (assumed) takeIn(run, Pod, pods[i], deepFreeze(assumed.info.pod))
      bound++
    }
  }
  const { user, system } = process.cpuUsage(start)
  if (bound !== count) throw new Error(`${bound} of ${count} Pods were bound`)
  return count / ((user + system) / 1e6)
}

function runOf(state: SchedulerState, bindings: Binding[]): Run {
  const self: Self<SchedulerState> = {
    name: 'kube-scheduler/bench',
    state,
    now: 0,
    random: () => 0.5,
    schedule(_delayMs, type, data) {
      if (type === 'bind') bindings.push(data as Binding)
      return 0
    },
    send: () => 0,
    cancel: () => undefined,
    record: () => undefined,
  }
  const api = createApi(
    {
      request: () => ({ code: 201, body: {}, warnings: [] }),
      watch: () => 0,
      stopWatch: () => undefined,
      latencyMs: () => 0,
    },
    { user: { name: 'bench', groups: [] }, userAgent: 'bench' },
  )
  return { self, profile: defaultProfile, api, events: api, objects: cacheOf(state.informers) }
}

function node(i: number): Node {
  const labels = { 'kubernetes.io/hostname': `n${i}`, 'topology.kubernetes.io/zone': `z${i % 3}` }
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...meta(`n${i}`), labels },
    spec: {},
    status: { allocatable: { cpu: '32', memory: '64Gi', pods: '110' } },
  } as unknown as Node)
}

function replicaSet(i: number): ReplicaSet {
  const spec = { selector: { matchLabels: { app: `app-${i}` } } }
  return deepFreeze({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: meta(`set-${i}`),
    spec,
  } as unknown as ReplicaSet)
}

function pod(i: number, spec: Partial<Pod['spec']>, owner?: string): Pod {
  const ownerReferences = owner && [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true },
  ]
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...meta(`p${i}`), namespace: 'default', labels: { app: `app-${i % 10}` }, ownerReferences },
    spec: {
      schedulerName: 'default-scheduler',
      containers: [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
      ...spec,
    },
    status: { phase: 'Pending' },
  } as unknown as Pod)
}

function meta(objectName: string): Pod['metadata'] {
  return { name: objectName, uid: objectName, resourceVersion: '1', creationTimestamp: '2026-01-15T09:00:00Z' }
}

/** Never two Pods of an app on a host, and near to others of it by zone if that can be had. */
function antiAffinity(app: number): Partial<Pod['spec']> {
  const labelSelector = { matchLabels: { app: `app-${app}` } }
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }],
      },
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector, topologyKey: 'topology.kubernetes.io/zone' } },
        ],
      },
    },
  }
}

/** At most five more Pods of an app in one zone than in another, and evenly over hosts if that can be had. */
function spread(app: number): Partial<Pod['spec']> {
  const labelSelector = { matchLabels: { app: `app-${app}` } }
  return {
    topologySpreadConstraints: [
      { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector },
      { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    ],
  }
}
