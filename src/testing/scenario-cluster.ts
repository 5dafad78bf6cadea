import { Node } from '../api/core/node.ts'
import { Pod } from '../api/core/pod.ts'
import { kinds } from '../api/index.ts'
import { PodMetrics } from '../api/metrics/podmetrics.ts'
import type { NewObject } from '../client/api.ts'
import type { ControllerDefinition } from '../client/controller.ts'
import { createScheduler } from '../control-plane/scheduler/scheduler.ts'
import { newScheduler } from '../control-plane/scheduler/state.ts'
import type { ApiRequest, ApiResponse, WatchDelivery, WatchEvent } from '../machinery/rest.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'
import { type ControlPlane, controlPlane } from './control-plane.ts'
import type { JsonObject } from './golden-json.ts'
import type { ScenarioCluster } from './golden-player.ts'
import type { Change } from './golden-recorder.ts'
import type { Scenario } from './golden-scenarios.ts'
import { createKubelets, newKubelets, nodeConditions } from './scenario-kubelets.ts'
import { scenarioKubectl } from './scenario-kubectl.ts'

const warmUpMs = 12_000

/** How long things take: it decides who is first when two controllers work at once. */
export interface Timing {
  readonly createMs: number
  readonly writeMs: number
  readonly watchMs: number
  /** How long before the scenario everything is there, beyond the usual: some controllers look again in a rhythm. */
  readonly earlierMs?: number
}

/** The recorded cluster was not equally fast in all scenarios, and what comes of a race depends on it. */
export const timings: readonly [Timing, ...Timing[]] = [
  { createMs: 5, writeMs: 5, watchMs: 1 },
  { createMs: 3, writeMs: 2, watchMs: 1 },
  { createMs: 5, writeMs: 5, watchMs: 1, earlierMs: 6_000 },
]

/** The real API server, scheduler and controllers, and kubelets that behave as a recorded scenario's images say. */
export function scenarioCluster(
  scenario: Scenario,
  controllers: readonly ControllerDefinition[],
  { createMs, watchMs, writeMs, earlierMs = 0 }: Timing = timings[0],
  seed = 1,
): ScenarioCluster {
  const listeners: ((change: Change) => void)[] = []
  const recorder = recorderFor(listeners)
  const loads = new Map<string, Load>()
  const cluster: ControlPlane = controlPlane({
    controllers,
    aggregated: (request, within) => (scenario.metrics ? metricsFor(request, within, loads) : undefined),
    seed,
    latencyMs: ({ verb }) => (verb === 'create' ? createMs : writeMs),
    watchDelayMs: () => watchMs,
    components: [
      { name: 'recorder', definition: () => recorder, state: {}, silent: true },
      { name: 'kubelets', definition: transport => createKubelets(transport, scenario), state: newKubelets() },
      {
        name: 'kube-scheduler/m-k8s',
        definition: transport => createScheduler({ transport: () => transport }),
        state: newScheduler('m-k8s', Date.UTC(2026, 0, 15, 9), { elects: false }),
      },
    ],
  })
  const seen = new Set<string>()
  for (const kind of kinds) {
    if (seen.has(kind.resource) || kind.group === 'events.k8s.io') continue
    seen.add(kind.resource)
    if (!kind.verbs || kind.verbs.includes('watch')) cluster.api.watch(kind, 'recorder', { resourceVersion: '' })
  }
  return {
    now: () => cluster.simulation.now,
    advance: ms => cluster.runFor(ms),
    onChange: listener => void listeners.push(listener),
    kubectl(line, files) {
      // The recorded clusters' nodes had been known for a while when the scenario's namespace was made.
      if (/^create namespace (?!.*-n)/.test(line)) cluster.runFor(warmUpMs + earlierMs)
      return scenarioKubectl(cluster.api, line, files)
    },
    api({ method, path, body }) {
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
      const text = body === undefined ? undefined : JSON.stringify(body)
      const answer = cluster.http({ method, path, headers, body: text })
      return { code: answer.status, body: JSON.parse(answer.body) }
    },
    node(name, what, object) {
      if (what === 'add') addNode(cluster, object ?? {})
      if (what === 'delete') cluster.api.delete(Node, { metadata: { name } })
      cluster.simulation.schedule('kubelets', 0, 'node', { name, what })
    },
    load: load => void loads.set(load.app, load),
    pod: (namespace, name, what, step) =>
      void cluster.simulation.schedule('kubelets', 0, 'pod', { key: `${namespace}/${name}`, what, step }),
  }
}

/** Hears of every change, and tells the listeners of it. */
function recorderFor(listeners: readonly ((change: Change) => void)[]): ComponentDefinition<Record<string, never>> {
  let waiting: WatchEvent[] = []
  return defineComponent<Record<string, never>>({
    type: 'recorder',
    on: {
      watch(self, { events }: WatchDelivery) {
        if (waiting.length === 0) self.schedule(0, 'tell')
        waiting.push(...events)
      },
      // All that arrives at one moment is told in the order of its versions, whichever watch it came by.
      tell() {
        const events = waiting.sort((a, b) => a.revision - b.revision)
        waiting = []
        for (const { type, object } of events) {
          if (type === 'BOOKMARK') continue
          const change = { type, object: JSON.parse(JSON.stringify(object)) }
          for (const listener of listeners) listener(change)
        }
      },
    },
  })
}

interface Load {
  readonly app: string
  readonly cpu?: string
  readonly memory?: string
}

/** What a metrics server says when every Pod of an app uses what the scenario's load says. */
function metricsFor(
  { group, resource, namespace, options }: ApiRequest,
  { api, simulation }: ControlPlane,
  loads: ReadonlyMap<string, Load>,
): ApiResponse | undefined {
  if (group !== PodMetrics.group || resource !== PodMetrics.plural) return undefined
  const timestamp = new Date(simulation.now).toISOString()
  const items = api
    .list(Pod, namespace, { labelSelector: options?.labelSelector ?? '' })
    .flatMap(({ metadata, spec, status }) => {
      const { cpu = '0', memory = '0' } = loads.get(metadata.labels?.app ?? '') ?? {}
      const containers = spec.containers.map(({ name }) => ({ name, usage: { cpu, memory } }))
      const { name, labels } = metadata
      return status.phase === 'Running'
        ? [{ metadata: { name, namespace, labels }, timestamp, window: '10s', containers }]
        : []
    })
  return { code: 200, body: { items }, warnings: [] }
}

function addNode(cluster: ControlPlane, object: JsonObject): void {
  const draft: NewObject<Node> = JSON.parse(JSON.stringify(object))
  const created = cluster.api.create(Node, draft)
  const conditions = nodeConditions(created, true, cluster.simulation.now)
  cluster.api.updateStatus(Node, { ...created, status: { ...created.status, conditions } })
}
