import type { Container } from '../../api/core/pod.ts'
import { Pod } from '../../api/core/pod.ts'
import type { Api } from '../../client/api.ts'
import { record } from '../../client/recorder.ts'
import type { ObjectRef } from '../../machinery/evidence.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { Self } from '../../sim/component.ts'
import type { CriCall, CriRequest } from '../cri/cri.ts'
import type { Call, KubeletState, PodWorker } from './state.ts'

/** All that the kubelet's functions work with: one machine's state, time, chance and its way to the API. */
export interface Kubelet {
  readonly self: Self<KubeletState>
  readonly state: KubeletState
  readonly api: Api
}

export type EventType = 'Normal' | 'Warning'

/** Sends a call to the runtime; its answer comes to whoever the purpose names. Returns the call's number. */
export function callRuntime(kubelet: Kubelet, request: CriCall, call: Omit<Call, 'call' | 'at'>): number {
  const { state, self } = kubelet
  const id = state.nextCall++
  state.calls.set(id, { ...call, call: request.call, at: self.now })
  self.send(state.runtime, 0, 'cri', { id, request } satisfies CriRequest)
  return id
}

/** Sends a call whose answer changes nothing. */
export function tellRuntime(kubelet: Kubelet, request: CriCall): void {
  const { state, self } = kubelet
  self.send(state.runtime, 0, 'cri', { id: state.nextCall++, request } satisfies CriRequest)
}

/** Writes an Event about a Pod. */
export function podEvent(kubelet: Kubelet, pod: Pod, type: EventType, reason: string, message: string): void {
  write(kubelet, pod, type, reason, message)
}

/** Writes an Event about one container of a Pod. */
export function containerEvent(
  kubelet: Kubelet,
  pod: Pod,
  container: string,
  type: EventType,
  reason: string,
  message: string,
): void {
  write(kubelet, pod, type, reason, message, `spec.${listOf(pod, container)}{${container}}`)
}

function listOf({ spec }: Pod, container: string): 'containers' | 'ephemeralContainers' | 'initContainers' {
  if (spec.initContainers?.some(({ name }) => name === container)) return 'initContainers'
  return spec.ephemeralContainers?.some(({ name }) => name === container) ? 'ephemeralContainers' : 'containers'
}

/** Writes an Event about the Node. The kubelet takes the node's name for its uid, as upstream's does. */
export function nodeEvent(kubelet: Kubelet, type: EventType, reason: string, message: string): void {
  const { nodeName } = kubelet.state.config
  const metadata = { name: nodeName, uid: nodeName, resourceVersion: '', creationTimestamp: '' }
  write(kubelet, { apiVersion: '', kind: 'Node', metadata }, type, reason, message)
}

function write(
  { state, api, self }: Kubelet,
  object: ApiObject,
  type: EventType,
  reason: string,
  message: string,
  fieldPath?: string,
): void {
  const target = fieldPath === undefined ? object : { object, fieldPath }
  record(state.recorder, api, self.now, target, type, reason, message)
}

/** The Pod as evidence names it. */
export function refOf({ metadata: { name, namespace = 'default', uid } }: Pod): ObjectRef {
  return { resource: Pod.resource, namespace, name, uid }
}

/** `name_namespace(uid)`: how the kubelet writes a Pod in its messages (format.Pod). */
export function formatPod({ metadata: { name, namespace = 'default', uid } }: Pod): string {
  return `${name}_${namespace}(${uid})`
}

export function isHostNetwork({ spec }: Pod): boolean {
  return spec.hostNetwork === true
}

/** Every container of a Pod: init containers first, those for debugging last. */
export function allContainers({ spec }: Pod): readonly Container[] {
  const { initContainers, containers, ephemeralContainers } = spec
  if (!initContainers && !ephemeralContainers) return containers
  return [...(initContainers ?? []), ...containers, ...(ephemeralContainers ?? [])]
}

export function containerOf(worker: PodWorker, name: string): Container {
  const container = allContainers(worker.pod).find(candidate => candidate.name === name)
  if (!container) throw new Error(`Pod ${worker.pod.metadata.name} has no container ${name}`)
  return container
}
