import { kinds } from '../../api/index.ts'
import { schema } from '../../api/schema.ts'
import type { WatchDelivery } from '../../machinery/rest.ts'
import { defineComponent } from '../../sim/component.ts'
import { Simulation } from '../../sim/simulation.ts'
import type { HttpServer } from '../../testing/golden-api-replay.ts'
import { compact } from '../etcd/compaction.ts'
import { createEtcd } from '../etcd/store.ts'
import { createApiServer } from './server.ts'
import type { ApiServerState } from './state.ts'

/** A server in the world in which the recordings begin (golden/api/README.md), on virtual time, without controllers. */
export function goldenServer(): HttpServer {
  const etcd = createEtcd()
  const api = createApiServer({ kinds, schema, etcd: () => etcd })
  const client = defineComponent<{ deliveries: WatchDelivery[] }>({
    type: 'client',
    on: { watch: ({ state }, delivery: WatchDelivery) => void state.deliveries.push(delivery) },
  })
  const simulation = new Simulation({
    seed: 1,
    startMs: Date.UTC(2026, 0, 15, 9),
    definitions: [api.definition, client],
  })
  simulation.add('kube-apiserver', 'apiserver', api.initialState())
  const self = simulation.self<ApiServerState>('kube-apiserver')
  api.start(self)
  const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } }
  const user = { name: 'system:apiserver', groups: ['system:masters'] }
  const at = { group: '', version: 'v1', resource: 'serviceaccounts', namespace: 'default' }
  api.request(self, { verb: 'create', ...at, body, user, userAgent: 'kube-controller-manager' })
  let clients = 0
  return {
    send(request) {
      const answer = api.http(self, request)
      if ('lines' in answer) throw new Error('a watch needs a target')
      return answer
    },
    watch(request) {
      const component = `client-${++clients}`
      const state: { deliveries: WatchDelivery[] } = { deliveries: [] }
      simulation.add(component, 'client', state)
      const answer = api.http(self, request, { component, delayMs: 1 })
      if (!('lines' in answer)) return { ...answer, body: () => answer.body }
      return { ...answer, body: () => state.deliveries.splice(0).map(answer.lines).join('') }
    },
    advance: ms => void simulation.runUntil(simulation.now + ms),
    compact: () => compact(etcd, etcd.revision),
  }
}
