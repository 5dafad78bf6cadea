import { ConfigMap } from '../api/core/configmap.ts'
import { Node } from '../api/core/node.ts'
import { Pod } from '../api/core/pod.ts'
import { kinds } from '../api/index.ts'
import { schema } from '../api/schema.ts'
import { Event } from '../api/core/event.ts'
import { ServiceAccount } from '../api/core/serviceaccount.ts'
import { type Api, createApi, type NewObject } from '../client/api.ts'
import { createApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import { createEtcd, type EtcdState } from '../control-plane/etcd/store.ts'
import { images } from '../images/index.ts'
import { imageRegistry } from '../images/registry.ts'
import type { Transport } from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import { exitCodeOf, type StreamInput, type StreamMessage } from '../machinery/streams.ts'
import type { Answer, HttpResponse } from '../network/exchange.ts'
import { createNetwork } from '../network/network.ts'
import { newNetwork } from '../network/state.ts'
import { createKubelet } from '../node/kubelet/kubelet.ts'
import { type KubeletConfig, newKubelet } from '../node/kubelet/state.ts'
import type { Image } from '../node/runtime/image.ts'
import { createRuntime } from '../node/runtime/runtime.ts'
import { containersOf } from '../node/runtime/listing.ts'
import { type Container, newRuntime, type RuntimeState } from '../node/runtime/state.ts'
import type { OpenStream } from '../node/runtime/streams.ts'
import { defineComponent, type Self } from '../sim/component.ts'
import { Simulation } from '../sim/simulation.ts'

const start = Date.UTC(2026, 0, 15, 9)
const admin = { user: { name: 'admin', groups: ['system:masters'] }, userAgent: 'test' }

export interface NodeLabOptions {
  readonly seed?: number
  readonly nodes?: number
  /** Images that exist besides those of images/. */
  readonly images?: readonly Image[]
  /** Machines have a network plugin from the start, unless this says no. */
  readonly network?: boolean
  readonly config?: Partial<KubeletConfig>
}

interface Watcher {
  readonly history: string[]
  readonly statuses: Pod['status'][]
}

/** Says in a line what a user would see of a Pod. */
function line({ status }: Pod): string {
  const states = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(container => {
    const { waiting, running, terminated } = container.state
    const word = waiting?.reason ?? (running ? 'running' : (terminated?.reason ?? 'none'))
    return `${container.name}=${word}${container.ready ? '+' : ''}${container.restartCount > 0 ? ` (${container.restartCount})` : ''}`
  })
  return [status.phase, ...states].join(' ')
}

const watcher = defineComponent<Watcher>({
  type: 'watcher',
  on: {
    watch(self, delivery: { events: readonly { type: string; object: Pod }[] }) {
      for (const { type, object } of delivery.events) {
        if (type === 'BOOKMARK') continue
        self.state.statuses.push(object.status)
        const text = type === 'DELETED' ? 'deleted' : line(object)
        const seconds = ((self.now - start) / 1000).toFixed(1)
        if (self.state.history.at(-1)?.replace(/^\S+ /, '') !== text) self.state.history.push(`${seconds} ${text}`)
      }
    },
  },
})

/** Hears of the commands that run for it. */
interface SessionState {
  /** By stream: its output, and the exit code or why there is none. */
  readonly seen: [number, 'output' | 'end', unknown][]
}

/** Somebody who runs commands on w1. */
export interface ExecSession {
  readonly seen: SessionState['seen']
  /** Runs a command in a container, by its id, and returns the stream's. */
  open(container: string, command: readonly string[], tty?: boolean): number
  type(stream: number, text: string): void
}

/** Sends requests from a machine. */
const client = defineComponent<{ answers: Answer[] }>({
  type: 'client',
  on: { answer: (self, answer: Answer) => void self.state.answers.push(answer) },
})

const session = defineComponent<SessionState>({
  type: 'session',
  on: {
    stream: ({ state }, message: StreamMessage) => {
      const { stream, what } = message
      if (what === 'data') state.seen.push([stream, 'output', message.text])
      if (what !== 'end' || !message.status) return
      state.seen.push([stream, 'end', exitCodeOf(message.status) ?? message.status.message])
    },
  },
})

/** An API server and machines w1, w2 … with a kubelet and a runtime each; Pods are bound by the test itself. */
export class NodeLab {
  readonly simulation: Simulation
  readonly api: Api
  readonly podKind = Pod
  private isUp = true

  constructor(options: NodeLabOptions = {}) {
    const server = createApiServer({ kinds, schema, etcd: () => this.simulation.state<EtcdState>('etcd') })
    const simulation: Simulation = new Simulation({
      seed: options.seed ?? 1,
      startMs: start,
      definitions: [
        server.definition,
        defineComponent<EtcdState>({ type: 'etcd', on: {} }),
        watcher,
        session,
        client,
        createNetwork({ translate: () => undefined }),
        createKubelet({ transport: () => this.transport }),
        createRuntime({
          images: imageRegistry([...images, ...(options.images ?? [])]),
          host: {
            addComponent: (name, type, state) => simulation.add(name, type, state),
            removeComponent: name => simulation.remove(name),
          },
        }),
      ] as never,
    })
    this.simulation = simulation
    simulation.add('etcd', 'etcd', createEtcd())
    simulation.add('apiserver', 'apiserver', server.initialState())
    // Asked for anew every time: a checkpoint that is restored brings another one.
    const self = (): Self<ApiServerState> => simulation.self<ApiServerState>('apiserver')
    this.transport = {
      request: request => {
        if (!this.isUp)
          throw new ApiError('ConnectionFailed', 'dial tcp 192.168.1.10:6443: connect: connection refused')
        return server.request(self(), request)
      },
      watch: (request, component) => {
        if (!this.isUp)
          throw new ApiError('ConnectionFailed', 'dial tcp 192.168.1.10:6443: connect: connection refused')
        return server.watch(self(), request, { component, delayMs: 2 })
      },
      stopWatch: id => server.stopWatch(self(), id),
      latencyMs: () => 2,
    }
    server.start(self())
    this.api = createApi(this.transport, admin)
    this.api.create(ConfigMap, {
      metadata: { name: 'kube-root-ca.crt', namespace: 'default' },
      data: { 'ca.crt': 'CA' },
    })
    this.api.create(ServiceAccount, { metadata: { name: 'default', namespace: 'default' } })
    simulation.add('network', 'network', newNetwork())
    const machines = Array.from({ length: options.nodes ?? 1 }, (_, index) => `w${index + 1}`)
    machines.forEach((name, index) => this.addMachine(name, index + 1, options))
  }

  private readonly transport: Transport

  private addMachine(nodeName: string, index: number, { network = true, config }: NodeLabOptions): void {
    const addresses = [`192.168.1.${100 + index}`]
    this.simulation.schedule('network', 0, 'host', { name: nodeName, addresses, up: true })
    const runtime = newRuntime({ machine: nodeName, addresses })
    this.simulation.add(`runtime/${nodeName}`, 'runtime', runtime)
    this.simulation.add(
      `kubelet/${nodeName}`,
      'kubelet',
      newKubelet({ nodeName, addresses, ...config }, this.simulation.now),
    )
    if (network) {
      this.simulation.schedule(`runtime/${nodeName}`, 0, 'host-file', {
        path: '/etc/cni/net.d/10-lab.conflist',
        text: '{}',
      })
      this.simulation.schedule('network', 0, 'pod-network', { machine: nodeName, plugin: 'lab' })
    }
    this.simulation.schedule(`kubelet/${nodeName}`, 0, 'start')
    this.runFor(1_000)
    if (!this.isUp) return
    const node = this.api.get(Node, nodeName)
    const podCIDR = `172.16.${index}.0/24`
    this.api.patch(Node, node, 'merge', { spec: { podCIDR, podCIDRs: [podCIDR] } })
    this.runFor(100)
  }

  /** Creates a Pod on a node, as if the scheduler had bound it. */
  run(name: string, spec: NewObject<Pod>['spec'], metadata: NewObject<Pod>['metadata'] = {}): Pod {
    return this.api.create(Pod, {
      metadata: { name, namespace: 'default', ...metadata },
      spec: { nodeName: 'w1', ...spec },
    })
  }

  runFor(ms: number): void {
    this.simulation.runUntil(this.simulation.now + ms)
  }

  /** From now on, what a watch of a Pod shows: one line a change, with the seconds since the lab began. */
  follow(name: string): Watcher {
    const state: Watcher = { history: [], statuses: [] }
    const watching = `watch of ${name}`
    this.simulation.add(watching, 'watcher', state)
    const options = { fieldSelector: `metadata.name=${name}`, resourceVersion: '' }
    this.api.watch(Pod, watching, options, 'default')
    return this.simulation.state<Watcher>(watching)
  }

  node(name = 'w1'): Node {
    return this.api.get(Node, name)
  }

  pod(name: string): Pod {
    return this.api.get(Pod, name, 'default')
  }

  find(name: string): Pod | undefined {
    return this.api.find(Pod, name, 'default')
  }

  /** What a container wrote over its image. */
  containerFiles(pod: string, name: string): Map<string, string | null> {
    return this.container(pod, name).overlay
  }

  log(pod: string, name: string): string[] {
    return this.container(pod, name).log.map(({ text }) => text)
  }

  private container(pod: string, name: string): Container {
    const { uid } = this.pod(pod).metadata
    const [found] = containersOf(this.runtime(this.pod(pod).spec.nodeName), uid, name)
    if (!found) throw new Error(`there is no container ${name} of ${pod}`)
    return found
  }

  /** Events about an object, oldest first: `Normal Pulled: text x2`. */
  events(name: string): string[] {
    const found = this.api.list(Event).filter(({ involvedObject }) => involvedObject.name === name)
    found.sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    return found.map(
      ({ type, reason, message, count = 1 }) => `${type} ${reason}: ${message}${count > 1 ? ` x${count}` : ''}`,
    )
  }

  /** What curl on w1 gets from a URL, if anybody answers within a second. */
  get(url: string): HttpResponse | undefined {
    this.open(url)
    const before = this.answers.length
    this.runFor(1_000)
    const answer = this.answers.slice(before).find(({ tag }) => tag === url)
    return answer?.ok ? answer.http : undefined
  }

  /** Sends a request from w1 and waits for nothing. */
  open(url: string): void {
    if (!this.simulation.has('client')) this.simulation.add('client', 'client', { answers: [] })
    const [, host = '', port = '80', path = '/'] = /^http:\/\/([^:/]+)(?::(\d+))?(.*)$/.exec(url) ?? []
    this.simulation.schedule('network', 0, 'open', {
      ...{ from: 'w1', protocol: 'http', host, port: Number(port) },
      http: { method: 'GET', path, headers: { 'User-Agent': 'curl/8.5.0' } },
      replyTo: { component: 'client', tag: url },
    })
  }

  private get answers(): Answer[] {
    return this.simulation.state<{ answers: Answer[] }>('client').answers
  }

  /** A component that runs commands in containers. */
  session(): ExecSession {
    const { simulation } = this
    simulation.add('session', 'session', { seen: [] })
    const target = { component: 'session', delayMs: 0 }
    return {
      seen: simulation.state<SessionState>('session').seen,
      open: (container, command, tty = false) =>
        simulation.schedule('runtime/w1', 0, 'stream-open', {
          target,
          what: { kind: 'exec', container, command, tty, stdin: tty },
        } satisfies OpenStream),
      type: (stream, text) =>
        void simulation.schedule('runtime/w1', 0, 'stream-input', { stream, text } satisfies StreamInput),
    }
  }

  /** Takes the API server away from everybody, or gives it back. */
  setServer(isUp: boolean): void {
    this.isUp = isUp
  }

  runtime(name = 'w1'): RuntimeState {
    return this.simulation.state<RuntimeState>(`runtime/${name}`)
  }
}
