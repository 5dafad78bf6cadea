import { Service } from '../../api/core/service.ts'
import { type Endpoint, type EndpointPort, EndpointSlice } from '../../api/discovery/endpointslice.ts'
import { typedAll } from '../../machinery/kind.ts'
import { isAddress } from '../../network/addresses.ts'
import type { DnsQuery, DnsRecord } from '../../network/dns.ts'
import { hasClusterIp, slicesByService } from '../proxy/endpoints.ts'
import type { Followed } from '../proxy/cursors.ts'

/** The zone's name, without dots at its ends. */
export const clusterDomain = 'cluster.local'
/** `ttl 30` of kubeadm's Corefile. */
const ttl = 30

/** Services and endpoints at one revision, as a name server looks them up. */
export interface Zone {
  readonly services: ReadonlyMap<string, Service>
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>
  readonly namespaces: ReadonlySet<string>
  /** Names of addresses, for questions the other way round. */
  readonly names: ReadonlyMap<string, string>
}

/** What the zone knows of a name: its records, that it does not exist, or that somebody else has to be asked. */
export type ZoneAnswer = readonly DnsRecord[] | 'no such name' | 'not ours' | { readonly alias: DnsRecord }

/** Reads Services and EndpointSlices as they were at a revision. */
export function compileZone(followed: Pick<Followed, 'list'>, revision: number): Zone {
  const services = new Map<string, Service>()
  const names = new Map<string, string>()
  const slices = slicesByService(typedAll(EndpointSlice, followed.list(EndpointSlice, revision)))
  for (const service of typedAll(Service, followed.list(Service, revision))) {
    const { namespace = '', name } = service.metadata
    services.set(`${namespace}/${name}`, service)
    if (hasClusterIp(service)) names.set(service.spec.clusterIP ?? '', `${name}.${namespace}.svc.${clusterDomain}`)
    for (const { endpoint, address } of endpointsOf(slices.get(`${namespace}/${name}`) ?? [])) {
      names.set(address, `${hostnameOf(endpoint, address)}.${name}.${namespace}.svc.${clusterDomain}`)
    }
  }
  const namespaces = new Set(['default', ...[...services.values()].map(({ metadata }) => metadata.namespace ?? '')])
  return { services, slices, namespaces, names }
}

/**
 * Looks a name up as CoreDNS' kubernetes plugin does. Models coredns/plugin/kubernetes and the specification
 * kubernetes/dns docs/specification.md (version 1.1.0).
 */
export function lookUp(zone: Zone, { name: asked, type }: DnsQuery): ZoneAnswer {
  const name = asked.toLowerCase().replace(/\.$/, '')
  if (name.endsWith('.in-addr.arpa')) return reverse(zone, name, type)
  if (name !== clusterDomain && !name.endsWith(`.${clusterDomain}`)) return 'not ours'
  const labels = name.slice(0, -clusterDomain.length).split('.').filter(Boolean).reverse()
  const [sort, namespace, ...rest] = labels
  if (sort === undefined) return type === 'NS' ? [record(name, 'NS', `ns.dns.${clusterDomain}`)] : []
  if (sort === 'dns-version' && namespace === undefined) return type === 'TXT' ? [record(name, 'TXT', '"1.1.0"')] : []
  if (sort !== 'svc' && sort !== 'pod') return 'no such name'
  if (namespace === undefined) return []
  if (rest.length === 0) return zone.namespaces.has(namespace) ? [] : 'no such name'
  return sort === 'pod' ? ofPod(zone, name, type, namespace, rest) : ofService(zone, name, type, namespace, rest)
}

/** `172-16-1-2.default.pod`: with `pods insecure` any address in any namespace has a name. */
function ofPod(
  zone: Zone,
  name: string,
  type: DnsQuery['type'],
  namespace: string,
  [label = '', ...more]: readonly string[],
): ZoneAnswer {
  const address = label.replaceAll('-', '.')
  if (more.length > 0 || !isAddress(address) || !zone.namespaces.has(namespace)) return 'no such name'
  return wants(type, 'A') ? [record(name, 'A', address)] : []
}

/** The rest of the labels: service, then an endpoint's hostname, or `_proto` and `_port`. */
function ofService(
  zone: Zone,
  name: string,
  type: DnsQuery['type'],
  namespace: string,
  [service = '', second, third, ...more]: readonly string[],
): ZoneAnswer {
  const found = zone.services.get(`${namespace}/${service}`)
  if (!found || more.length > 0) return 'no such name'
  if (found.spec.type === 'ExternalName') {
    if (second !== undefined) return 'no such name'
    return { alias: record(name, 'CNAME', `${found.spec.externalName ?? ''}.`) }
  }
  const slices = zone.slices.get(`${namespace}/${service}`) ?? []
  const base = `${service}.${namespace}.svc.${clusterDomain}`
  if (third !== undefined) return namedPort(found, slices, name, type, base, third, second ?? '')
  if (second !== undefined) return named(slices, name, type, second)
  if (type === 'SRV') return srv(found, slices, name, base)
  if (hasClusterIp(found)) return wants(type, 'A') ? [record(name, 'A', found.spec.clusterIP ?? '')] : []
  const addresses = new Set(endpointsOf(slices).map(({ address }) => address))
  if (addresses.size === 0) return 'no such name'
  return wants(type, 'A') ? [...addresses].map(address => record(name, 'A', address)) : []
}

/** One endpoint by its hostname: `web-0.web.default.svc`, or by its address with dashes. */
function named(slices: readonly EndpointSlice[], name: string, type: DnsQuery['type'], hostname: string): ZoneAnswer {
  const found = endpointsOf(slices).filter(({ endpoint, address }) => hostnameOf(endpoint, address) === hostname)
  if (found.length === 0) return 'no such name'
  const addresses = new Set(found.map(({ address }) => address))
  return wants(type, 'A') ? [...addresses].map(address => record(name, 'A', address)) : []
}

/** `_http._tcp.web.default.svc`: SRV records of one port. */
function namedPort(
  service: Service,
  slices: readonly EndpointSlice[],
  name: string,
  type: DnsQuery['type'],
  base: string,
  port: string,
  protocol: string,
): ZoneAnswer {
  if (!port.startsWith('_') || !protocol.startsWith('_')) return 'no such name'
  const records = srv(service, slices, name, base, port.slice(1), protocol.slice(1))
  if (records.length === 0) return 'no such name'
  return wants(type, 'SRV') ? records : []
}

function srv(
  service: Service,
  slices: readonly EndpointSlice[],
  name: string,
  base: string,
  port?: string,
  protocol?: string,
): readonly DnsRecord[] {
  const isAsked = (candidate: { name?: string; protocol?: string }): boolean =>
    (port === undefined || candidate.name === port) &&
    (protocol === undefined || candidate.protocol?.toLowerCase() === protocol)
  const targets: string[] = []
  if (hasClusterIp(service)) {
    for (const own of service.spec.ports ?? []) if (isAsked(own)) targets.push(`${own.port} ${base}.`)
  } else {
    for (const { endpoint, address, ports } of endpointsOf(slices)) {
      for (const own of ports) {
        if (isAsked(own)) targets.push(`${own.port ?? 0} ${hostnameOf(endpoint, address)}.${base}.`)
      }
    }
  }
  const weight = Math.max(1, Math.floor(100 / Math.max(targets.length, 1)))
  return targets.map(target => record(name, 'SRV', `0 ${weight} ${target}`))
}

/** Names of service addresses and endpoints; others fall through to the next server. */
function reverse({ names }: Zone, name: string, type: DnsQuery['type']): ZoneAnswer {
  const address = name.slice(0, -'.in-addr.arpa'.length).split('.').reverse().join('.')
  const found = names.get(address)
  if (found === undefined) return 'not ours'
  return wants(type, 'PTR') ? [record(name, 'PTR', `${found}.`)] : []
}

interface Address {
  readonly endpoint: Endpoint
  readonly address: string
  readonly ports: readonly EndpointPort[]
}

/** Endpoints that are ready: others have no name (Services that publish them anyway have them ready in their slices). */
function endpointsOf(slices: readonly EndpointSlice[]): Address[] {
  return slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? [])
      .filter(({ conditions }) => conditions.ready ?? true)
      .flatMap(endpoint => endpoint.addresses.map(address => ({ endpoint, address, ports: ports ?? [] }))),
  )
}

function hostnameOf({ hostname }: Endpoint, address: string): string {
  return hostname ?? address.replaceAll('.', '-')
}

function wants(type: DnsQuery['type'], has: DnsQuery['type']): boolean {
  return type === has || type === 'ANY'
}

function record(name: string, type: DnsRecord['type'], data: string): DnsRecord {
  return { name, type, ttl, data }
}
