import { Node } from '../../../api/core/node.ts'
import { Pod } from '../../../api/core/pod.ts'
import { Service } from '../../../api/core/service.ts'
import { EndpointSlice } from '../../../api/discovery/endpointslice.ts'
import { type Cache, type Context, defineController, watchOf } from '../../../client/controller.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'
import { mayBeEndpoint, selectsPod, servicesOf } from '../endpoints/selection.ts'
import { forgetTriggerTimes, triggerTime } from '../endpoints/trigger-time.ts'
import { type Desired, endpointOf } from './endpoint.ts'
import { portsOn, type ResolvedPort } from '../endpoints/ports.ts'
import { planSlices } from './plan.ts'
import { isManaged, isStale, serviceOf, trackerOf } from './slices.ts'
import { write } from './write.ts'

const trackPrefix = 'slices of '

/**
 * Writes EndpointSlices: who serves a Service, a hundred endpoints a slice. Models
 * pkg/controller/endpointslice/endpointslice_controller.go and staging/src/k8s.io/endpointslice/reconciler.go.
 */
export const endpointSliceController = defineController({
  name: 'endpoint-slice-controller',
  reconciles: Service,
  watches: [
    watchOf(Pod, servicesOf),
    watchOf(EndpointSlice, (old, next) => sliceKeys(old, next)),
    watchOf(Node, (old, next, cache) => (old || !next ? [] : servicesWaitingFor(next.metadata.name, cache))),
  ],
  maxRetries: 15,

  reconcile(service, context) {
    const { cache, event, key, memory } = context
    const { spec, metadata } = service
    // Who selects no Pods writes the slices himself.
    if (spec.type === 'ExternalName' || !spec.selector) return
    const slices = cache
      .list(EndpointSlice, metadata.namespace)
      .filter(slice => isManaged(slice) && serviceOf(slice) === metadata.name && !slice.metadata.deletionTimestamp)
    // The cache trails our own writes: planning on old slices would fill them twice. The slice that is missed wakes us.
    const tracker = trackerOf(memory, trackPrefix + key)
    if (isStale(tracker, slices)) return
    const pods = cache.list(Pod, metadata.namespace).filter(pod => selectsPod(service, pod))
    const since = triggerTime(context, service, pods)
    const desired = desiredOf(service, pods, context)
    const failure = attempt(() => write(context, service, planSlices(service, slices, desired.groups), since, tracker))
    if (failure) {
      const text = `Error updating Endpoint Slices for Service ${key}: ${failure.message}`
      event(service, 'Warning', 'FailedToUpdateEndpointSlices', text)
      throw failure
    }
    if (desired.missing) throw new ApiError('', desired.missing)
  },

  removed(key, { memory }) {
    memory.delete(trackPrefix + key)
    forgetTriggerTimes(key, memory)
  },
})

/** A slice that somebody else changed, or that we wait to see. */
function sliceKeys(old: EndpointSlice | undefined, next: EndpointSlice | undefined): string[] {
  const slice = next ?? old
  if (!slice || !isManaged(slice)) return []
  const names = new Set([old, next].flatMap(each => (each ? [serviceOf(each)] : [])))
  return [...names].map(name => `${slice.metadata.namespace}/${name}`)
}

/** Endpoints on nodes that the cache did not know were left out: the node is there now. */
function servicesWaitingFor(node: string, cache: Cache): string[] {
  const keys = new Set<string>()
  for (const pod of cache.list(Pod)) {
    if (pod.spec.nodeName === node) for (const key of servicesOf(undefined, pod, cache)) keys.add(key)
  }
  return [...keys]
}

interface KnownPorts {
  readonly ports: readonly ResolvedPort[]
  readonly portKey: string
}

/** What was worked out for a Pod and a Service that have not changed since: one Pod changes, the others are as they were. */
const known = new WeakMap<Service, WeakMap<Pod, KnownPorts>>()

function portsKnown(pod: Pod, service: Service): KnownPorts {
  let ofService = known.get(service)
  if (!ofService) known.set(service, (ofService = new WeakMap()))
  let found = ofService.get(pod)
  if (!found) {
    const ports = portsOn(pod, service)
    ofService.set(pod, (found = { ports, portKey: JSON.stringify(ports) }))
  }
  return found
}

interface DesiredGroups {
  /** Endpoints by their ports: a slice holds endpoints of the same ports. */
  readonly groups: Map<string, Desired>
  /** Why an endpoint was left out that must be looked at again. */
  missing?: string
}

function desiredOf(service: Service, pods: readonly Pod[], { cache }: Context): DesiredGroups {
  const desired: DesiredGroups = { groups: new Map() }
  for (const pod of pods) {
    if (!mayBeEndpoint(pod)) continue
    const { ports, portKey } = portsKnown(pod, service)
    let group = desired.groups.get(portKey)
    if (!group) desired.groups.set(portKey, (group = { ports, endpoints: new Map() }))
    const node = cache.get(Node, pod.spec.nodeName ?? '')
    if (!node && !service.spec.publishNotReadyAddresses) {
      const { name, namespace } = service.metadata
      desired.missing = `skipping Pod ${pod.metadata.name} for Service ${namespace}/${name}: Node ${pod.spec.nodeName} Not Found`
      continue
    }
    const endpoint = endpointOf(pod, node, service)
    group.endpoints.set(endpoint.key, endpoint.endpoint)
  }
  return desired
}
