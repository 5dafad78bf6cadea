import { Service } from '../../../api/core/service.ts'
import type { Endpoint, EndpointSlice } from '../../../api/discovery/endpointslice.ts'
import type { NewObject } from '../../../client/api.ts'
import { isEqual } from '../../../machinery/object.ts'
import { controllerReference } from '../ownership.ts'
import { inheritedLabels } from '../endpoints/selection.ts'
import type { ResolvedPort } from '../endpoints/ports.ts'

const serviceLabel = 'kubernetes.io/service-name'
const managerLabel = 'endpointslice.kubernetes.io/managed-by'
const manager = 'endpointslice-controller.k8s.io'

export const endpointsPerSlice = 100

export function isManaged({ metadata }: EndpointSlice): boolean {
  return metadata.labels?.[managerLabel] === manager
}

export function serviceOf({ metadata }: EndpointSlice): string {
  return metadata.labels?.[serviceLabel] ?? ''
}

export function isOwnedBy({ metadata }: EndpointSlice, service: Service): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid) ?? false
}

/** A slice's labels: the Service's, and whose slice it is. */
export function labelsFor(service: Service): Record<string, string> {
  return { ...inheritedLabels(service), [serviceLabel]: service.metadata.name, [managerLabel]: manager }
}

export function hasLabels(slice: EndpointSlice, labels: Record<string, string>): boolean {
  return isEqual(slice.metadata.labels, labels)
}

/** A slice that is not there yet. */
export interface SliceDraft extends NewObject<EndpointSlice> {
  metadata: NonNullable<NewObject<EndpointSlice>['metadata']>
  endpoints: Endpoint[]
}

export function newSlice(service: Service, ports: readonly ResolvedPort[]): SliceDraft {
  const { name, namespace } = service.metadata
  return {
    metadata: {
      generateName: `${name}-`,
      ...(namespace !== undefined && { namespace }),
      labels: labelsFor(service),
      ownerReferences: [controllerReference(Service, service)],
    },
    addressType: addressTypeOf(service),
    endpoints: [],
    ports: [...ports],
  }
}

/** The simulation's Pods have one address each, so a Service of two families gets slices of the first. */
function addressTypeOf({ spec }: Service): 'IPv4' | 'IPv6' {
  return spec.ipFamilies?.[0] === 'IPv6' ? 'IPv6' : 'IPv4'
}
