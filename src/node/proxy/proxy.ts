import { isIn } from '../../network/addresses.ts'
import type { Packet, Translation } from '../../network/route.ts'
import { type Affinity, remember, remembered } from './affinity.ts'
import type { ProxyEndpoint } from './endpoints.ts'
import { byRevision, type Followed, type FollowersState, revisionOf } from './cursors.ts'
import { compileRules, type ServiceRules } from './rules.ts'

export interface ProxyOptions {
  readonly followed: Pick<Followed, 'list'>
  /** State of the component `followers`. */
  followers(): FollowersState
  now(): number
  /** The next number of a node's own random stream. */
  random(follower: string): number
}

/** The name under which a node's kube-proxy follows. */
export function proxyName(machine: string): string {
  return `kube-proxy/${machine}`
}

/**
 * What the rules in a node's kernel do with a packet: kube-proxy in iptables mode, as a function of the revision that the
 * node has come to. Models pkg/proxy/iptables/proxier.go. Rules are made when the first packet asks for them.
 */
export function createProxy(options: ProxyOptions): (machine: string, packet: Packet) => Translation | undefined {
  const rulesAt = byRevision(options.followers, revision => compileRules(options.followed, revision))
  return (machine, packet) => {
    const name = proxyName(machine)
    const state = options.followers()
    const now = options.now()
    const revision = revisionOf(state, name, now)
    const affinity = state.followers.get(name)?.affinity
    if (revision === 0 || !affinity) return undefined
    const rules = rulesAt(revision)
    const node: NodeSide = { machine, affinity, now, random: () => options.random(name) }
    const key = `${packet.destination} ${packet.port}/${packet.transport}`
    const internal = rules.internal.get(key)
    if (internal) return toClusterIp(internal, node, packet)
    const external =
      rules.external.get(key) ??
      (packet.isLocal ? rules.nodePorts.get(`${packet.port}/${packet.transport}`) : undefined)
    return external && toExternal(external, node, packet)
  }
}

/** What of a node its rules look at. */
interface NodeSide {
  readonly machine: string
  readonly affinity: Affinity
  readonly now: number
  random(): number
}

function toClusterIp(rules: ServiceRules, node: NodeSide, packet: Packet): Translation {
  const { cluster, local, any } = rules.usableOn(node.machine)
  if (!any) return refuse(rules, 'reject')
  const endpoints = rules.service.spec.internalTrafficPolicy === 'Local' ? local : cluster
  // What does not come from a Pod would be answered past the node: it goes on under the node's address.
  return forward(rules, node, packet, endpoints, packet.sender !== 'pod')
}

function toExternal(rules: ServiceRules, node: NodeSide, packet: Packet): Translation {
  const { spec } = rules.service
  const { cluster, local, any } = rules.usableOn(node.machine)
  if (!any) return refuse(rules, 'reject')
  const ranges = spec.type === 'LoadBalancer' && !packet.isLocal ? (spec.loadBalancerSourceRanges ?? []) : []
  if (ranges.length > 0 && !ranges.some(range => isIn(range, packet.source))) {
    return { verdict: 'drop', place: rules.place, rule: `${rules.name} source ${packet.source} is in no allowed range` }
  }
  if (spec.externalTrafficPolicy !== 'Local') return forward(rules, node, packet, cluster, true)
  // Traffic that begins in the cluster is treated as if it had gone out to a balancer and come back.
  if (packet.sender === 'pod') return forward(rules, node, packet, cluster, false)
  if (packet.sender === 'this machine') return forward(rules, node, packet, cluster, true)
  return forward(rules, node, packet, local, false)
}

function refuse({ name, place }: ServiceRules, verdict: 'reject' | 'drop'): Translation {
  return { verdict, place, rule: verdict === 'reject' ? `${name} has no endpoints` : `${name} has no local endpoints` }
}

function forward(
  rules: ServiceRules,
  node: NodeSide,
  { source }: Packet,
  endpoints: readonly ProxyEndpoint[],
  masquerade: boolean,
): Translation {
  const endpoint = choose(rules, node, source, endpoints)
  if (!endpoint) return refuse(rules, 'drop')
  const { address, port } = endpoint
  return {
    ...{ verdict: 'forward', place: rules.place, rule: `${rules.name} -> ${address}:${port}`, address, port },
    // A Pod that reaches itself through its Service has to be answered through the node.
    masquerade: masquerade || address === source,
  }
}

function choose(
  rules: ServiceRules,
  { affinity, now, random }: NodeSide,
  source: string,
  endpoints: readonly ProxyEndpoint[],
): ProxyEndpoint | undefined {
  const { affinityMs } = rules
  if (affinityMs === undefined) return endpoints[Math.floor(random() * endpoints.length)]
  const key = `${rules.name}|${source}`
  const find = (address: string): ProxyEndpoint | undefined =>
    endpoints.find(endpoint => `${endpoint.address}:${endpoint.port}` === address)
  const kept = remembered(affinity, key, now, affinityMs, address => find(address) !== undefined)
  const endpoint = kept === undefined ? endpoints[Math.floor(random() * endpoints.length)] : find(kept)
  if (endpoint) remember(affinity, key, `${endpoint.address}:${endpoint.port}`, now)
  return endpoint
}
