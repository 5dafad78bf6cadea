import { requestMs } from '../control-plane/apiserver/request-cost.ts'
import type { ApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import type { ApiRequest, Transport, Verb } from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import type { Self } from '../sim/component.ts'
import type { Simulation } from '../sim/simulation.ts'
import type { Machine } from './topology.ts'

/** What the way to another machine adds. */
const remoteMs = 0.5
/** How late a watcher sees a change: the watch cache's and the network's part (D4). */
const watchMs = 1

/** What transports need to know of the cluster around them. */
export interface Surroundings {
  readonly simulation: Simulation
  readonly apiServer: ApiServer
  readonly masters: readonly Machine[]
  /** The machine that a component's process runs on. */
  machineOf(component: string): string
  isReachable(from: string, to: string): boolean
}

/** How the named component reaches the API: through any server that runs and that its machine can reach. */
export function transportFor(surroundings: Surroundings, component: string): Transport {
  const { simulation, apiServer } = surroundings
  const server = (request: ApiRequest): Self<ApiServerState> =>
    findServer(surroundings, component) ?? refuse(surroundings, methodOf(request), pathOf(request))
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
      return requestMs(verb) + distance()
    },
  }
}

function masterOf({ masters }: Surroundings): string {
  return masters[0]?.name ?? ''
}

/** As `findServer`; throws the error that Go's HTTP client has for a request that it could not send. */
export function pickServer(
  surroundings: Surroundings,
  component: string,
  method: string,
  path: string,
): Self<ApiServerState> {
  return findServer(surroundings, component) ?? refuse(surroundings, method, path)
}

/** The server on the caller's machine if there is one, else the first that answers. */
function findServer(surroundings: Surroundings, component: string): Self<ApiServerState> | undefined {
  const { simulation, masters, isReachable, machineOf } = surroundings
  const here = machineOf(component)
  let found: string | undefined
  for (const { name } of masters) {
    if (found !== undefined && name !== here) continue
    if (simulation.has(serverOn(name)) && isReachable(here, name)) found = name
  }
  return found === undefined ? undefined : simulation.self<ApiServerState>(serverOn(found))
}

function refuse({ simulation, masters }: Surroundings, method: string, path: string): never {
  const isCut = masters.some(({ name }) => simulation.has(serverOn(name)))
  const address = `${masters[0]?.address ?? ''}:6443`
  const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`
  const why = isCut ? 'i/o timeout' : 'connect: connection refused'
  throw new ApiError('ConnectionFailed', `${verb} "https://${address}${path}": dial tcp ${address}: ${why}`)
}

function serverOn(master: string): string {
  return `kube-apiserver/${master}`
}

const methods: Readonly<Record<Verb, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
}

function methodOf({ verb }: ApiRequest): string {
  return methods[verb]
}

function pathOf({ group, version, namespace, resource, name, subresource }: ApiRequest): string {
  const parts = [group ? `/apis/${group}/${version}` : `/api/${version}`]
  if (namespace !== undefined) parts.push('namespaces', namespace)
  parts.push(resource)
  if (name !== undefined) parts.push(name)
  if (subresource !== undefined) parts.push(subresource)
  return parts.join('/')
}
