import type { ApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import type { ApiRequest, Transport } from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import type { Self } from '../sim/component.ts'
import type { Simulation } from '../sim/simulation.ts'
import type { Machine } from './topology.ts'

/** What a request costs its caller, in ms: a read from the watch cache, a write through etcd's disk (D3). */
const readMs = 1.5
const listMs = 4
const writeMs = 5
/** What the way to another machine adds. */
const remoteMs = 0.5
/** How late a watcher sees a change: the watch cache's and the network's part (D4). */
const watchMs = 1

/** What transports need to know of the cluster around them. */
export interface Surroundings {
  readonly simulation: Simulation
  readonly apiServer: ApiServer
  readonly machines: readonly Machine[]
  /** The machine that a component's process runs on. */
  machineOf(component: string): string
  isReachable(from: string, to: string): boolean
}

/** How the named component reaches the API: through any server that runs and that its machine can reach. */
export function transportFor(surroundings: Surroundings, component: string): Transport {
  const { simulation, apiServer } = surroundings
  const server = (request: ApiRequest): Self<ApiServerState> => pickServer(surroundings, component, request)
  const distance = (): number => (surroundings.machineOf(component) === masterOf(surroundings) ? 0 : remoteMs)
  return {
    request: request => apiServer.request(server(request), { ...request, from: component }),
    watch(request, target) {
      const delayMs = watchMs + distance() + 2 * simulation.random(`${component} watch`)
      return apiServer.watch(server(request), { ...request, from: component }, { component: target, delayMs })
    },
    stopWatch(watchId) {
      for (const name of simulation.namesOf('apiserver')) {
        apiServer.stopWatch(simulation.self<ApiServerState>(name), watchId)
      }
    },
    latencyMs({ verb }) {
      const base = verb === 'get' ? readMs : verb === 'list' || verb === 'watch' ? listMs : writeMs
      return base + distance()
    },
  }
}

function masterOf({ machines }: Surroundings): string {
  return machines[0]?.name ?? ''
}

/** The server on the own machine if there is one, else the first that answers. */
function pickServer(surroundings: Surroundings, component: string, request: ApiRequest): Self<ApiServerState> {
  const { simulation, machines, isReachable, machineOf } = surroundings
  const here = machineOf(component)
  const masters = machines.filter(machine => machine.role === 'master')
  const nearestFirst = [...masters.filter(({ name }) => name === here), ...masters.filter(({ name }) => name !== here)]
  let isCut = false
  for (const { name } of nearestFirst) {
    const server = `kube-apiserver/${name}`
    if (!simulation.has(server)) continue
    if (isReachable(here, name)) return simulation.self<ApiServerState>(server)
    isCut = true
  }
  throw connectionFailed(masters[0]?.address ?? '', request, isCut ? 'i/o timeout' : 'connect: connection refused')
}

/** What Go's HTTP client says when it cannot connect. */
function connectionFailed(address: string, request: ApiRequest, why: string): ApiError {
  const method = { get: 'Get', list: 'Get', watch: 'Get', create: 'Post', update: 'Put', patch: 'Patch' }[
    String(request.verb)
  ]
  const { group, version, namespace, resource, name } = request
  const parts = [group ? `/apis/${group}/${version}` : `/api/${version}`]
  if (namespace !== undefined) parts.push('namespaces', namespace)
  parts.push(resource)
  if (name !== undefined) parts.push(name)
  const url = `https://${address}:6443${parts.join('/')}`
  return new ApiError('ConnectionFailed', `${method ?? 'Delete'} "${url}": dial tcp ${address}:6443: ${why}`)
}
