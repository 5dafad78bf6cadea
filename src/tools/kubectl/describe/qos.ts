import type { JsonObject } from '../../../machinery/json-value.ts'
import { fields, objectsAt } from '../unstructured.ts'

/** The quality of service that a Pod's resources give it, for Pods whose status does not say. */
export function qosOf(pod: JsonObject): string {
  const containers = [...objectsAt(pod, 'spec', 'initContainers'), ...objectsAt(pod, 'spec', 'containers')]
  const amounts = containers.map(({ resources }) => ({
    requests: fields(fields(resources).requests),
    limits: fields(fields(resources).limits),
  }))
  if (amounts.every(({ requests, limits }) => Object.keys({ ...requests, ...limits }).length === 0)) return 'BestEffort'
  const isWhole = amounts.every(({ requests, limits }) =>
    ['cpu', 'memory'].every(
      name => limits[name] !== undefined && (requests[name] === undefined || requests[name] === limits[name]),
    ),
  )
  return isWhole ? 'Guaranteed' : 'Burstable'
}
