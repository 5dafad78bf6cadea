import { Ingress } from '../../api/networking/ingress.ts'
import { drawingOf, idOf, relation } from '../contribution.ts'

/** An Ingress with its hosts and a line to every Service that it names. */
export const ingressDrawing = drawingOf(Ingress, (ingress, order) => {
  const { metadata, spec, status } = ingress
  const namespace = metadata.namespace ?? ''
  const id = idOf.ingress(namespace, metadata.name)
  const paths = (spec.rules ?? []).flatMap(rule => rule.http?.paths ?? [])
  const backends = [spec.defaultBackend, ...paths.map(path => path.backend)]
  const services = new Set(backends.flatMap(backend => (backend?.service ? [backend.service.name] : [])))
  const hosts = new Set((spec.rules ?? []).map(rule => rule.host ?? '*'))
  const address = status.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? '').join(',')
  return {
    items: [
      {
        id,
        type: 'ingress',
        kind: 'Ingress',
        resource: Ingress.resource,
        name: metadata.name,
        namespace,
        tone: 'good',
        status: spec.ingressClassName ?? '<none>',
        facts: {
          hosts: [...hosts].join(',') || '*',
          paths: paths.map(path => path.path ?? '/').join(','),
          ...(address && { address }),
        },
        order,
      },
    ],
    relations: [
      relation('exposes', idOf.outside, id),
      ...[...services].map(name => relation('routes', id, idOf.service(namespace, name))),
    ],
  }
})
