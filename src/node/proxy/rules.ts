import { Service, type ServicePort } from '../../api/core/service.ts'
import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import { typedAll } from '../../machinery/kind.ts'
import { endpointsOf, hasClusterIp, type ProxyEndpoint, slicesByService, usable, type Usable } from './endpoints.ts'
import type { Followed } from './cursors.ts'

/** One port of a Service with what its rules are made of. */
export class ServiceRules {
  /** Scene id of the Service. */
  readonly place: string
  /** As kube-proxy's comments have it: `default/web:http`, or `default/web` for a port without a name. */
  readonly name: string
  private known: readonly ProxyEndpoint[] | undefined
  private readonly byNode = new Map<string, Usable>()

  constructor(
    readonly service: Service,
    readonly port: ServicePort,
    private readonly slices: readonly EndpointSlice[],
  ) {
    const { namespace = '', name } = service.metadata
    this.place = `service/${namespace}/${name}`
    this.name = `${namespace}/${name}${port.name ? `:${port.name}` : ''}`
  }

  /** All endpoints, whatever their condition. */
  get endpoints(): readonly ProxyEndpoint[] {
    return (this.known ??= endpointsOf(this.port, this.slices))
  }

  /** What a node may use. Worked out once for each node that sends something there. */
  usableOn(node: string): Usable {
    let found = this.byNode.get(node)
    if (!found) this.byNode.set(node, (found = usable(this.endpoints, node)))
    return found
  }

  /** For how long a client keeps its endpoint, in ms; undefined without session affinity. */
  get affinityMs(): number | undefined {
    const { sessionAffinity, sessionAffinityConfig } = this.service.spec
    if (sessionAffinity !== 'ClientIP') return undefined
    return (sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1_000
  }
}

/** The rules that all nodes at one revision have, before each looks at them with its own eyes. */
export interface RuleSet {
  /** By `address port/protocol`: cluster addresses. */
  readonly internal: ReadonlyMap<string, ServiceRules>
  /** By `address port/protocol`: external addresses and those of load balancers. */
  readonly external: ReadonlyMap<string, ServiceRules>
  /** By `port/protocol`: open on every address of the node. */
  readonly nodePorts: ReadonlyMap<string, ServiceRules>
}

/** Reads Services and EndpointSlices as they were at a revision. Models pkg/proxy/serviceport.go (what is exposed where). */
export function compileRules(followed: Pick<Followed, 'list'>, revision: number): RuleSet {
  const internal = new Map<string, ServiceRules>()
  const external = new Map<string, ServiceRules>()
  const nodePorts = new Map<string, ServiceRules>()
  const slices = slicesByService(typedAll(EndpointSlice, followed.list(EndpointSlice, revision)))
  for (const service of typedAll(Service, followed.list(Service, revision))) {
    if (!hasClusterIp(service)) continue
    const { metadata, spec } = service
    const own = slices.get(`${metadata.namespace ?? ''}/${metadata.name}`) ?? []
    for (const port of spec.ports ?? []) {
      const rules = new ServiceRules(service, port, own)
      const protocol = port.protocol.toLowerCase()
      internal.set(`${spec.clusterIP ?? ''} ${port.port}/${protocol}`, rules)
      for (const address of externalAddresses(service)) external.set(`${address} ${port.port}/${protocol}`, rules)
      if (port.nodePort) nodePorts.set(`${port.nodePort}/${protocol}`, rules)
    }
  }
  return { internal, external, nodePorts }
}

function externalAddresses({ spec, status }: Service): readonly string[] {
  const balancers = spec.type === 'LoadBalancer' ? (status.loadBalancer.ingress ?? []) : []
  // A balancer of mode Proxy sends packets to node ports: its address means nothing to a node.
  const addresses = balancers.flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' ? [ip] : []))
  return [...(spec.externalIPs ?? []), ...addresses]
}
