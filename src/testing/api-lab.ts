// An API server alone on virtual time: no controllers, no nodes. For tests of the server and of its clients.

import { kinds } from '../api/index.ts'
import { schema } from '../api/schema.ts'
import { compact } from '../control-plane/etcd/compaction.ts'
import { createEtcd, type EtcdState } from '../control-plane/etcd/store.ts'
import type { AuditState } from '../control-plane/apiserver/audit/settings.ts'
import { type ApiServer, createApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerOptions } from '../control-plane/apiserver/server-context.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import type { ApiRequest, ApiResponse, RequestOptions, WatchDelivery, WatchEvent } from '../machinery/rest.ts'
import { defineComponent, type Self } from '../sim/component.ts'
import { Simulation } from '../sim/simulation.ts'
import type { HttpServer } from './golden-api-replay.ts'

export interface ApiLab {
  readonly simulation: Simulation
  readonly api: ApiServer
  readonly etcd: EtcdState
  readonly self: Self<ApiServerState>
  /** Makes a request of a core resource; the rest of the request may say more. */
  request(verb: ApiRequest['verb'], resource: string, rest?: Partial<ApiRequest>): ApiResponse
  /** Starts a watch; its events gather in the array. */
  watch(resource: string, options?: RequestOptions, rest?: Partial<ApiRequest>, delayMs?: number): Watcher
  /** Starts another API server over the same etcd. */
  addServer(name: string): Self<ApiServerState>
  advance(ms: number): void
}

export interface Watcher {
  readonly id: number
  readonly component: string
  readonly deliveries: WatchDelivery[]
  events(): WatchEvent[]
}

const user = { name: 'tester', groups: ['system:masters', 'system:authenticated'] }

/** A server that has started, with the default ServiceAccount that a controller would make. */
export function apiLab(
  options: Partial<ApiServerOptions> & { quotaBytes?: number; seed?: number; audit?: AuditState } = {},
): ApiLab {
  const { quotaBytes, seed = 1, audit, ...rest } = options
  const etcd = createEtcd(quotaBytes === undefined ? {} : { quotaBytes })
  const api = createApiServer({ kinds, schema, etcd: () => etcd, ...rest })
  const client = defineComponent<{ deliveries: WatchDelivery[] }>({
    type: 'client',
    on: { watch: ({ state }, delivery: WatchDelivery) => void state.deliveries.push(delivery) },
  })
  const startMs = Date.UTC(2026, 0, 15, 9)
  const simulation = new Simulation({ seed, startMs, definitions: [api.definition, client] })
  simulation.add('kube-apiserver', 'apiserver', api.initialState(audit))
  const self = simulation.self<ApiServerState>('kube-apiserver')
  api.start(self)
  const common = { group: '', version: 'v1', user, userAgent: 'test' }
  let clients = 0
  const lab: ApiLab = {
    simulation,
    api,
    etcd,
    self,
    request: (verb, resource, more) => api.request(self, { verb, resource, ...common, ...more }),
    watch(resource, watchOptions = {}, more = {}, delayMs = 5) {
      const component = `client-${++clients}`
      const state: { deliveries: WatchDelivery[] } = { deliveries: [] }
      simulation.add(component, 'client', state)
      const request: ApiRequest = { verb: 'watch', resource, ...common, options: watchOptions, ...more }
      const id = api.watch(self, request, { component, delayMs })
      return {
        id,
        component,
        deliveries: state.deliveries,
        events: () => state.deliveries.flatMap(({ events }) => events),
      }
    },
    addServer(name) {
      simulation.add(name, 'apiserver', api.initialState())
      const other = simulation.self<ApiServerState>(name)
      api.start(other)
      return other
    },
    advance: ms => void simulation.runUntil(simulation.now + ms),
  }
  lab.request('create', 'serviceaccounts', { namespace: 'default', body: { metadata: { name: 'default' } } })
  return lab
}

/** The lab in the world in which the recordings begin (golden/api/README.md). */
export function goldenLab(): ApiLab {
  return apiLab({ securePort: 18443 })
}

/** Its server, as what replays a recording sees it. */
export function goldenApiServer({ api, self, simulation, etcd, advance }: ApiLab = goldenLab()): HttpServer {
  let clients = 0
  return {
    send(request) {
      const answer = api.http(self, request)
      if (!('body' in answer)) throw new Error('a watch needs a target')
      return answer
    },
    watch(request) {
      const component = `stream-${++clients}`
      const state: { deliveries: WatchDelivery[] } = { deliveries: [] }
      simulation.add(component, 'client', state)
      const answer = api.http(self, request, { component, delayMs: 1 })
      if ('body' in answer) return { ...answer, body: () => answer.body }
      if (!('lines' in answer)) throw new Error('there is no kubelet to connect to')
      return { ...answer, body: () => state.deliveries.splice(0).map(answer.lines).join('') }
    },
    advance,
    compact: () => compact(etcd, etcd.revision),
  }
}
