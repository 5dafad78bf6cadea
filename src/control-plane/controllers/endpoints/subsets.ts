import type { Endpoints } from '../../../api/core/endpoints.ts'
import { isReady, type Pod } from '../../../api/core/pod.ts'
import type { Service } from '../../../api/core/service.ts'
import { portsOn, type ResolvedPort } from './ports.ts'
import { addressOf, hasHostname, mayBeEndpoint } from './selection.ts'

export type Subset = NonNullable<Endpoints['subsets']>[number]
type Address = NonNullable<Subset['addresses']>[number]

/** What a Pod adds to the Endpoints of a Service. */
export interface Place {
  readonly address: Address
  readonly ports: readonly ResolvedPort[]
  readonly portKey: string
  readonly isServing: boolean
}

/** A Pod's place; null when the Pod is none of the Service's endpoints. */
export function placeOf(pod: Pod, service: Service): Place | null {
  const { publishNotReadyAddresses = false } = service.spec
  // An endpoint that is on its way out is none here: this object knows no terminating addresses.
  if (!mayBeEndpoint(pod) || (pod.metadata.deletionTimestamp && !publishNotReadyAddresses)) return null
  const ports = portsOn(pod, service)
  const isServing = isReady(pod) || publishNotReadyAddresses
  return { address: addressFor(pod, service), ports, portKey: JSON.stringify(ports), isServing }
}

interface Group {
  readonly ports: readonly ResolvedPort[]
  readonly ready: Address[]
  readonly notReady: Address[]
}

/** Addresses with the same ports in one subset, in the order of the places. Models pkg/api/v1/endpoints/util.go. */
export function subsetsOf(
  { spec }: Service,
  places: readonly Place[],
  capacity: number,
): { subsets: Subset[]; isCut: boolean } {
  const groups = new Map<string, Group>()
  for (const { address, ports, portKey, isServing } of places) {
    if (ports.length === 0 && (spec.ports?.length || spec.clusterIP !== 'None')) continue
    let group = groups.get(portKey)
    if (!group) groups.set(portKey, (group = { ports, ready: [], notReady: [] }))
    ;(isServing ? group.ready : group.notReady).push(address)
  }
  const isCut = places.length > capacity
  let room = capacity
  const subsets: Subset[] = []
  for (const { ports, ready, notReady } of groups.values()) {
    const addresses = ready.slice(0, room)
    room -= addresses.length
    const notReadyAddresses = notReady.slice(0, room)
    room -= notReadyAddresses.length
    subsets.push({
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports.length > 0 && { ports: ports.map(({ name, ...port }) => ({ ...(name && { name }), ...port })) }),
    })
  }
  return { subsets, isCut }
}

/** Places by address. `before` is their order at the last sync: what is in order already is not sorted again. */
export function inOrder(places: readonly Place[], before: readonly Place[]): readonly Place[] {
  const present = new Set(places)
  const kept = before.filter(place => present.delete(place))
  return present.size === 0 ? kept : [...kept, ...[...present].sort(byAddress)].sort(byAddress)
}

function addressFor(pod: Pod, service: Service): Address {
  const { name, namespace, uid } = pod.metadata
  const { nodeName, hostname } = pod.spec
  return {
    ip: addressOf(pod) ?? '',
    ...(hasHostname(pod, service) && hostname !== undefined && { hostname }),
    ...(nodeName !== undefined && { nodeName }),
    targetRef: { kind: 'Pod', ...(namespace !== undefined && { namespace }), name, uid },
  }
}

function byAddress(a: Place, b: Place): number {
  return a.address.ip < b.address.ip ? -1 : a.address.ip > b.address.ip ? 1 : 0
}
