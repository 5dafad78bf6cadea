import { isReady, type Pod } from '../../../api/core/pod.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import { Service } from '../../../api/core/service.ts'
import type { Cache } from '../../../client/controller.ts'
import { matchesSet } from '../../../machinery/labels.ts'
import { isEqual } from '../../../machinery/object.ts'

/** Pods behind Services. Models staging/src/k8s.io/endpointslice/util/controller_utils.go. */

/** Keys of the Services whose endpoints a change of a Pod may change. */
export function servicesOf(old: Pod | undefined, next: Pod | undefined, cache: Cache): string[] {
  const pod = next ?? old
  if (!pod || (old && next && !isNews(old, next))) return []
  const keys: string[] = []
  for (const service of cache.list(Service, pod.metadata.namespace)) {
    const selects = (each: Pod | undefined): boolean => each !== undefined && selectsPod(service, each)
    if (selects(next) || selects(old)) keys.push(`${service.metadata.namespace}/${service.metadata.name}`)
  }
  return keys
}

export function selectsPod({ spec }: Service, { metadata }: Pod): boolean {
  return spec.selector !== undefined && matchesSet(spec.selector, metadata.labels)
}

function isNews(old: Pod, next: Pod): boolean {
  return (
    old.metadata.deletionTimestamp !== next.metadata.deletionTimestamp ||
    isReady(old) !== isReady(next) ||
    isTerminal(old) !== isTerminal(next) ||
    !isEqual(old.status.podIPs, next.status.podIPs) ||
    old.spec.nodeName !== next.spec.nodeName ||
    old.spec.hostname !== next.spec.hostname ||
    old.spec.subdomain !== next.spec.subdomain ||
    !isEqual(old.metadata.labels, next.metadata.labels)
  )
}

/** Whether a Pod can be an endpoint at all: it has an address and is not over. */
export function mayBeEndpoint(pod: Pod): boolean {
  return !isTerminal(pod) && addressOf(pod) !== undefined
}

export function addressOf({ status }: Pod): string | undefined {
  return status.podIPs?.[0]?.ip ?? status.podIP
}

/** Whether DNS knows the Pod by its own name below the Service's. */
export function hasHostname({ metadata, spec }: Pod, service: Service): boolean {
  return (
    Boolean(spec.hostname) &&
    spec.subdomain === service.metadata.name &&
    metadata.namespace === service.metadata.namespace
  )
}

const headlessLabel = 'service.kubernetes.io/headless'

/** The labels of what is written for a Service: its own, and whether it has an address. */
export function inheritedLabels(service: Service): Record<string, string> {
  const { [headlessLabel]: _, ...labels } = service.metadata.labels ?? {}
  return isHeadless(service) ? { ...labels, [headlessLabel]: '' } : labels
}

/** Whether a Service has no address of its own. */
export function isHeadless({ spec }: Service): boolean {
  return !spec.clusterIP || spec.clusterIP === 'None'
}
