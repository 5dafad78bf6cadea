import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import { type Api, createApi } from '../../client/api.ts'
import { deliver, getCached, type InformerState, resumeInformer } from '../../client/informer.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { Transport, WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import type { Answer, Delivered } from '../../network/exchange.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import type { ContainerChange, CriResult, FoundPod, MachineStats, RuntimeStatus, SystemOom } from '../cri/cri.ts'
import { callRuntime, type Kubelet, nodeEvent, tellRuntime } from './context.ts'
import { adopt } from './adopt.ts'
import { answered, containerChanged, hookOver, networkAnswered } from './answers.ts'
import { evictionDue, memoryLow, synchronize } from './eviction.ts'
import type { HookEvent } from './hooks.ts'
import { leaseIntervalMs, renewLease } from './lease.ts'
import { refreshVolumes } from './mounts.ts'
import { isNewsFor, reportNodeStatus } from './node-status.ts'
import { deliverObject, reconnectObject } from './objects.ts'
import { deadlinePassed, podChanged } from './pods.ts'
import { probe, type ProbeEvent } from './probes.ts'
import { register } from './registration.ts'
import type { KubeletConfig, KubeletState, ManifestEvent, PodWorker } from './state.ts'
import { manifestChanged } from './static-pods.ts'
import { answerStats, listen, serve } from './stats.ts'
import { reconcileStatus, sendStatus } from './status-manager.ts'
import { continueTermination } from './termination.ts'
import { requestSync } from './worker.ts'

export interface KubeletOptions {
  /** How a machine reaches the API server. */
  transport(machine: string): Transport
}

type KubeletSelf = Self<KubeletState>

const reconnectMs = 1_000
/** Registration and the first reports are tried again after so long (exponential upstream, from 100 ms to 7 s). */
const registerRetryMs = 1_000

/**
 * The kubelet of a machine, component `kubelet/<machine>`: takes the Pods bound to its node, drives the runtime, and
 * tells the API what became of them. Its first event is `start`. Models pkg/kubelet/kubelet.go.
 */
export function createKubelet(options: KubeletOptions): ComponentDefinition<KubeletState> {
  const apis = new Map<string, Api>()

  function apiOf({ nodeName, version }: KubeletConfig): Api {
    let api = apis.get(nodeName)
    if (!api) {
      const groups = ['system:nodes', 'system:authenticated']
      const userAgent = `kubelet/${version} (linux/amd64) kubernetes/`
      api = createApi(options.transport(nodeName), { user: { name: `system:node:${nodeName}`, groups }, userAgent })
      apis.set(nodeName, api)
    }
    return api
  }

  function kubeletOf(self: KubeletSelf): Kubelet {
    const { state } = self
    return { self, state, api: apiOf(state.config) }
  }

  /** Does something about the Pod of a uid, if it is still here. */
  function withWorker(self: KubeletSelf, uid: string, action: (kubelet: Kubelet, worker: PodWorker) => void): void {
    const worker = self.state.workers.get(uid)
    if (worker) action(kubeletOf(self), worker)
  }

  return defineComponent<KubeletState>({
    type: 'kubelet',
    on: {
      start: self => start(kubeletOf(self)),
      register: self => tryRegister(kubeletOf(self)),
      connect: (self, resource: string) => connect(kubeletOf(self), resource),
      watch: (self, delivery: WatchDelivery) => takeDelivery(kubeletOf(self), delivery),
      lease: self => {
        renewLease(kubeletOf(self))
        self.schedule(leaseIntervalMs(kubeletOf(self)), 'lease')
      },
      'node-status': self => nodeStatusDue(kubeletOf(self)),
      'runtime-status': (self, status: RuntimeStatus) => runtimeChanged(kubeletOf(self), status),
      manifest: (self, event: ManifestEvent) => manifestChanged(kubeletOf(self), event),
      sync: (self, uid: string) =>
        withWorker(self, uid, (kubelet, worker) => {
          delete worker.retry
          requestSync(kubelet, worker)
        }),
      deadline: (self, uid: string) => withWorker(self, uid, deadlinePassed),
      status: (self, uid: string) => withWorker(self, uid, sendStatus),
      reconcile: (self, uid: string) => withWorker(self, uid, reconcileStatus),
      refresh: (self, uid: string) => withWorker(self, uid, refreshVolumes),
      'cri-result': (self, result: CriResult) => {
        const kubelet = kubeletOf(self)
        const images = self.state.images.size
        if (result.ok && result.value.pods) runtimeKnown(kubelet, result.value.pods)
        if (result.ok && result.value.stats) statsKnown(kubelet, result.id, result.value.stats)
        answered(kubelet, result, status => runtimeChanged(kubelet, status))
        if (self.state.images.size !== images) reportSoon(kubelet)
      },
      container: (self, change: ContainerChange) => containerChanged(kubeletOf(self), change),
      answer: (self, answer: Answer) => networkAnswered(kubeletOf(self), answer),
      probe: (self, event: ProbeEvent) =>
        withWorker(self, event.uid, (kubelet, worker) => {
          if (probe(kubelet, worker, event)) requestSync(kubelet, worker)
        }),
      /** The kernel has ended something for want of memory: pkg/kubelet/oom/oom_watcher_linux.go. */
      'system-oom': (self, { process, pid }: SystemOom) => {
        const message = `System OOM encountered, victim process: ${process}, pid: ${pid}`
        nodeEvent(kubeletOf(self), 'Warning', 'SystemOOM', message)
      },
      'memory-low': self => memoryLow(kubeletOf(self)),
      eviction: self => evictionDue(kubeletOf(self)),
      exchange: (self, delivered: Delivered) => serve(kubeletOf(self), delivered),
      hook: (self, event: HookEvent) =>
        withWorker(self, event.uid, (kubelet, worker) => hookOver(kubelet, worker, event.container, event.kind)),
    },
  })
}

/** The process begins, for the first time or again over the state that it left on its disk and in its runtime. */
function start(kubelet: Kubelet): void {
  resume(kubelet)
  listen(kubelet)
  callRuntime(kubelet, { call: 'Status' }, { uid: '', purpose: 'none' })
  callRuntime(kubelet, { call: 'ListContainers' }, { uid: '', purpose: 'none' })
}

/** What was under way when the process ended is lost: watches, calls, passes, timers. The runtime tells what happened. */
function resume(kubelet: Kubelet): void {
  const { state } = kubelet
  state.registered = false
  state.knowsRuntime = false
  state.found.clear()
  for (const { informer } of [state.pods, state.node, state.services, ...state.objects.values()].map(asWatch)) {
    delete informer.watchId
    informer.synced = false
  }
  state.calls.clear()
  delete state.pulls.current
  state.pulls.waiting.length = 0
  delete state.nodeStatus.event
  delete state.pressure.event
  if (state.workers.size === 0) return
  for (const worker of state.workers.values()) {
    delete worker.pass
    delete worker.retry
    delete worker.statusEvent
    delete worker.reconcile
    worker.kills.clear()
    worker.probes.clear()
  }
}

/** The runtime has told what it has: Pods can be taken over, static ones first, then those of the API. */
function runtimeKnown(kubelet: Kubelet, pods: readonly FoundPod[]): void {
  const { state, self } = kubelet
  state.knowsRuntime = true
  for (const pod of pods) state.found.set(pod.uid, pod)
  for (const worker of state.workers.values()) {
    adopt(kubelet, worker)
    if (worker.stage === 'terminating') continueTermination(kubelet, worker)
    else requestSync(kubelet, worker)
  }
  for (const manifest of state.manifestsRead.splice(0)) manifestChanged(kubelet, manifest)
  self.schedule(0, 'register')
}

/** What is used is known: for whoever asked, or for the eviction manager. */
function statsKnown(kubelet: Kubelet, call: number, stats: MachineStats): void {
  const { purpose, asked } = kubelet.state.calls.get(call) ?? {}
  if (asked) answerStats(kubelet, asked, stats)
  if (purpose === 'eviction' && synchronize(kubelet, stats)) reportSoon(kubelet)
}

/** What runs here for Pods that are no more is ended: HandlePodCleanups of pkg/kubelet/kubelet_pods.go. */
function endOrphans(kubelet: Kubelet): void {
  const { state } = kubelet
  if (!state.pods.synced) return
  for (const { sandbox } of state.found.values()) {
    tellRuntime(kubelet, { call: 'RemovePodSandbox', sandboxId: sandbox.id })
  }
  state.found.clear()
}

function asWatch(watch: InformerState | { readonly informer: InformerState }): { readonly informer: InformerState } {
  return 'informer' in watch ? watch : { informer: watch }
}

function tryRegister(kubelet: Kubelet): void {
  const { self } = kubelet
  if (!register(kubelet)) {
    self.schedule(registerRetryMs * (1 + self.random()), 'register')
    return
  }
  renewLease(kubelet)
  self.schedule(leaseIntervalMs(kubelet), 'lease')
  const watched = [Node.resource, Pod.resource, ...kubelet.state.objects.keys()]
  for (const resource of watched) connect(kubelet, resource)
  endOrphans(kubelet)
  // Static Pods began before there was an API server to show them to.
  for (const worker of kubelet.state.workers.values()) if (worker.source === 'file') requestSync(kubelet, worker)
}

function informerOf({ state }: Kubelet, resource: string): { informer: InformerState; kind: Kind } | undefined {
  if (resource === Pod.resource) return { informer: state.pods, kind: Pod }
  if (resource === Node.resource) return { informer: state.node, kind: Node }
  if (resource === Service.resource) return { informer: state.services, kind: Service }
  return undefined
}

function connect(kubelet: Kubelet, resource: string): void {
  const found = informerOf(kubelet, resource)
  if (!found) {
    reconnectObject(kubelet, resource)
    return
  }
  const { informer, kind } = found
  if (informer.watchId !== undefined) return
  const { api, self } = kubelet
  const failure = attempt(() => resumeInformer(informer, kind, api, self.name, changeHandler(kubelet)))
  if (failure) self.schedule(reconnectMs * (1 + self.random()), 'connect', resource)
}

function takeDelivery(kubelet: Kubelet, delivery: WatchDelivery): void {
  const { pods, node, services } = kubelet.state
  if (delivery.watchId === pods.watchId) take(kubelet, pods, Pod, delivery)
  else if (delivery.watchId === node.watchId) take(kubelet, node, Node, delivery)
  else if (delivery.watchId === services.watchId) take(kubelet, services, Service, delivery)
  else deliverObject(kubelet, delivery)
}

function take(kubelet: Kubelet, informer: InformerState, kind: Kind, delivery: WatchDelivery): void {
  const isOpen = deliver(informer, kind, delivery, changeHandler(kubelet))
  if (!isOpen) kubelet.self.schedule(reconnectMs, 'connect', kind.resource)
}

function changeHandler(kubelet: Kubelet) {
  return (kind: Kind, old: ApiObject | undefined, next: ApiObject | undefined): void => {
    if (kind === Pod) podChanged(kubelet, old, next)
    if (kind === Node) nodeChanged(kubelet, old)
  }
}

/** The node's range of Pod addresses is given to it by a controller; the runtime has to know it. */
function nodeChanged(kubelet: Kubelet, old: ApiObject | undefined): void {
  const { state } = kubelet
  const node = getCached(state.node, Node, state.config.nodeName)
  const podCidr = node?.spec?.podCIDR
  if (podCidr !== undefined && podCidr !== state.podCidr) {
    state.podCidr = podCidr
    tellRuntime(kubelet, { call: 'UpdateRuntimeConfig', podCidr })
  }
  if (!old && node) {
    reportSoon(kubelet, 0)
    for (const worker of state.workers.values()) if (worker.source === 'file') requestSync(kubelet, worker)
  } else if (node && isNewsFor(kubelet, node)) {
    // The node controller said that nothing is known of this node.
    reportSoon(kubelet)
  }
}

/** Whether the machine's network is ready decides about the Node and about Pods that wait for it. */
function runtimeChanged(kubelet: Kubelet, { networkReady, message, bootId }: RuntimeStatus): void {
  const { state } = kubelet
  state.bootId = bootId
  if (state.networkReady === networkReady && state.networkMessage === message) return
  const isFirst = networkReady && state.nodeStatus.told.get('Ready') !== 'False'
  state.networkReady = networkReady
  state.networkMessage = message
  // Before the node was ready for the first time, upstream looks every 100 ms.
  reportSoon(kubelet, isFirst ? 100 : undefined)
  if (!networkReady) return
  for (const worker of state.workers.values()) requestSync(kubelet, worker)
}

/** Lets the Node's status be looked at when upstream's next look would find the change. */
function reportSoon({ state, self }: Kubelet, delayMs?: number): void {
  const periodMs = state.config.statusUpdateSeconds * 1_000
  const waitMs = delayMs ?? periodMs - ((self.now - state.startedAt) % periodMs)
  const { nodeStatus } = state
  const at = self.now + waitMs
  if (nodeStatus.event !== undefined) {
    if (nodeStatus.at <= at) return
    self.cancel(nodeStatus.event)
  }
  nodeStatus.at = at
  nodeStatus.event = self.schedule(waitMs, 'node-status')
}

function nodeStatusDue(kubelet: Kubelet): void {
  const { state, self } = kubelet
  delete state.nodeStatus.event
  const isTaken = reportNodeStatus(kubelet)
  if (!isTaken) {
    reportSoon(kubelet)
    return
  }
  const nextMs = state.nodeStatus.reportedAt + state.config.statusReportSeconds * 1_000 - self.now
  reportSoon(kubelet, Math.max(nextMs, 1))
}
