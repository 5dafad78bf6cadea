import type { Pod } from '../../../api/generated/core.v1.ts'
import { ApiError, badRequest, notFound } from '../../../machinery/status.ts'
import { get } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { nodes, pods } from '../known.ts'
import { isOf } from '../objects.ts'
import { fieldsOf, textOf } from '../record.ts'
import { keyFor } from '../resources.ts'

/** `pods/log`: fetched from the kubelet of the Pod's node (registry/core/pod/strategy.go, LogLocation). */
export function readLog(call: Call): Answer {
  const { resource, namespace = '', etcd, request, server } = call
  const name = nameOf(call)
  const pod = get(etcd, keyFor(resource, namespace, name))?.value
  if (!isOf(pods, pod)) throw notFound(resource.kind, name)
  const options = fieldsOf(request.body)
  const container = containerOf(pod, textOf(options.container))
  const { nodeName } = pod.spec
  if (!nodeName) return { code: 200, body: '' }
  const place = server.resources.find(nodes.group, nodes.version, nodes.plural)
  if (!place || !get(etcd, keyFor(place, undefined, nodeName))) throw notFound(resource.kind, nodeName)
  const { kubelet } = server.options
  if (!kubelet) throw new ApiError('ServiceUnavailable', 'no kubelet can be reached')
  const number = (field: string): object => (typeof options[field] === 'number' ? { [field]: options[field] } : {})
  const flags = { previous: options.previous === true, timestamps: options.timestamps === true }
  const limits = { ...number('tailLines'), ...number('sinceSeconds'), ...number('limitBytes') }
  return { code: 200, body: kubelet.logs(nodeName, { namespace, pod: name, container, ...flags, ...limits }) }
}

/** The container asked for, or the only one. */
function containerOf({ metadata: { name }, spec }: Pod, wanted: string): string {
  const own = spec.containers.map(container => container.name)
  const inits = spec.initContainers?.map(container => container.name) ?? []
  const ephemerals = spec.ephemeralContainers?.map(container => container.name) ?? []
  if (wanted) {
    if ([...inits, ...own, ...ephemerals].includes(wanted)) return wanted
    throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  }
  const [first = ''] = own
  if (own.length + inits.length + ephemerals.length === 1) return first
  const choices = `choose one of: [${own.join(' ')}]`
  const others = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
  throw badRequest(`a container name must be specified for pod ${name}, ${choices}${others}`)
}
