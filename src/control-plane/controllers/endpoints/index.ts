import { Endpoints } from '../../../api/core/endpoints.ts'
import { Pod } from '../../../api/core/pod.ts'
import { Service } from '../../../api/core/service.ts'
import { type Context, defineController, watchOf } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { isNamespaceGoing } from '../pod-control.ts'
import { inheritedLabels, mayBeEndpoint, selectsPod, servicesOf } from './selection.ts'
import { type Subset, subsetsOf } from './subsets.ts'
import { forgetTriggerTimes, triggerTime, withTriggerTime } from './trigger-time.ts'

const managerLabel = 'endpoints.kubernetes.io/managed-by'
const capacityKey = 'endpoints.kubernetes.io/over-capacity'
/** The most addresses of one object. */
const capacity = 1000

/** Writes the old Endpoints beside the slices. Models pkg/controller/endpoint/endpoints_controller.go. */
export const endpointsController = defineController({
  name: 'endpoint-controller',
  reconciles: Service,
  watches: [
    watchOf(Pod, servicesOf),
    watchOf(Endpoints, (old, next) => {
      const changed = next ?? old
      return changed ? [`${changed.metadata.namespace}/${changed.metadata.name}`] : []
    }),
  ],
  maxRetries: 15,

  reconcile(service, context) {
    const { cache, event, key } = context
    const { spec, metadata } = service
    if (spec.type === 'ExternalName' || !spec.selector) return
    const pods = cache.list(Pod, metadata.namespace).filter(pod => selectsPod(service, pod))
    // An endpoint that is on its way out is none here: this object knows no terminating addresses.
    const endpoints = pods.filter(pod => {
      const isStaying = !pod.metadata.deletionTimestamp || spec.publishNotReadyAddresses === true
      return mayBeEndpoint(pod) && isStaying
    })
    const { subsets, isCut } = subsetsOf(service, endpoints, capacity)
    const failure = attempt(() => write(service, subsets, isCut, pods, context))
    if (!failure || isNamespaceGoing(failure)) return
    event(service, 'Warning', 'FailedToUpdateEndpoint', `Failed to update endpoint ${key}: ${failure.message}`)
    throw failure
  },

  removed(key, { api, cache, memory }) {
    forgetTriggerTimes(key, memory)
    const [namespace = '', name = ''] = key.split('/')
    const left = cache.get(Endpoints, name, namespace)
    if (!left) return
    const failure = attempt(() => api.delete(Endpoints, left))
    if (failure && failure.reason !== 'NotFound') throw failure
  },
})

function write(service: Service, subsets: Subset[], isCut: boolean, pods: readonly Pod[], context: Context): void {
  const { api, cache } = context
  const { name, namespace } = service.metadata
  const since = triggerTime(context, service, pods)
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
