import type { Endpoints } from '../../../api/core/endpoints.ts'
import { isReady, type Pod } from '../../../api/core/pod.ts'
import type { Service } from '../../../api/core/service.ts'
import { portsOn, type ResolvedPort } from './ports.ts'
import { addressOf, hasHostname } from './selection.ts'

export type Subset = NonNullable<Endpoints['subsets']>[number]
type Address = NonNullable<Subset['addresses']>[number]

interface Group {
  readonly ports: readonly ResolvedPort[]
  readonly ready: Address[]
  readonly notReady: Address[]
}

/** Addresses with the same ports in one subset, sorted. Models pkg/api/v1/endpoints/util.go, RepackSubsets. */
export function subsetsOf(
  service: Service,
  pods: readonly Pod[],
  capacity: number,
): { subsets: Subset[]; isCut: boolean } {
  const groups = new Map<string, Group>()
  for (const pod of pods) {
    const ports = portsOn(pod, service)
    const isAllowed = ports.length > 0 || (!service.spec.ports?.length && service.spec.clusterIP === 'None')
    if (!isAllowed) continue
    const key = JSON.stringify(ports)
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { ports, ready: [], notReady: [] }))
    const isServing = isReady(pod) || service.spec.publishNotReadyAddresses === true
    ;(isServing ? group.ready : group.notReady).push(addressFor(pod, service))
  }
  const isCut = pods.length > capacity
  let room = capacity
  const subsets: Subset[] = []
  for (const { ports, ready, notReady } of groups.values()) {
    const addresses = ready.sort(byAddress).slice(0, room)
    room -= addresses.length
    const notReadyAddresses = notReady.sort(byAddress).slice(0, room)
    room -= notReadyAddresses.length
    subsets.push({
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports.length > 0 && { ports: ports.map(({ name, ...port }) => ({ ...(name && { name }), ...port })) }),
    })
  }
  return { subsets, isCut }
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

function byAddress(a: Address, b: Address): number {
  return a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0
}
