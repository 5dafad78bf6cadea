import type { Node } from '../../../api/core/node.ts'
import { isReady, type Pod } from '../../../api/core/pod.ts'
import type { Service } from '../../../api/core/service.ts'
import type { Endpoint, EndpointSlice } from '../../../api/discovery/endpointslice.ts'
import { isEqual } from '../../../machinery/object.ts'
import { addressOf, hasHostname } from '../endpoints/selection.ts'
import type { ResolvedPort } from '../endpoints/ports.ts'

/** The endpoints that a Service should have with the same ports. */
export interface Desired {
  readonly ports: readonly ResolvedPort[]
  /** By what makes them the same. Emptied while slices are planned. */
  readonly endpoints: Map<string, Endpoint>
}

/** A Pod as an endpoint of a Service. Models podToEndpoint of staging/src/k8s.io/endpointslice/utils.go. */
export function endpointOf(pod: Pod, node: Node | undefined, service: Service): { key: string; endpoint: Endpoint } {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata
  const serving = isReady(pod)
  const terminating = deletionTimestamp !== undefined
  // A Pod on its way out is not ready for new connections, unless the Service publishes everybody.
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating)
  const { nodeName, hostname } = pod.spec
  const zone = zoneOf(node)
  const endpoint: Endpoint = {
    addresses: [addressOf(pod) ?? ''],
    conditions: { ready, serving, terminating },
    ...(hasHostname(pod, service) && hostname !== undefined && { hostname }),
    targetRef: { kind: 'Pod', ...(namespace !== undefined && { namespace }), name, uid },
    ...(nodeName !== undefined && { nodeName }),
    ...(zone && { zone }),
  }
  return { key: keyOfEndpoint(endpoint), endpoint }
}

export function zoneOf(node: Node | undefined): string | undefined {
  return node?.metadata.labels?.['topology.kubernetes.io/zone']
}

/** What makes an endpoint the same endpoint although its conditions change: addresses, host name, Pod. */
function keyOfEndpoint({ addresses, hostname, targetRef }: Endpoint): string {
  return `${addresses.join(',')} ${hostname ?? ''} ${targetRef?.namespace ?? ''}/${targetRef?.name ?? ''}`
}

/** The keys of a slice's endpoints: a memo, most slices stay as they are. */
export function keysOfEndpoints(slice: EndpointSlice): readonly string[] {
  let keys = sliceKeys.get(slice)
  if (!keys) sliceKeys.set(slice, (keys = (slice.endpoints ?? []).map(keyOfEndpoint)))
  return keys
}

const sliceKeys = new WeakMap<EndpointSlice, readonly string[]>()

export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return (
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    a.conditions.ready === b.conditions.ready &&
    a.conditions.serving === b.conditions.serving &&
    a.conditions.terminating === b.conditions.terminating &&
    isEqual(a.targetRef, b.targetRef)
  )
}
