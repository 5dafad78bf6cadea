import { Service } from '../api/core/service.ts'
import { ConfigMap } from '../api/core/configmap.ts'
import { isReady, Pod } from '../api/core/pod.ts'
import { ServiceAccount } from '../api/core/serviceaccount.ts'
import { Namespace } from '../api/core/namespace.ts'
import { Node } from '../api/core/node.ts'
import { EndpointSlice } from '../api/discovery/endpointslice.ts'
import { kinds } from '../api/index.ts'
import { schema } from '../api/schema.ts'
import { type Api, createApi, type NewObject } from '../client/api.ts'
import { networking } from '../cluster/networking.ts'
import { alwaysAllow } from '../control-plane/apiserver/authorization/authorizer.ts'
import { createApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import { createEtcd, type EtcdState } from '../control-plane/etcd/store.ts'
import { images } from '../images/index.ts'
import { imageRegistry } from '../images/registry.ts'
import type { HopEvidence } from '../machinery/evidence.ts'
import type { Transport } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import type { Answer, OpenExchange } from '../network/exchange.ts'
import { isReachable } from '../network/links.ts'
import type { NetworkState } from '../network/state.ts'
import { createKubelet } from '../node/kubelet/kubelet.ts'
import { newKubelet } from '../node/kubelet/state.ts'
import { createRuntime } from '../node/runtime/runtime.ts'
import { newRuntime, type RuntimeState } from '../node/runtime/state.ts'
import { defineComponent } from '../sim/component.ts'
import { Simulation } from '../sim/simulation.ts'

const start = Date.UTC(2026, 0, 15, 9)
const admin = { user: { name: 'admin', groups: ['system:masters'] }, userAgent: 'test' }

const client = defineComponent<{ answers: Answer[] }>({
  type: 'client',
  on: { answer: (self, answer: Answer) => void self.state.answers.push(answer) },
})

/**
 * An API server on `m`, machines w1 … w3 with kubelet and runtime, a workstation, and the network of a real cluster.
 * Pods are bound by the test, and `publish` does what the controllers of EndpointSlices would.
 */
export class LanLab {
  readonly simulation: Simulation
  readonly api: Api
  private readonly transport: Transport

  constructor({ seed = 1, plugin = true }: { seed?: number; plugin?: boolean } = {}) {
    const apiServer = createApiServer({
      kinds,
      schema,
      etcd: () => this.simulation.state<EtcdState>('etcd'),
      // Nobody installs the roles of add-ons here.
      authorizer: alwaysAllow,
    })
    const server = (): ReturnType<typeof this.simulation.self<ApiServerState>> => this.simulation.self('apiserver')
    this.transport = {
      request: request => apiServer.request(server(), request),
      watch: (request, component) => apiServer.watch(server(), request, { component, delayMs: 2 }),
      stopWatch: id => apiServer.stopWatch(server(), id),
      latencyMs: () => 2,
    }
    const network = (): NetworkState => this.simulation.state('network')
    const lan = networking({
      simulation: () => this.simulation,
      apiServer,
      transport: () => this.transport,
      isConnected: machine => isReachable(network(), machine, 'm'),
    })
    const host = {
      addComponent: (name: string, type: string, state: unknown): void => {
        this.simulation.add(name, type, state)
        this.simulation.schedule(name, 0, 'start')
      },
      removeComponent: (name: string): void => this.simulation.remove(name),
    }
    this.simulation = new Simulation({
      ...{ seed, startMs: start, traceCapacity: 200_000 },
      definitions: [
        ...[apiServer.definition, defineComponent<EtcdState>({ type: 'etcd', on: {} }), client, ...lan.definitions],
        createKubelet({ transport: () => this.transport }),
        createRuntime({ images: imageRegistry([...images, ...lan.images]), host }),
      ] as never,
    })
    this.simulation.add('etcd', 'etcd', createEtcd())
    this.simulation.add('apiserver', 'apiserver', apiServer.initialState())
    this.simulation.add('client', 'client', { answers: [] })
    apiServer.start(server())
    lan.begin()
    this.api = createApi(this.transport, admin)
    for (const namespace of ['default', 'kube-system', 'ingress-nginx']) this.makeUsable(namespace)
    this.connect('m', '192.168.1.10')
    this.connect('workstation', '192.168.1.5')
    for (const index of [1, 2, 3]) this.addMachine(`w${index}`, index, plugin)
    this.runFor(1_000)
  }

  private makeUsable(name: string): void {
    attempt(() => this.api.create(Namespace, { metadata: { name } }))
    this.api.create(ConfigMap, { metadata: { name: 'kube-root-ca.crt', namespace: name }, data: { 'ca.crt': 'CA' } })
    this.api.create(ServiceAccount, { metadata: { name: 'default', namespace: name } })
  }

  private connect(name: string, address: string): void {
    this.simulation.schedule('network', 0, 'host', { name, addresses: [address], up: true })
  }

  private addMachine(name: string, index: number, plugin: boolean): void {
    const addresses = [`192.168.1.${100 + index}`]
    this.connect(name, addresses[0] ?? '')
    this.simulation.add(`runtime/${name}`, 'runtime', newRuntime({ machine: name, addresses }))
    this.simulation.add(`kubelet/${name}`, 'kubelet', newKubelet({ nodeName: name, addresses }, this.simulation.now))
    this.simulation.schedule(`kubelet/${name}`, 0, 'start')
    if (plugin) {
      const file = { path: '/etc/cni/net.d/10-lab.conflist', text: '{}' }
      this.simulation.schedule(`runtime/${name}`, 0, 'host-file', file)
      this.simulation.schedule('network', 0, 'pod-network', { machine: name, plugin: 'lab' })
    }
    this.runFor(1_000)
    const podCIDR = `172.16.${index}.0/24`
    this.api.patch(Node, this.api.get(Node, name), 'merge', { spec: { podCIDR, podCIDRs: [podCIDR] } })
  }

  /** A kube-proxy on every worker. */
  startProxies(): void {
    for (const node of ['w1', 'w2', 'w3']) {
      const container = { name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.36.2' }
      this.run(`kube-proxy-${node}`, node, { hostNetwork: true, containers: [container] }, 'kube-system')
    }
    this.runFor(15_000)
  }

  /** Two CoreDNS servers behind the Service that Pods ask. */
  startDns(): void {
    const container = { name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.13.1' }
    const readinessProbe = { httpGet: { path: '/ready', port: 8181 } }
    for (const node of ['w1', 'w2']) {
      const metadata = { labels: { app: 'dns' } }
      this.run(`dns-${node}`, node, { containers: [{ ...container, readinessProbe }] }, 'kube-system', metadata)
    }
    const ports = [{ name: 'dns', port: 53, protocol: 'UDP' as const, targetPort: 53 }]
    const spec = { clusterIP: '10.96.0.10', selector: { app: 'dns' }, ports }
    this.api.create(Service, { metadata: { name: 'kube-dns', namespace: 'kube-system' }, spec })
    this.runFor(25_000)
    this.publish('kube-dns', 'kube-system')
    this.runFor(2_000)
  }

  /** Creates a Pod on a node, as if the scheduler had bound it. */
  run(
    name: string,
    nodeName: string,
    spec: NewObject<Pod>['spec'],
    namespace = 'default',
    metadata: NewObject<Pod>['metadata'] = {},
  ): Pod {
    return this.api.create(Pod, { metadata: { name, namespace, ...metadata }, spec: { nodeName, ...spec } })
  }

  /** A Deployment's worth of Pods `<app>-<node>` that answer their host name, and a Service of the app's name. */
  serve(app: string, nodes: readonly string[], spec: NewObject<Service>['spec'] = {}): void {
    for (const node of nodes) {
      const container = { name: 'web', image: 'sysnet4admin/echo-hname' }
      this.run(`${app}-${node}`, node, { containers: [container] }, 'default', { labels: { app } })
    }
    const ports = [{ port: 80, protocol: 'TCP' as const, targetPort: 80 }]
    this.api.create(Service, {
      metadata: { name: app, namespace: 'default' },
      spec: { selector: { app }, ports, ...spec },
    })
    this.runFor(20_000)
    this.publish(app)
    this.runFor(2_000)
  }

  /** Writes the one EndpointSlice of a Service anew from its Pods. */
  publish(name: string, namespace = 'default'): void {
    const service = this.api.get(Service, name, namespace)
    const labelSelector = Object.entries(service.spec.selector ?? {})
      .map(pair => pair.join('='))
      .join(',')
    const endpoints = this.api
      .list(Pod, namespace, { labelSelector })
      .filter(pod => pod.status.podIP)
      .map(pod => {
        const isGoing = pod.metadata.deletionTimestamp !== undefined
        const conditions = { ready: isReady(pod) && !isGoing, serving: isReady(pod), terminating: isGoing }
        return { addresses: [pod.status.podIP ?? ''], nodeName: pod.spec.nodeName ?? '', conditions }
      })
    const ports = (service.spec.ports ?? []).map(port => ({
      name: port.name ?? '',
      port: Number(port.targetPort),
      protocol: port.protocol,
    }))
    const slice = {
      metadata: { name: `${name}-lab`, namespace, labels: { 'kubernetes.io/service-name': name } },
      ...{ addressType: 'IPv4' as const, endpoints, ports },
    }
    const found = this.api.find(EndpointSlice, `${name}-lab`, namespace)
    if (found) this.api.update(EndpointSlice, { ...found, endpoints, ports })
    else this.api.create(EndpointSlice, slice)
  }

  runFor(ms: number): void {
    this.simulation.runUntil(this.simulation.now + ms)
  }

  pod(name: string, namespace = 'default'): Pod {
    return this.api.get(Pod, name, namespace)
  }

  /** The host name of a Pod on the network. */
  hostOf(name: string, namespace = 'default'): string {
    return `pod/${this.pod(name, namespace).metadata.uid}`
  }

  /** Sends a request and returns its answer in words: status and body, or the failure. */
  get(from: string, url: string, more: Partial<OpenExchange> = {}): string {
    const [, scheme, host = '', port, path = '/'] = /^(https?):\/\/([^:/]+)(?::(\d+))?(.*)$/.exec(url) ?? []
    const open: OpenExchange = {
      ...{ from, protocol: 'http', scheme: scheme === 'https' ? 'https' : 'http', host, port: Number(port ?? 80) },
      http: { method: 'GET', path: path || '/', headers: { 'User-Agent': 'curl/8.5.0', ...more.http?.headers } },
      ...{ timeoutMs: 10_000, replyTo: { component: 'client', tag: url } },
    }
    this.simulation.schedule('network', 0, 'open', open)
    const before = this.answers.length
    for (let ms = 0; ms < 20_000 && this.answers.length === before; ms += 10) this.runFor(10)
    const answer = this.answers.at(-1)
    if (!answer) return 'nothing'
    return answer.ok
      ? `${answer.http?.status ?? 0} ${answer.http?.body.trim().split(/\r?\n/)[0] ?? ''}`
      : answer.failure
  }

  tell(component: string, type: string, data: unknown): void {
    this.simulation.schedule(component, 0, type, data)
    this.runFor(0)
  }

  /** Sends a signal to a container's main process, as `kill` on its machine would. */
  kill(pod: string, namespace = 'default'): void {
    const { spec, metadata } = this.pod(pod, namespace)
    const runtime = `runtime/${spec.nodeName ?? ''}`
    const { containers, sandboxes } = this.simulation.state<RuntimeState>(runtime)
    for (const { id, sandboxId } of containers.values()) {
      if (sandboxes.get(sandboxId)?.config.pod.uid === metadata.uid) this.tell(runtime, 'kill', id)
    }
  }

  log(pod: string, namespace = 'default'): string[] {
    const { spec, metadata } = this.pod(pod, namespace)
    const { containers, sandboxes } = this.simulation.state<RuntimeState>(`runtime/${spec.nodeName ?? ''}`)
    const own = [...containers.values()].filter(
      ({ sandboxId }) => sandboxes.get(sandboxId)?.config.pod.uid === metadata.uid,
    )
    return own.flatMap(({ log }) => log.map(({ text }) => text))
  }

  /** Hops since a number of the trace. */
  hopsSince(seq: number): HopEvidence[] {
    return this.simulation.trace.since(seq).flatMap(({ type, data }) => (type === 'hop' ? [data as HopEvidence] : []))
  }

  get answers(): readonly Answer[] {
    return this.simulation.state<{ answers: Answer[] }>('client').answers
  }
}
