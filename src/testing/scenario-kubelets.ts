import { Lease } from '../api/coordination/lease.ts'
import { Node } from '../api/core/node.ts'
import { Pod, type PodCondition } from '../api/core/pod.ts'
import { isTerminal } from '../api/core/podstatus.ts'
import { setCondition } from '../api/meta/conditions.ts'
import { type Api, createApi } from '../client/api.ts'
import { typed } from '../machinery/kind.ts'
import type { Transport, WatchDelivery } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import { microTimestamp, timestamp } from '../machinery/time.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../sim/component.ts'
import { behaviourOf, type ImageBehaviour, type PodAction, type Scenario } from './golden-scenarios.ts'

/** The kubelets of a recorded scenario, whose containers behave as the scenario's images say (golden/behaviour/README.md). */
export interface KubeletsState {
  readonly nodes: Map<string, { beats: boolean; ready: boolean; nextAddress: number }>
  /** Images, with completion indexes, of which a container has ended. */
  readonly exited: Set<string>
  /** By uid. */
  readonly pods: Map<string, Life>
}

interface Life {
  readonly name: string
  readonly namespace: string
  node: string
  phase: 'new' | 'waiting' | 'running' | 'ready' | 'over'
  isStopping: boolean
  restarts: number
}

interface Todo {
  readonly uid: string
  readonly what: 'admit' | 'run' | 'ready' | 'not-ready' | 'exit' | 'stop' | 'gone'
  readonly code?: number
}

type KubeletsSelf = Self<KubeletsState>

const renewMs = 5_000
const jitterMs = 80
/** From running to ready where nobody says so. */
const startedMs = 400
const identity = { user: { name: 'system:node', groups: ['system:masters'] }, userAgent: 'kubelet' }

export function newKubelets(): KubeletsState {
  return { nodes: new Map(), exited: new Set(), pods: new Map() }
}

export function createKubelets(transport: Transport, scenario: Scenario): ComponentDefinition<KubeletsState> {
  const api = createApi(transport, identity)
  const kubelets = new Kubelets(api, scenario)
  return defineComponent<KubeletsState>({
    type: 'kubelets',
    on: {
      start: self => void api.watch(Pod, self.name, { resourceVersion: '' }),
      watch: (self, delivery: WatchDelivery) => kubelets.watch(self, delivery),
      do: (self, todo: Todo) => kubelets.act(self, todo),
      renew: (self, node: string) => kubelets.renew(self, node),
      node: (self, { name, what }: { name: string; what: string }) => kubelets.node(self, name, what),
      pod: (self, { key, what, step }: { key: string; what: PodAction; step: Record<string, unknown> }) =>
        kubelets.command(self, key, what, step),
    },
  })
}

class Kubelets {
  constructor(
    private readonly api: Api,
    private readonly scenario: Scenario,
  ) {}

  watch(self: KubeletsSelf, { events }: WatchDelivery): void {
    for (const { type, object } of events) {
      if (type === 'BOOKMARK') continue
      const pod = typed(Pod, object)
      if (type === 'DELETED') self.state.pods.delete(pod.metadata.uid)
      else this.see(self, pod)
    }
  }

  private see(self: KubeletsSelf, pod: Pod): void {
    const { name, namespace = '', uid, deletionTimestamp } = pod.metadata
    const node = pod.spec.nodeName
    if (!node || !self.state.nodes.has(node)) return
    let life = self.state.pods.get(uid)
    if (!life) {
      life = { name, namespace, node, phase: 'new', isStopping: false, restarts: 0 }
      self.state.pods.set(uid, life)
      this.later(self, 50, { uid, what: 'admit' })
      const { step, start = 1, pull } = this.behaviour(pod)
      if (!step && !pull) this.later(self, start * 1000, { uid, what: 'run' })
    }
    if (deletionTimestamp === undefined || life.isStopping) return
    life.isStopping = true
    const { step, stop = this.scenario.default_image?.stop ?? 0.5 } = this.behaviour(pod)
    if (isTerminal(pod)) this.later(self, 10, { uid, what: 'gone' })
    else if (!step) this.later(self, stop * 1000, { uid, what: 'stop' })
  }

  act(self: KubeletsSelf, todo: Todo): void {
    const life = self.state.pods.get(todo.uid)
    if (!life) return
    // A kubelet that cannot be reached cannot reach anybody either.
    if (!self.state.nodes.get(life.node)?.beats) return this.later(self, 1000, todo)
    const pod = this.api.find(Pod, life.name, life.namespace)
    if (!pod || pod.metadata.uid !== todo.uid) return
    if (life.phase === 'over' && todo.what !== 'gone') return
    const behaviour = this.behaviour(pod)
    switch (todo.what) {
      case 'admit':
        if (life.phase === 'new') this.write(self, pod, life, 'waiting')
        return
      case 'run':
        this.write(self, pod, life, behaviour.ready ? 'running' : 'ready')
        if (behaviour.ready) this.later(self, behaviour.ready * 1000, { uid: todo.uid, what: 'ready' })
        this.planExit(self, pod, behaviour)
        return
      case 'ready':
        return this.write(self, pod, life, 'ready')
      case 'not-ready':
        return this.write(self, pod, life, 'running')
      case 'exit':
        return this.exit(self, pod, life, todo.code ?? 0)
      case 'stop':
        this.write(self, pod, life, 'over', behaviour.stopcode ?? 0)
        return this.later(self, 10, { uid: todo.uid, what: 'gone' })
      case 'gone':
        attempt(() => this.api.delete(Pod, pod, { gracePeriodSeconds: 0 }))
    }
  }

  private planExit(self: KubeletsSelf, pod: Pod, { exit }: ImageBehaviour): void {
    if (!exit) return
    const index = pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? ''
    const place = `${pod.spec.containers[0]?.image} ${index}`
    const isFirst = !self.state.exited.has(place)
    self.state.exited.add(place)
    const code = exit.once && !isFirst ? 0 : (exit.codes_by_index?.[index] ?? exit.code)
    this.later(self, exit.after * 1000, { uid: pod.metadata.uid, what: 'exit', code })
  }

  private exit(self: KubeletsSelf, pod: Pod, life: Life, code: number): void {
    const { restartPolicy } = pod.spec
    if (restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && code === 0)) {
      return this.write(self, pod, life, 'over', code)
    }
    life.restarts++
    this.write(self, pod, life, 'waiting')
    this.later(self, 1000, { uid: pod.metadata.uid, what: 'run' })
  }

  command(self: KubeletsSelf, key: string, what: PodAction, step: Record<string, unknown>): void {
    const [namespace, name = ''] = key.split('/')
    const pod = this.api.get(Pod, name, namespace)
    const { uid } = pod.metadata
    const life = self.state.pods.get(uid)
    if (!life) return
    if (what === 'start') {
      this.write(self, pod, life, 'running')
      this.later(self, startedMs, { uid, what: 'ready' })
    } else if (what === 'crash') this.exit(self, pod, life, 1)
    else if (what === 'exit') this.exit(self, pod, life, Number(step['code'] ?? 0))
    else if (what === 'force') this.force(self, pod, life, step)
    else this.act(self, { uid, what })
  }

  private force(self: KubeletsSelf, pod: Pod, life: Life, step: Record<string, unknown>): void {
    life.restarts = Number(step['restarts'] ?? 0)
    this.write(self, pod, life, 'ready', 0, Number(step['ready'] ?? 0))
  }

  renew(self: KubeletsSelf, name: string): void {
    const node = self.state.nodes.get(name)
    if (!node) return
    self.schedule(renewMs, 'renew', name)
    if (!node.beats) return
    const lease = this.api.find(Lease, name, 'kube-node-lease')
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTimestamp(self.now) }
    const owner = this.api.find(Node, name)
    if (!owner) return
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid: owner.metadata.uid }]
    if (lease) this.api.update(Lease, { ...lease, spec })
    else this.api.create(Lease, { metadata: { name, namespace: 'kube-node-lease', ownerReferences }, spec })
  }

  node(self: KubeletsSelf, name: string, what: string): void {
    const { nodes } = self.state
    if (what === 'add') {
      nodes.set(name, { beats: true, ready: true, nextAddress: 2 })
      this.renew(self, name)
      return
    }
    if (what === 'delete') return void nodes.delete(name)
    const node = nodes.get(name)
    if (!node) return
    if (what === 'heartbeat-stop') node.beats = false
    if (what === 'heartbeat-start') node.beats = true
    if (what === 'ready' || what === 'not-ready') node.ready = what === 'ready'
    if (node.beats) this.report(self, name, node.ready)
  }

  /** The node's status, and that of its Pods as their kubelet knows them. */
  private report(self: KubeletsSelf, name: string, ready: boolean): void {
    const node = this.api.get(Node, name)
    this.api.updateStatus(Node, {
      ...node,
      status: { ...node.status, conditions: nodeConditions(node, ready, self.now) },
    })
    for (const [, life] of self.state.pods) {
      if (life.node !== name || life.phase !== 'ready') continue
      const pod = this.api.find(Pod, life.name, life.namespace)
      if (pod) this.write(self, pod, life, 'ready')
    }
  }

  private write(self: KubeletsSelf, pod: Pod, life: Life, phase: Life['phase'], code = 0, agoS = 0): void {
    life.phase = phase
    const node = self.state.nodes.get(life.node)
    const range = this.api.find(Node, life.node)?.spec.podCIDR ?? '172.16.0.0/24'
    const isUp = phase === 'running' || phase === 'ready'
    const podIP =
      pod.status.podIP ??
      (isUp ? `${range.split('.').slice(0, 3).join('.')}.${node ? node.nextAddress++ : 2}` : undefined)
    const status: Pod['status'] = {
      ...pod.status,
      phase: phase === 'over' ? (code === 0 ? 'Succeeded' : 'Failed') : isUp ? 'Running' : 'Pending',
      startTime: pod.status.startTime ?? timestamp(self.now),
      conditions: podConditions(pod, phase, self.now - agoS * 1000),
      containerStatuses: pod.spec.containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: phase === 'ready',
        restartCount: life.restarts,
        lastState: {},
        state: stateOf(phase, code, self.now, this.behaviour(pod)),
      })),
      ...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
    }
    const failure = attempt(() => this.api.updateStatus(Pod, { ...pod, status }))
    if (failure && failure.reason !== 'NotFound') throw failure
  }

  private behaviour({ spec }: Pod): ImageBehaviour {
    return behaviourOf(this.scenario, spec.containers[0]?.image ?? '')
  }

  private later(self: KubeletsSelf, ms: number, todo: Todo): void {
    // No two machines take the same time for the same thing.
    self.schedule(ms + self.random() * jitterMs, 'do', todo)
  }
}

function stateOf(
  phase: Life['phase'],
  exitCode: number,
  now: number,
  { pull }: ImageBehaviour,
): Record<string, object> {
  if (phase === 'over') {
    const reason = exitCode === 0 ? 'Completed' : 'Error'
    return { terminated: { exitCode, reason, finishedAt: timestamp(now), startedAt: timestamp(now) } }
  }
  if (phase === 'running' || phase === 'ready') return { running: { startedAt: timestamp(now) } }
  return { waiting: { reason: pull ? 'ImagePullBackOff' : 'ContainerCreating' } }
}

function podConditions(pod: Pod, phase: Life['phase'], now: number): PodCondition[] {
  const unready = { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' }
  const done = { reason: 'PodCompleted' }
  const isUp = phase === 'running' || phase === 'ready'
  const readiness = phase === 'ready' ? {} : phase === 'over' ? done : unready
  const status = phase === 'ready' ? 'True' : 'False'
  const next: PodCondition[] = [
    { type: 'PodReadyToStartContainers', status: isUp ? 'True' : 'False' },
    { type: 'Initialized', status: 'True', ...(phase === 'over' && done) },
    { type: 'Ready', status, ...readiness },
    { type: 'ContainersReady', status, ...readiness },
    { type: 'PodScheduled', status: 'True' },
  ]
  let conditions: readonly PodCondition[] = pod.status.conditions ?? []
  for (const condition of next) conditions = setCondition(conditions, condition, now)
  return [...conditions]
}

/** What a kubelet says of its node. */
export function nodeConditions(node: Node, isReady: boolean, now: number): NonNullable<Node['status']['conditions']> {
  const calm = [
    ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ] as const
  let conditions = node.status.conditions ?? []
  const put = (type: string, status: string, reason: string, message: string): void => {
    const lastHeartbeatTime = timestamp(now)
    conditions = [...setCondition(conditions, { type, status, reason, message, lastHeartbeatTime }, now)]
  }
  for (const [type, reason, message] of calm) put(type, 'False', reason, message)
  if (isReady) put('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
  else put('Ready', 'False', 'KubeletNotReady', 'container runtime is down')
  return conditions
}
