import type { LogRequest } from '../kubelet-door.ts'
import { ApiError, notFound } from '../../../machinery/status.ts'
import { get } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { nodes, pods } from '../known.ts'
import { isOf } from '../objects.ts'
import { fieldsOf, textOf } from '../record.ts'
import { keyFor } from '../resources.ts'
import { containerOf } from './pod-container.ts'

/** `pods/log`: fetched from the kubelet of the Pod's node (registry/core/pod/strategy.go, LogLocation). */
export function readLog(call: Call): Answer {
  const { node, request } = logLocation(call)
  if (node === '') return { code: 200, body: '' }
  const { kubelet } = call.server.options
  if (!kubelet) throw new ApiError('ServiceUnavailable', 'no kubelet can be reached')
  return { code: 200, body: kubelet.logs(node, request) }
}

/** Which log is asked for, and the node that has it; none for a Pod that has no node yet. */
export function logLocation(call: Call): { readonly node: string; readonly request: LogRequest } {
  const { resource, namespace = '', etcd, request, server } = call
  const name = nameOf(call)
  const pod = get(etcd, keyFor(resource, namespace, name))?.value
  if (!isOf(pods, pod)) throw notFound(resource.kind, name)
  const options = fieldsOf(request.body)
  const container = containerOf(pod, textOf(options.container))
  const { nodeName: node = '' } = pod.spec
  const place = server.resources.find(nodes.group, nodes.version, nodes.plural)
  if (node !== '' && (!place || !get(etcd, keyFor(place, undefined, node)))) throw notFound(resource.kind, node)
  const number = (field: string): object => (typeof options[field] === 'number' ? { [field]: options[field] } : {})
  const flags = { previous: options.previous === true, timestamps: options.timestamps === true }
  const limits = { ...number('tailLines'), ...number('sinceSeconds'), ...number('limitBytes') }
  return { node, request: { namespace, pod: name, container, ...flags, ...limits } }
}
