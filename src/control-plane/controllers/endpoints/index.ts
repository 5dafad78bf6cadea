import { Endpoints } from '../../../api/core/endpoints.ts'
import { Pod } from '../../../api/core/pod.ts'
import { Service } from '../../../api/core/service.ts'
import { type Context, defineController, watchOf } from '../../../client/controller.ts'
import { isEqual, keyOf } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { isNamespaceGoing } from '../pod-control.ts'
import { forgetPods, lookAtPods } from './known-pods.ts'
import { inheritedLabels, selectsPod, servicesOf } from './selection.ts'
import { inOrder, type Place, placeOf, type Subset, subsetsOf } from './subsets.ts'
import { withTriggerTime } from './trigger-time.ts'

const managerLabel = 'endpoints.kubernetes.io/managed-by'
const capacityKey = 'endpoints.kubernetes.io/over-capacity'
/** The most addresses of one object. */
const capacity = 1000
const orderPrefix = 'order of '

/** Writes the old Endpoints beside the slices. Models pkg/controller/endpoint/endpoints_controller.go. */
export const endpointsController = defineController({
  name: 'endpoint-controller',
  reconciles: Service,
  watches: [
    watchOf(Pod, servicesOf),
    watchOf(Endpoints, (old, next) => {
      // Only who takes them away wakes us: what we or others write is not looked at again.
      return old && !next ? [keyOf(old)] : []
    }),
  ],
  maxRetries: 15,

  reconcile(service, context) {
    const { cache, event, key, memory } = context
    const { spec, metadata } = service
    if (spec.type === 'ExternalName' || !spec.selector) return
    const pods = cache.list(Pod, metadata.namespace).filter(pod => selectsPod(service, pod))
    const { values, since } = lookAtPods(context, service, pods, pod => placeOf(pod, service))
    const places = inOrder(
      values.filter(place => place !== null),
      orderIn(memory.get(orderPrefix + key)),
    )
    memory.set(orderPrefix + key, Object.freeze(places))
    const { subsets, isCut } = subsetsOf(service, places, capacity)
    const failure = attempt(() => write(service, subsets, isCut, since, context))
    if (!failure || isNamespaceGoing(failure)) return
    event(service, 'Warning', 'FailedToUpdateEndpoint', `Failed to update endpoint ${key}: ${failure.message}`)
    throw failure
  },

  removed(key, { api, cache, memory }) {
    forgetPods(key, memory)
    memory.delete(orderPrefix + key)
    const [namespace = '', name = ''] = key.split('/')
    const left = cache.get(Endpoints, name, namespace)
    if (!left) return
    const failure = attempt(() => api.delete(Endpoints, left))
    if (failure && failure.reason !== 'NotFound') throw failure
  },
})

function write(
  service: Service,
  subsets: Subset[],
  isCut: boolean,
  since: string | undefined,
  { api, cache }: Context,
): void {
  const { name, namespace } = service.metadata
  const present = cache.get(Endpoints, name, namespace)
  const labels = { ...inheritedLabels(service), [managerLabel]: 'endpoint-controller' }
  const isSame =
    isEqual(present?.subsets ?? [], subsets) &&
    isEqual(present?.metadata.labels, labels) &&
    Boolean(present?.metadata.annotations?.[capacityKey]) === isCut
  if (present && isSame) return
  const { [capacityKey]: _cut, ...timed } = withTriggerTime(present?.metadata.annotations, since)
  const annotations = isCut ? { ...timed, [capacityKey]: 'truncated' } : timed
  const noted = Object.keys(annotations).length > 0 ? { annotations } : undefined
  if (!present) {
    api.create(Endpoints, {
      metadata: { name, ...(namespace !== undefined && { namespace }), labels, ...noted },
      subsets,
    })
    return
  }
  const { annotations: _, ...metadata } = present.metadata
  api.update(Endpoints, { ...present, subsets, metadata: { ...metadata, labels, ...noted } })
}

/** The places of the last sync as the memory holds them. */
function orderIn(value: unknown): readonly Place[] {
  return Array.isArray(value) ? value : []
}
