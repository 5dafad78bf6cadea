import type { Cache } from '../../client/controller.ts'
import { Service } from '../../api/core/service.ts'
import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import type { Upstream } from './servers.ts'

/**
 * Addresses of an upstream, `172.16.1.2:80`: ready endpoints only. Models ingress-nginx
 * internal/ingress/controller/{endpointslices,controller}.go (serviceEndpoints): nginx sends requests to Pods, past the
 * Service's address.
 */
export function endpointsOf(cache: Cache, { namespace, service: name, port }: Upstream): readonly string[] {
  const service = cache.get(Service, name, namespace)
  if (!service) return []
  const { type, externalName, ports = [] } = service.spec
  if (type === 'ExternalName') return externalName === undefined ? [] : [`${externalName}:${port}`]
  const servicePort = ports.find(candidate =>
    typeof port === 'number' ? candidate.port === port : candidate.name === port,
  )
  if (!servicePort) return []
  const addresses = new Set<string>()
  for (const slice of cache.list(EndpointSlice, namespace)) {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== name || slice.addressType !== 'IPv4') continue
    const target = slice.ports?.find(candidate => (candidate.name ?? '') === (servicePort.name ?? ''))?.port
    if (target === undefined) continue
    for (const { addresses: own, conditions } of slice.endpoints ?? []) {
      if (conditions.ready ?? true) for (const address of own) addresses.add(`${address}:${target}`)
    }
  }
  return [...addresses].sort()
}
