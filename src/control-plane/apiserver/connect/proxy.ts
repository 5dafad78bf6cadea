import type { Node } from '../../../api/generated/core.v1.ts'
import type { EndpointSlice } from '../../../api/generated/discovery.v1.ts'
import { ApiError, badRequest, notFound } from '../../../machinery/status.ts'
import type { StreamRef } from '../../../machinery/streams.ts'
import { get, range } from '../../etcd/store.ts'
import { type Call, nameOf } from '../call.ts'
import type { HttpRequest } from '../http/message.ts'
import type { KubeletRefusal, ProxyRequest } from '../kubelet-door.ts'
import { endpointSlices, nodes, services } from '../known.ts'
import { isOf } from '../objects.ts'
import { keyFor } from '../resources.ts'
import type { Connecting } from './connecting.ts'
import { doorOf, podOf } from './pods.ts'

/** `[scheme:]name[:port]`: SplitSchemeNamePort of apimachinery/pkg/util/net. */
function parseName(id: string): { scheme: ProxyRequest['scheme']; name: string; port: string } {
  const parts = id.split(':')
  const [first = '', second = '', third = ''] = parts
  if (parts.length === 3 && (first === 'http' || first === 'https' || first === '')) {
    return { scheme: first === 'https' ? 'https' : 'http', name: second, port: third }
  }
  if (parts.length > 2 || first === '') throw badRequest(`invalid proxy request "${id}"`)
  return { scheme: 'http', name: first, port: second }
}

/** `pods/proxy`: ResourceLocation of registry/core/pod/strategy.go. */
export function proxyToPod(connecting: Connecting): StreamRef | KubeletRefusal {
  const { scheme, name, port } = parseName(nameOf(connecting.call))
  const pod = podOf({ ...connecting.call, request: { ...connecting.call.request, name } })
  const open = pod.spec.containers.flatMap(({ ports = [] }) => ports)
  const number = port === '' ? open[0]?.containerPort : Number(port)
  if (number !== undefined && Number.isNaN(number)) throw badRequest(`invalid port "${port}"`)
  const { podIP } = pod.status
  if (!podIP) throw badRequest('address not allowed')
  return forward(connecting, { scheme, host: podIP, port: number ?? (scheme === 'https' ? 443 : 80) })
}

/** `services/proxy`: to one of the ready endpoints (registry/core/service/storage/storage.go, ResourceLocation). */
export function proxyToService(connecting: Connecting): StreamRef | KubeletRefusal {
  const { call } = connecting
  const { scheme, name, port } = parseName(nameOf(call))
  const { etcd, resource, namespace } = call
  const service = get(etcd, keyFor(resource, namespace, name))?.value
  if (!isOf(services, service)) throw notFound(resource.kind, name)
  const { ports = [] } = service.spec
  const found =
    port === ''
      ? ports.length === 1
        ? ports[0]
        : undefined
      : ports.find(each => each.name === port || String(each.port) === port)
  if (!found) throw new ApiError('ServiceUnavailable', `no service port "${port}" found for service "${name}"`)
  const ends = slicesOf(call, name).flatMap(slice => endsOf(slice, found.name ?? ''))
  const end = ends[Math.floor(call.self.random() * ends.length)]
  if (!end) throw new ApiError('ServiceUnavailable', `no endpoints available for service "${name}"`)
  return forward(connecting, { scheme, ...end })
}

function slicesOf({ server, etcd, namespace = '' }: Call, service: string): EndpointSlice[] {
  const { group, version, plural } = endpointSlices
  const place = server.resources.find(group, version, plural)
  const entries = place ? range(etcd, `${place.prefix}${namespace}/`) : []
  return entries.flatMap(({ value }) =>
    isOf(endpointSlices, value) && value.metadata.labels?.['kubernetes.io/service-name'] === service ? [value] : [],
  )
}

function endsOf({ endpoints = [], ports = [] }: EndpointSlice, portName: string): { host: string; port: number }[] {
  const number = ports.find(({ name = '' }) => name === portName)?.port
  if (number === undefined) return []
  return endpoints.flatMap(({ addresses, conditions }) =>
    conditions?.ready === false ? [] : addresses.slice(0, 1).map(host => ({ host, port: number })),
  )
}

/** `nodes/proxy`: to the kubelet, or to another port of the machine. */
export function proxyToNode(connecting: Connecting): StreamRef | KubeletRefusal {
  const { call } = connecting
  const { scheme, name, port } = parseName(nameOf(call))
  const node = get(call.etcd, keyFor(call.resource, undefined, name))?.value
  if (!isOf(nodes, node)) throw notFound(call.resource.kind, name)
  const number = port === '' ? (node.status.daemonEndpoints?.kubeletEndpoint?.Port ?? 10_250) : Number(port)
  return forward(connecting, { scheme: port === '' ? 'https' : scheme, host: addressOf(node), port: number })
}

function addressOf({ metadata: { name }, status: { addresses = [] } }: Node): string {
  return addresses.find(({ type }) => type === 'InternalIP')?.address ?? name
}

function forward(
  { call, http, rest, target }: Connecting,
  to: Pick<ProxyRequest, 'scheme' | 'host' | 'port'>,
): StreamRef | KubeletRefusal {
  const path = rest.startsWith('/') ? rest : `/${rest}`
  const { method, body } = http
  const request = { method, path, headers: headersFor(http, to), ...(body !== undefined && { body }) }
  return doorOf(call).proxy(call.self.name, { ...to, http: request }, target)
}

/** Credentials for the API server are not for others; nor is what belongs to the connection. */
const ownHeaders = new Set(['authorization', 'host', 'connection', 'upgrade', 'content-length', 'transfer-encoding'])

function headersFor({ headers }: HttpRequest, to: Pick<ProxyRequest, 'host' | 'port'>): Record<string, string> {
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || ownHeaders.has(name.toLowerCase()) || name.startsWith('Impersonate-')) return []
    return [[name, typeof value === 'string' ? value : value.join(', ')]]
  })
  const sent: Record<string, string> = Object.fromEntries(kept)
  return { Host: `${to.host}:${to.port}`, ...sent }
}
