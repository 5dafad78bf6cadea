import type { AggregatedDoor } from '../control-plane/apiserver/aggregation/door.ts'
import { getMetrics, listMetrics, type MetricsQuery } from '../images/metrics-server/answers.ts'
import { isMetricsServer, type MetricsServerState } from '../images/metrics-server/image.ts'
import { componentType, type Informers } from '../node/metrics/informers.ts'
import { machineOf, type NetworkState } from '../network/state.ts'
import { podOf, type RuntimeState } from '../node/runtime/state.ts'
import type { Simulation } from '../sim/simulation.ts'

export interface MetricsDoorOptions {
  simulation(): Simulation
  isReachable(from: string, to: string): boolean
}

/** How API servers reach metrics-server: the Pod must be there, listen, and be on a machine that can be reached. */
export function metricsDoor({ simulation, isReachable }: MetricsDoorOptions): AggregatedDoor {
  return {
    ask(server, { uid, address, port }, query) {
      const failure = (why: string): { failure: string } => ({ failure: `dial tcp ${address}:${port}: ${why}` })
      const network = simulation().state<NetworkState>('network')
      const host = network.hosts.get(`pod/${uid}`)
      const machine = host && machineOf(host)
      const from = server.slice(server.indexOf('/') + 1)
      if (machine === undefined || !isReachable(from, machine)) return failure('connect: no route to host')
      const component = `${componentType}/${uid}`
      const process = processOf(simulation().state<RuntimeState>(`runtime/${machine}`), uid)
      if (!process || !simulation().has(component)) return failure('connect: connection refused')
      const informers = simulation().state<Informers>(component)
      const known = { storage: process.storage, informers, now: simulation().now }
      const asked: MetricsQuery = { ...query, plural: query.plural === 'nodes' ? 'nodes' : 'pods' }
      return { items: query.name === undefined ? listMetrics(known, asked) : [getMetrics(known, asked)] }
    },
  }
}

/** The process of a Pod's container, if that is metrics-server. */
function processOf(runtime: RuntimeState, uid: string): MetricsServerState | undefined {
  for (const container of runtime.containers.values()) {
    if (container.state !== 'running' || podOf(runtime, container).uid !== uid) continue
    const state = container.processes.get(1)?.state
    if (isMetricsServer(state)) return state
  }
  return undefined
}
