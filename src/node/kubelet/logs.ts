import type { ContainerStatus, Pod } from '../../api/generated/core.v1.ts'
import { badRequest } from '../../machinery/status.ts'
import { containersOf, type LogOptions, logText } from '../runtime/listing.ts'
import type { Container, RuntimeState } from '../runtime/state.ts'
import type { KubeletState, PodWorker } from './state.ts'

/** A container that somebody asks about: where the API server sends `kubectl logs` and `exec` to. */
export interface ContainerAddress {
  readonly namespace: string
  readonly pod: string
  readonly container: string
}

/**
 * The log of a container, as `GET /containerLogs` of the kubelet answers it. Throws ApiError with the kubelet's words
 * when there is none: validateContainerLogStatus of pkg/kubelet/kubelet_pods.go.
 */
export function containerLog(
  kubelet: KubeletState,
  runtime: RuntimeState,
  { namespace, pod: podName, container }: ContainerAddress,
  options: LogOptions,
  now: number,
): string {
  return logText(loggedContainer(kubelet, runtime, { namespace, pod: podName, container }, options), options, now)
}

/** The container whose log is asked for. */
export function loggedContainer(
  kubelet: KubeletState,
  runtime: RuntimeState,
  { namespace, pod: podName, container }: ContainerAddress,
  options: LogOptions,
): Container {
  const worker = findWorker(kubelet, namespace, podName)
  const where = `container "${container}" in pod "${podName}"`
  const status = worker && statusOf(worker, container)
  if (!worker || !status) throw badRequest(`${where} is not available`)
  const { waiting, running, terminated } = status.state
  const last = status.lastState.terminated
  if (options.previous) {
    if (!last?.containerID) throw badRequest(`previous terminated ${where} not found`)
  } else if (waiting && !last) {
    throw badRequest(`${where} is waiting to start: ${waitingReason(waiting.reason ?? '')}`)
  } else if (!running && !terminated && !last) {
    throw badRequest(`${where} is not available`)
  }
  // While a container waits to be started again, the one before it is the newest there is.
  const isBeforeNewest = options.previous === true && waiting === undefined
  const found = containersOf(runtime, worker.uid, container)[isBeforeNewest ? 1 : 0]
  if (!found) throw badRequest(`unable to retrieve container logs for ${where}`)
  return found
}

function waitingReason(reason: string): string {
  if (reason === 'ErrImagePull') return "image can't be pulled"
  if (reason === 'ImagePullBackOff') return 'trying and failing to pull image'
  return reason
}

export function findWorker({ workers }: KubeletState, namespace: string, name: string): PodWorker | undefined {
  for (const worker of workers.values()) {
    const { metadata } = worker.pod
    if (metadata.name === name && (metadata.namespace ?? 'default') === namespace) return worker
  }
  return undefined
}

function statusOf({ status, pod }: PodWorker, name: string): ContainerStatus | undefined {
  const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses }: Pod['status'] = status ?? pod.status
  const lists = [containerStatuses, initContainerStatuses, ephemeralContainerStatuses]
  return lists.flatMap(list => list ?? []).find(candidate => candidate.name === name)
}
