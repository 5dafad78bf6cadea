import { Service } from '../../api/core/service.ts'
import { drawingOf, idOf, relation } from '../contribution.ts'

/** A Service with its address and ports. The lines to Pods come from its EndpointSlices, because traffic does too. */
export const serviceDrawing = drawingOf(Service, (service, order) => {
  const { metadata, spec, status } = service
  const namespace = metadata.namespace ?? ''
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  )
  const external = status.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? '').join(',')
  const isOpen = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  const id = idOf.service(namespace, metadata.name)
  const pending = spec.type === 'LoadBalancer' && !external
  return {
    items: [
      {
        id,
        type: 'service',
        kind: 'Service',
        resource: Service.resource,
        name: metadata.name,
        namespace,
        tone: pending ? 'busy' : 'good',
        status: pending ? '<pending>' : spec.type,
        facts: {
          type: spec.type,
          address: spec.externalName ?? (spec.clusterIP === 'None' ? 'headless' : (spec.clusterIP ?? '')),
          ports: ports.join(','),
          ...(external && { external }),
        },
        order,
      },
    ],
    relations: isOpen ? [relation('exposes', idOf.outside, id)] : [],
  }
})
