import type { Service, ServicePort } from '../../api/core/service.ts'
import type { EndpointSlice } from '../../api/discovery/endpointslice.ts'

/** One address and port behind a Service, as its EndpointSlices give it. */
export interface ProxyEndpoint {
  readonly address: string
  readonly port: number
  readonly node: string | undefined
  readonly ready: boolean
  readonly serving: boolean
  readonly terminating: boolean
}

/** Endpoints that a node may use for a Service's port. Models pkg/proxy/topology.go (CategorizeEndpoints). */
export interface Usable {
  /** For traffic policy Cluster. */
  readonly cluster: readonly ProxyEndpoint[]
  /** For traffic policy Local. */
  readonly local: readonly ProxyEndpoint[]
  /** Whether the Service has a usable endpoint anywhere. */
  readonly any: boolean
}

/** Ready endpoints, or, where there are none, those that still serve while they terminate. */
export function usable(endpoints: readonly ProxyEndpoint[], node: string): Usable {
  const cluster = readyOrServing(endpoints)
  const local = readyOrServing(endpoints.filter(endpoint => endpoint.node === node))
  return { cluster, local, any: cluster.length > 0 }
}

function readyOrServing(endpoints: readonly ProxyEndpoint[]): readonly ProxyEndpoint[] {
  const ready = endpoints.filter(endpoint => endpoint.ready)
  if (ready.length > 0) return ready
  return endpoints.filter(endpoint => endpoint.serving && endpoint.terminating)
}

/** The endpoints of one port of a Service, sorted by address as kube-proxy writes its rules. */
export function endpointsOf(port: ServicePort, slices: readonly EndpointSlice[]): readonly ProxyEndpoint[] {
  const found = new Map<string, ProxyEndpoint>()
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4') continue
    const target = slice.ports?.find(
      ({ name, protocol }) => (name ?? '') === (port.name ?? '') && protocol === port.protocol,
    )
    if (target?.port === undefined) continue
    for (const { addresses, conditions, nodeName } of slice.endpoints ?? []) {
      const [address] = addresses
      if (address === undefined) continue
      const ready = conditions.ready ?? true
      const endpoint: ProxyEndpoint = {
        ...{ address, port: target.port, node: nodeName, ready },
        ...{ serving: conditions.serving ?? ready, terminating: conditions.terminating ?? false },
      }
      const key = `${address}:${target.port}`
      // During an update the same address can be in two slices: a ready one counts.
      if (!found.get(key)?.ready) found.set(key, endpoint)
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint)
}

/** EndpointSlices by the Service that they belong to, `namespace/name`. */
export function slicesByService(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const byService = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    const { namespace, labels } = slice.metadata
    const service = labels?.['kubernetes.io/service-name']
    if (service === undefined) continue
    const key = `${namespace ?? ''}/${service}`
    const others = byService.get(key)
    if (others) others.push(slice)
    else byService.set(key, [slice])
  }
  return byService
}

/** Whether a Service has a virtual address that nodes translate. */
export function hasClusterIp({ spec: { type, clusterIP } }: Service): boolean {
  return type !== 'ExternalName' && clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None'
}
