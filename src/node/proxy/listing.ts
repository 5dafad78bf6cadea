import { type Followed, type FollowersState, revisionOf } from './cursors.ts'
import { proxyName } from './proxy.ts'
import { compileRules, type ServiceRules } from './rules.ts'

/** One port of a Service as a node has it in force, for listing it. */
export interface ProgrammedService {
  readonly name: string
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly clusterIp: string
  readonly port: number
  readonly nodePort?: number
  readonly externalIps: readonly string[]
  readonly endpoints: readonly string[]
  readonly affinitySeconds?: number
}

/** What a node's kube-proxy has programmed by now: the rules that packets go by, in the order of their names. */
export function programmed(
  followed: Pick<Followed, 'list'>,
  followers: FollowersState,
  machine: string,
  now: number,
): readonly ProgrammedService[] {
  const revision = revisionOf(followers, proxyName(machine), now)
  if (revision === 0) return []
  const { internal, external } = compileRules(followed, revision)
  return [...internal.values()].map(rules => serviceOf(rules, external, machine)).sort(byName)
}

function serviceOf(
  rules: ServiceRules,
  external: ReadonlyMap<string, ServiceRules>,
  machine: string,
): ProgrammedService {
  const { name, port, service, affinityMs } = rules
  const { cluster } = rules.usableOn(machine)
  const addresses = [...external].flatMap(([key, { name: other }]) => (other === name ? (key.split(' ')[0] ?? '') : []))
  return {
    name,
    protocol: protocolOf(port.protocol),
    clusterIp: service.spec.clusterIP ?? '',
    port: port.port,
    ...(port.nodePort && { nodePort: port.nodePort }),
    externalIps: addresses,
    endpoints: cluster.map(endpoint => `${endpoint.address}:${endpoint.port}`),
    ...(affinityMs !== undefined && { affinitySeconds: affinityMs / 1_000 }),
  }
}

function protocolOf(text: string): ProgrammedService['protocol'] {
  return text === 'UDP' ? 'udp' : text === 'SCTP' ? 'sctp' : 'tcp'
}

function byName(a: ProgrammedService, b: ProgrammedService): number {
  return a.name < b.name ? -1 : 1
}
