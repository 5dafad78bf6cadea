import { Node } from '../../../api/core/node.ts'
import { Pod } from '../../../api/core/pod.ts'
import { Service } from '../../../api/core/service.ts'
import { type Endpoint, EndpointSlice } from '../../../api/discovery/endpointslice.ts'
import { type Cache, defineController, watchOf } from '../../../client/controller.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'
import { mayBeEndpoint, selectsPod, servicesOf } from '../endpoints/selection.ts'
import { forgetPods, lookAtPods } from '../endpoints/known-pods.ts'
import { type Desired, endpointOf, zoneOf } from './endpoint.ts'
import { portsOn, type ResolvedPort } from '../endpoints/ports.ts'
import { planSlices } from './plan.ts'
import { isManaged, serviceOf } from './slices.ts'
import { forgetTracker, isNews, isStale, trackerOf } from './tracker.ts'
import { write } from './write.ts'

/** defaultSyncBackOff: how long to wait for slices that the cache does not show yet. */
const staleBackOffMs = 1000

/**
 * Writes EndpointSlices: who serves a Service, a hundred endpoints a slice. Models
 * pkg/controller/endpointslice/endpointslice_controller.go and staging/src/k8s.io/endpointslice/reconciler.go.
 */
export const endpointSliceController = defineController({
  name: 'endpoint-slice-controller',
  serviceAccount: 'endpointslice-controller',
  reconciles: Service,
  watches: [
    watchOf(Pod, servicesOf),
    watchOf(EndpointSlice, (old, next, _cache, memory) => sliceKeys(old, next, memory)),
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
    // The cache trails our own writes: planning on old slices would fill them twice.
    const tracker = trackerOf(memory, key)
    if (isStale(tracker, slices)) return { requeueAfterMs: staleBackOffMs }
    const pods = cache.list(Pod, metadata.namespace).filter(pod => selectsPod(service, pod))
    const nodeOf = (pod: Pod): Node | undefined => cache.get(Node, pod.spec.nodeName ?? '')
    const { values, since } = lookAtPods(
      context,
      service,
      pods,
      pod => placeOf(pod, nodeOf(pod), service),
      (pod, place) => isOn(place, nodeOf(pod)),
    )
    const desired = desiredOf(service, values)
    const failure = attempt(() => write(context, service, planSlices(service, slices, desired.groups), since, tracker))
    if (failure) {
      const text = `Error updating Endpoint Slices for Service ${key}: ${failure.message}`
      event(service, 'Warning', 'FailedToUpdateEndpointSlices', text)
      throw failure
    }
    if (desired.missing) throw new ApiError('', desired.missing)
  },

  removed(key, { memory }) {
    forgetTracker(memory, key)
    forgetPods(key, memory)
  },
})

/** The Services of a slice that somebody else has changed or taken away: what we wrote is no news. */
function sliceKeys(
  old: EndpointSlice | undefined,
  next: EndpointSlice | undefined,
  memory: Map<string, unknown>,
): string[] {
  const isOurs = [old, next].some(slice => slice && isManaged(slice))
  if (!isOurs) return []
  const names = new Set([old, next].flatMap(each => (each ? [serviceOf(each)] : [])))
  const slice = next ?? old
  const keys = [...names].map(name => `${slice?.metadata.namespace}/${name}`)
  const isMoved = names.size > 1 || (old && next && isManaged(old) !== isManaged(next))
  if (isMoved || !slice) return keys
  return keys.filter(key => isNews(trackerOf(memory, key), slice, next === undefined))
}

/** Endpoints on nodes that the cache did not know were left out: the node is there now. */
function servicesWaitingFor(node: string, cache: Cache): string[] {
  const keys = new Set<string>()
  for (const pod of cache.list(Pod)) {
    if (pod.spec.nodeName === node) for (const key of servicesOf(undefined, pod, cache)) keys.add(key)
  }
  return [...keys]
}

/** A Pod as one of a Service's endpoints. */
interface Place {
  readonly key: string
  readonly endpoint: Endpoint
  readonly ports: readonly ResolvedPort[]
  readonly portKey: string
  readonly hasNode: boolean
  readonly zone: string | undefined
}

function placeOf(pod: Pod, node: Node | undefined, service: Service): Place | null {
  if (!mayBeEndpoint(pod)) return null
  const ports = portsOn(pod, service)
  const portKey = JSON.stringify(ports)
  return { ...endpointOf(pod, node, service), ports, portKey, hasNode: node !== undefined, zone: zoneOf(node) }
}

function isOn(place: Place | null, node: Node | undefined): boolean {
  return place === null || (place.hasNode === (node !== undefined) && place.zone === zoneOf(node))
}

interface DesiredGroups {
  /** Endpoints by their ports: a slice holds endpoints of the same ports. */
  readonly groups: Map<string, Desired>
  /** Why an endpoint was left out that must be looked at again. */
  missing?: string
}

function desiredOf(service: Service, places: readonly (Place | null)[]): DesiredGroups {
  const desired: DesiredGroups = { groups: new Map() }
  for (const place of places) {
    if (!place) continue
    const { key, endpoint, ports, portKey, hasNode } = place
    let group = desired.groups.get(portKey)
    if (!group) desired.groups.set(portKey, (group = { ports, endpoints: new Map() }))
    if (!hasNode && !service.spec.publishNotReadyAddresses) {
      const { name, namespace } = service.metadata
      const { targetRef, nodeName } = endpoint
      desired.missing = `skipping Pod ${targetRef?.name} for Service ${namespace}/${name}: Node ${nodeName} Not Found`
      continue
    }
    group.endpoints.set(key, endpoint)
  }
  return desired
}
