import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../machinery/object.ts'
import type { DnsQuery } from '../../network/dns.ts'
import { compileZone, lookUp, type ZoneAnswer } from './zone.ts'

function object(kind: string, namespace: string, name: string, rest: object, labels = {}): ApiObject {
  const metadata = { name, namespace, labels, uid: name, resourceVersion: '1', creationTimestamp: '' }
  return { apiVersion: 'v1', kind, metadata, ...rest } as ApiObject
}

function service(namespace: string, name: string, spec: object): ApiObject {
  return object('Service', namespace, name, { spec: { type: 'ClusterIP', ...spec }, status: { loadBalancer: {} } })
}

function slice(namespace: string, name: string, ports: object[], endpoints: object[]): ApiObject {
  const labels = { 'kubernetes.io/service-name': name }
  return object('EndpointSlice', namespace, `${name}-x`, { addressType: 'IPv4', ports, endpoints }, labels)
}

const http = { name: 'http', port: 80, protocol: 'TCP' }
const objects = [
  service('default', 'kubernetes', { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP' }] }),
  service('default', 'web', {
    clusterIP: '10.96.0.50',
    ports: [http, { name: 'metrics', port: 9100, protocol: 'UDP' }],
  }),
  service('lab', 'db', { clusterIP: 'None', ports: [{ name: 'sql', port: 3306, protocol: 'TCP' }] }),
  slice(
    'lab',
    'db',
    [{ name: 'sql', port: 3306, protocol: 'TCP' }],
    [
      { addresses: ['172.16.1.7'], hostname: 'db-0', conditions: { ready: true } },
      { addresses: ['172.16.2.7'], conditions: {} },
      { addresses: ['172.16.3.7'], hostname: 'db-2', conditions: { ready: false } },
    ],
  ),
  service('lab', 'empty', { clusterIP: 'None', ports: [http] }),
  service('lab', 'docs', { type: 'ExternalName', externalName: 'kubernetes.io' }),
]
const zone = compileZone({ list: kind => objects.filter(({ kind: name }) => name === kind.kind) }, 1)

/** An answer as `dig +short` prints it. */
function short(answer: ZoneAnswer): string {
  if (typeof answer === 'string') return answer
  if ('alias' in answer) return `alias ${answer.alias.data}`
  return answer.map(({ data }) => data).join(', ') || 'no data'
}

describe('[A12] names of cluster.local', () => {
  const cases: readonly [sentence: string, name: string, type: DnsQuery['type'], answer: string][] = [
    ['a Service has its cluster address', 'web.default.svc.cluster.local', 'A', '10.96.0.50'],
    ['the API server is a Service like others', 'kubernetes.default.svc.cluster.local', 'A', '10.96.0.1'],
    ['names are the same in capitals and with a final dot', 'WEB.Default.svc.cluster.local.', 'A', '10.96.0.50'],
    ['a Service that is not there does not exist', 'shop.default.svc.cluster.local', 'A', 'no such name'],
    ['nor does one of another namespace', 'web.lab.svc.cluster.local', 'A', 'no such name'],
    ['a Service without an IPv6 address exists all the same', 'web.default.svc.cluster.local', 'AAAA', 'no data'],
    [
      'a headless Service has the addresses of its ready endpoints',
      'db.lab.svc.cluster.local',
      'A',
      '172.16.1.7, 172.16.2.7',
    ],
    ['a headless Service without endpoints does not exist', 'empty.lab.svc.cluster.local', 'A', 'no such name'],
    ['an endpoint is found by its hostname', 'db-0.db.lab.svc.cluster.local', 'A', '172.16.1.7'],
    ['an endpoint without a hostname by its address', '172-16-2-7.db.lab.svc.cluster.local', 'A', '172.16.2.7'],
    ['an endpoint that is not ready has no name', 'db-2.db.lab.svc.cluster.local', 'A', 'no such name'],
    ['a port has a name', '_http._tcp.web.default.svc.cluster.local', 'SRV', '0 100 80 web.default.svc.cluster.local.'],
    ['in its protocol only', '_metrics._tcp.web.default.svc.cluster.local', 'SRV', 'no such name'],
    [
      'a headless port names every endpoint',
      '_sql._tcp.db.lab.svc.cluster.local',
      'SRV',
      '0 50 3306 db-0.db.lab.svc.cluster.local., 0 50 3306 172-16-2-7.db.lab.svc.cluster.local.',
    ],
    ['an ExternalName is an alias', 'docs.lab.svc.cluster.local', 'A', 'alias kubernetes.io.'],
    ['a Pod has the name of its address', '172-16-1-2.default.pod.cluster.local', 'A', '172.16.1.2'],
    ['in namespaces that are there', '172-16-1-2.nowhere.pod.cluster.local', 'A', 'no such name'],
    ['a namespace has no address of its own', 'lab.svc.cluster.local', 'A', 'no data'],
    ['an address has a name', '50.0.96.10.in-addr.arpa', 'PTR', 'web.default.svc.cluster.local.'],
    ['an endpoint has one too', '7.1.16.172.in-addr.arpa', 'PTR', 'db-0.db.lab.svc.cluster.local.'],
    ['addresses of others are asked elsewhere', '8.8.8.8.in-addr.arpa', 'PTR', 'not ours'],
    ['names outside are asked elsewhere', 'kubernetes.io', 'A', 'not ours'],
    ['the zone says which specification it follows', 'dns-version.cluster.local', 'TXT', '"1.1.0"'],
    ['nothing else is in the zone', 'web.default.cluster.local', 'A', 'no such name'],
  ]
  it.each(cases)('%s', (_, name, type, expected) => {
    expect(short(lookUp(zone, { name, type }))).toBe(expected)
  })
})
