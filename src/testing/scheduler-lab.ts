// An API server and a kube-scheduler on virtual time: no controllers, no kubelets. For tests of the scheduler.

import { Event } from '../api/core/event.ts'
import { Node } from '../api/core/node.ts'
import { Pod } from '../api/core/pod.ts'
import { ServiceAccount } from '../api/core/serviceaccount.ts'
import { kinds } from '../api/index.ts'
import { schema } from '../api/schema.ts'
import { type Api, createApi, type NewObject } from '../client/api.ts'
import { createApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import { createEtcd } from '../control-plane/etcd/store.ts'
import { createScheduler } from '../control-plane/scheduler/scheduler.ts'
import { newScheduler, type Profile, type SchedulerState } from '../control-plane/scheduler/state.ts'
import { isEvidence, nodeVerdicts, type NodeVerdict, type SchedulingEvidence } from '../machinery/evidence.ts'
import type { Transport } from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import { Simulation } from '../sim/simulation.ts'

export interface SchedulerLab {
  readonly simulation: Simulation
  readonly api: Api
  readonly state: SchedulerState
  advance(ms: number): void
  /** Makes a node that is ready: 4 CPUs, 8Gi and room for 110 Pods unless it says otherwise. */
  node(name: string, more?: NodeOptions): Node
  /** Makes a Pod with one container in the namespace `default`. */
  pod(name: string, requests?: Record<string, string>, more?: NewObject<Pod>): Pod
  /** Where each Pod is, by its name; '' is nowhere. */
  places(): Record<string, string>
  /** `Warning FailedScheduling big: 0/1 nodes …`, one line for every Event, with `x2` for a series. */
  events(): string[]
  decisions(): (SchedulingEvidence & { readonly nodes: readonly NodeVerdict[] })[]
  /** Cuts the scheduler off from the API server, or mends that. */
  cut(isCut: boolean): void
  /** Cancels a Pod's room as a kubelet does: the Pod is gone at once. */
  remove(name: string): void
}

export interface NodeOptions {
  readonly labels?: Record<string, string>
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[]
  readonly allocatable?: Record<string, string>
  readonly images?: Node['status']['images']
  readonly unschedulable?: boolean
  /** How long after its creation the node is ready: until then it has the taint of new nodes. */
  readonly readyAfterMs?: number
}

const admin = { user: { name: 'admin', groups: ['system:masters'] }, userAgent: 'test' }
const component = 'kube-scheduler/m-k8s'

export function schedulerLab(options: { seed?: number; profile?: Profile; watchDelayMs?: number } = {}): SchedulerLab {
  const { seed = 1, watchDelayMs = 2, profile } = options
  const etcd = createEtcd()
  const server = createApiServer({ kinds, schema, etcd: () => etcd })
  let isCut = false
  const transport = (from: string): Transport => ({
    request(request) {
      if (isCut && from === component) throw new ApiError('ConnectionFailed', 'connect: connection refused')
      return server.request(simulation.self<ApiServerState>('apiserver'), { ...request, from })
    },
    watch(request, target) {
      if (isCut && from === component) throw new ApiError('ConnectionFailed', 'connect: connection refused')
      const self = simulation.self<ApiServerState>('apiserver')
      return server.watch(self, { ...request, from }, { component: target, delayMs: watchDelayMs })
    },
    stopWatch: id => server.stopWatch(simulation.self<ApiServerState>('apiserver'), id),
    latencyMs: () => 2,
  })
  const scheduler = createScheduler({ transport, ...(profile && { profile }) })
  const simulation: Simulation = new Simulation({
    seed,
    startMs: Date.UTC(2026, 0, 15, 9),
    definitions: [server.definition, scheduler],
  })
  simulation.add('apiserver', 'apiserver', server.initialState())
  server.start(simulation.self<ApiServerState>('apiserver'))
  simulation.add(component, 'kube-scheduler', newScheduler('m-k8s', simulation.now, { ...(profile && { profile }) }))
  simulation.schedule(component, 0, 'start')
  const api = createApi(transport('test'), admin)
  api.create(ServiceAccount, { metadata: { name: 'default', namespace: 'default' } })
  const advance = (ms: number): void => void simulation.runUntil(simulation.now + ms)
  advance(100)
  return {
    simulation,
    api,
    get state() {
      return simulation.state<SchedulerState>(component)
    },
    advance,
    node: (name, more = {}) => makeReady(api, makeNode(api, name, more), more, advance),
    pod: (name, requests, more) => makePod(api, name, requests, more),
    places: () => Object.fromEntries(api.list(Pod).map(({ metadata, spec }) => [metadata.name, spec.nodeName ?? ''])),
    events: () => api.list(Event).map(lineOf),
    decisions: () =>
      simulation.trace
        .since(0)
        .flatMap(entry => (isEvidence(entry, 'scheduling') ? { ...entry.data, nodes: nodeVerdicts(entry.data) } : [])),
    cut: next => void (isCut = next),
    remove: name => api.delete(Pod, { metadata: { name, namespace: 'default' } }, { gracePeriodSeconds: 0 }),
  }
}

function makeNode(api: Api, name: string, more: NodeOptions): Node {
  const { labels, allocatable, images, unschedulable } = more
  return api.create(Node, {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: { ...(unschedulable && { unschedulable }) },
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...allocatable },
      conditions: [{ type: 'Ready', status: 'True' }],
      ...(images && { images }),
    },
  })
}

/** Takes off the taint of new nodes, as the node lifecycle controller does. */
function makeReady(
  api: Api,
  node: Node,
  { taints, readyAfterMs = 0 }: NodeOptions,
  advance: (ms: number) => void,
): Node {
  if (readyAfterMs > 0) advance(readyAfterMs)
  const { taints: _, ...spec } = node.spec
  return api.update(Node, { ...node, spec: { ...spec, ...(taints && { taints: taints as Node['spec']['taints'] }) } })
}

function makePod(api: Api, name: string, requests?: Record<string, string>, more: NewObject<Pod> = {}): Pod {
  const containers = [{ name: 'app', image: 'registry.example/app:1', ...(requests && { resources: { requests } }) }]
  return api.create(Pod, {
    metadata: { name, namespace: 'default', ...more.metadata },
    spec: { containers, ...more.spec },
  })
}

function lineOf({ type, reason, involvedObject, message, series }: Event): string {
  const times = series?.count === undefined ? '' : ` x${series.count}`
  return `${type ?? ''} ${reason ?? ''} ${involvedObject.name ?? ''}: ${message ?? ''}${times}`
}
