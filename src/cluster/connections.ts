import type { ApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import type { WatchDelivery } from '../machinery/rest.ts'
import type { Simulation } from '../sim/simulation.ts'

/**
 * What happens to watches when there is no way any more between a client and its API server. A watch is a connection:
 * who is cut off hears nothing, and notices only when the connection's health check fails.
 */
export interface Connections {
  readonly simulation: Simulation
  readonly apiServer: ApiServer
  /** The machine that a component's process runs on. */
  machineOf(component: string): string
  isReachable(from: string, to: string): boolean
}

/** client-go's HTTP/2 health check: a ping after 30 s of silence, 15 s for its answer. */
const unnoticedMs = 45_000
/** A process that dies has its connections reset. */
const resetMs = 1

/** Links have changed: watches over broken ones deliver no more, and end for their clients when these notice. */
export function loseWatches({ simulation, apiServer, machineOf, isReachable }: Connections): void {
  for (const server of simulation.namesOf('apiserver')) {
    const self = simulation.self<ApiServerState>(server)
    const machine = server.slice(server.indexOf('/') + 1)
    for (const { id, component } of [...self.state.watches.values()]) {
      if (isReachable(machineOf(component), machine)) continue
      apiServer.stopWatch(self, id)
      endFor(simulation, component, id, unnoticedMs)
    }
  }
}

/** A component is about to be gone. If it is an API server, its watches end: at once, or when its clients notice. */
export function hangUp(simulation: Simulation, component: string, how: 'reset' | 'silent'): void {
  if (!simulation.namesOf('apiserver').includes(component)) return
  for (const { id, component: client, delayMs } of simulation.state<ApiServerState>(component).watches.values()) {
    endFor(simulation, client, id, how === 'reset' ? delayMs + resetMs : unnoticedMs)
  }
}

function endFor(simulation: Simulation, component: string, watchId: number, afterMs: number): void {
  const delivery: WatchDelivery = { watchId, events: [], closed: 'closed' }
  simulation.schedule(component, afterMs, 'watch', delivery)
}
