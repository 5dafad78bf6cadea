import type { Pod } from '../../../api/generated/core.v1.ts'
import { ApiError, badRequest, notFound } from '../../../machinery/status.ts'
import type { StreamRef } from '../../../machinery/streams.ts'
import { get } from '../../etcd/store.ts'
import { type Call, nameOf } from '../call.ts'
import { firstOf, isSet } from '../http/query.ts'
import type { KubeletDoor, KubeletRefusal } from '../kubelet-door.ts'
import { pods } from '../known.ts'
import { isOf } from '../objects.ts'
import { keyFor } from '../resources.ts'
import { containerOf } from '../subresources/pod-container.ts'
import type { Connecting } from './connecting.ts'

/** `pods/exec`: streamLocation of registry/core/pod/strategy.go. */
export function execInPod(connecting: Connecting): StreamRef | KubeletRefusal {
  const { query } = connecting
  const command = query.get('command') ?? []
  return toContainer(connecting, where => ({ kind: 'exec', command, ...where }))
}

export function attachToPod(connecting: Connecting): StreamRef | KubeletRefusal {
  return toContainer(connecting, where => ({ kind: 'attach', ...where }))
}

/** `pods/portforward`: PortForwardLocation. */
export function forwardPort({ call, target }: Connecting): StreamRef | KubeletRefusal {
  const pod = podOf(call)
  const { name, namespace = '' } = pod.metadata
  return doorOf(call).open(nodeOf(pod), { kind: 'port-forward', namespace, pod: name }, target)
}

interface Place {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly stdin: boolean
  readonly tty: boolean
}

function toContainer(
  { call, query, target }: Connecting,
  opening: (place: Place) => Parameters<KubeletDoor['open']>[1],
): StreamRef | KubeletRefusal {
  const pod = podOf(call)
  const container = containerOf(pod, firstOf(query, 'container') ?? '')
  const node = nodeOf(pod)
  const { name, namespace = '' } = pod.metadata
  const [stdin, tty] = [isSet(query, 'stdin') ?? false, isSet(query, 'tty') ?? false]
  return doorOf(call).open(node, opening({ namespace, pod: name, container, stdin, tty }), target)
}

export function podOf(call: Call): Pod {
  const { resource, namespace, etcd } = call
  const name = nameOf(call)
  const pod = get(etcd, keyFor(resource, namespace, name))?.value
  if (!isOf(pods, pod)) throw notFound(resource.kind, name)
  return pod
}

function nodeOf({ metadata: { name }, spec: { nodeName } }: Pod): string {
  if (!nodeName) throw badRequest(`pod ${name} does not have a host assigned`)
  return nodeName
}

export function doorOf({ server: { options } }: Call): KubeletDoor {
  if (options.kubelet) return options.kubelet
  throw new ApiError('ServiceUnavailable', 'no kubelet can be reached')
}
