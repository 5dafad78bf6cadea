import { kinds } from '../api/index.ts'
import { ConfigMap } from '../api/core/configmap.ts'
import { Event } from '../api/core/event.ts'
import { Namespace } from '../api/core/namespace.ts'
import { isReady, Pod } from '../api/core/pod.ts'
import { ServiceAccount } from '../api/core/serviceaccount.ts'
import { setCondition } from '../api/meta/conditions.ts'
import { schema } from '../api/schema.ts'
import { type Api, createApi } from '../client/api.ts'
import type { ControllerDefinition } from '../client/controller.ts'
import { createManager, newManager } from '../client/controllers.ts'
import { admissionPlugins } from '../control-plane/apiserver/admission/index.ts'
import { type ApiServer, createApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import type { HttpRequest, HttpResponse } from '../control-plane/apiserver/http/message.ts'
import { createEtcd } from '../control-plane/etcd/store.ts'
import type { Kind } from '../machinery/kind.ts'
import type { ApiObject } from '../machinery/object.ts'
import type { ApiRequest, ApiResponse, Transport, WatchDelivery } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'
import { Simulation } from '../sim/simulation.ts'

export interface ControlPlaneOptions {
  readonly controllers?: readonly ControllerDefinition[]
  readonly seed?: number
  /** How late watchers see changes. Default: 1 ms. */
  readonly watchDelayMs?: (random: () => number) => number
  /** What a request costs its caller. Default: 1 ms. */
  readonly latencyMs?: (request: ApiRequest) => number
  /** Answers requests in place of the API server, as an aggregated one does. */
  readonly aggregated?: (request: ApiRequest, cluster: ControlPlane) => ApiResponse | undefined
  /** Is asked before each creation; refuses by throwing. */
  readonly admit?: (kind: Kind) => void
  /** Further components: a scheduler, kubelets. They begin with the event `start`. */
  readonly components?: readonly Extra[]
}

export interface Extra {
  readonly name: string
  readonly definition: (transport: Transport) => ComponentDefinition<never>
  readonly state: unknown
  /** It is not told to start. */
  readonly silent?: boolean
}

const start = Date.UTC(2026, 0, 15, 9)
const admin = { user: { name: 'admin', groups: ['system:masters', 'system:authenticated'] }, userAgent: 'test' }

/** An API server, etcd and a controller manager on virtual time. */
export class ControlPlane {
  readonly simulation: Simulation
  readonly api: Api
  readonly transport: Transport
  /** What has been said in Events so far: `Normal SuccessfulCreate: Created pod: web-x7k2p`. */
  readonly events: string[] = []
  readonly server: ApiServer

  constructor(options: ControlPlaneOptions) {
    const {
      controllers = [],
      seed = 1,
      watchDelayMs = () => 1,
      admit,
      components = [],
      latencyMs = () => 1,
      aggregated,
    } = options
    const etcd = createEtcd()
    const admission = admit
      ? [
          ...admissionPlugins,
          {
            name: 'Test',
            operations: ['CREATE'] as const,
            validate: (_: unknown, { kind }: { kind: Kind }) => admit(kind),
          },
        ]
      : admissionPlugins
    const server = (this.server = createApiServer({ kinds, schema, etcd: () => etcd, admission }))
    const random = (): number => this.simulation.self('apiserver').random()
    this.transport = {
      request: request =>
        aggregated?.(request, this) ?? server.request(this.simulation.self<ApiServerState>('apiserver'), request),
      watch: (request, component) => {
        const target = { component, delayMs: watchDelayMs(random) }
        return server.watch(this.simulation.self<ApiServerState>('apiserver'), request, target)
      },
      stopWatch: id => server.stopWatch(this.simulation.self<ApiServerState>('apiserver'), id),
      latencyMs,
    }
    const manager = { type: 'kube-controller-manager', controllers, transport: () => this.transport }
    const listener = defineComponent<Record<string, never>>({
      type: 'listener',
      on: { watch: (_, delivery: WatchDelivery) => this.hear(delivery) },
    })
    const extras = components.map(({ definition }) => definition(this.transport))
    this.simulation = new Simulation({
      seed,
      startMs: start,
      definitions: [server.definition, createManager(manager), listener, ...extras],
    })
    this.simulation.add('apiserver', 'apiserver', server.initialState())
    server.start(this.simulation.self<ApiServerState>('apiserver'))
    this.api = createApi(this.transport, admin)
    for (const namespace of ['default', 'kube-system']) this.makeUsable(namespace)
    this.simulation.add('listener', 'listener', {})
    this.api.watch(Event, 'listener', { resourceVersion: '' })
    this.simulation.add('manager', 'kube-controller-manager', newManager(manager, start))
    this.simulation.schedule('manager', 0, 'start')
    components.forEach(({ name, state, silent }, index) => {
      this.simulation.add(name, extras[index]?.type ?? '', state)
      if (!silent) this.simulation.schedule(name, 0, 'start')
    })
  }

  /** Sends an HTTP request as the administrator. */
  http(request: HttpRequest): HttpResponse {
    const answer = this.server.http(this.simulation.self<ApiServerState>('apiserver'), request)
    if (!('body' in answer)) throw new Error('a watch needs a target')
    return answer
  }

  runFor(ms: number): void {
    this.simulation.runUntil(this.simulation.now + ms)
  }

  get<T extends ApiObject>(kind: Kind<T>, name: string, namespace = 'default'): T {
    return this.api.get(kind, name, kind.namespaced ? namespace : undefined)
  }

  /** Makes every Pod ready that is not, as its kubelet would. */
  markReady(_kind: typeof Pod = Pod, select: (pod: Pod) => boolean = () => true): void {
    const { now } = this.simulation
    for (const pod of this.api.list(Pod)) {
      if (isReady(pod) || pod.metadata.deletionTimestamp !== undefined || !select(pod)) continue
      const conditions = [...setCondition(pod.status.conditions, { type: 'Ready', status: 'True' }, now)]
      this.api.updateStatus(Pod, { ...pod, status: { ...pod.status, phase: 'Running', conditions } })
    }
  }

  /** What the controllers of the manager do for a new namespace may be missing here. */
  private makeUsable(name: string): void {
    attempt(() => this.api.create(Namespace, { metadata: { name } }))
    attempt(() => this.api.create(ServiceAccount, { metadata: { name: 'default', namespace: name } }))
    attempt(() => this.api.create(ConfigMap, { metadata: { name: 'kube-root-ca.crt', namespace: name } }))
  }

  private hear({ events }: WatchDelivery): void {
    for (const { type, object } of events) {
      if (type === 'ADDED' || type === 'MODIFIED') this.events.push(lineOf(object))
    }
  }
}

function lineOf(event: ApiObject): string {
  const { type, reason, message } = { type: '', reason: '', message: '', ...event }
  return `${type} ${reason}: ${message}`
}

export function controlPlane(options: ControlPlaneOptions = {}): ControlPlane {
  return new ControlPlane(options)
}
