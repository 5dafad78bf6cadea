import { isRestartableInitContainer } from '../../api/core/resources.ts'
import type {
  Container,
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
  ContainerUser,
  Pod,
  VolumeMountStatus,
} from '../../api/generated/core.v1.ts'
import { timestamp } from '../../machinery/time.ts'
import type { ContainerRecord, PodWorker, Termination } from './state.ts'

/**
 * What the API says of each container: convertToAPIContainerStatuses of pkg/kubelet/kubelet_pods.go, and what the probe
 * manager adds to it (UpdatePodStatus of pkg/kubelet/prober/prober_manager.go).
 */
export function containerStatuses(
  worker: PodWorker,
  containers: readonly Container[],
  isInit: boolean,
): ContainerStatus[] {
  return containers.map(container => containerStatus(worker, container, isInit))
}

/** Those of containers for debugging: they have no probes, and what has ended is not started again. */
export function ephemeralStatuses(worker: PodWorker): ContainerStatus[] {
  return (worker.pod.spec.ephemeralContainers ?? []).map(container => {
    const record = worker.containers.get(container.name)
    const status = record?.id === undefined ? unstarted(worker, container, record) : started(worker, container, record)
    const why = record ? undefined : worker.reasons.get(container.name)
    if (why) status.state = { waiting: { reason: why.reason, ...(why.message && { message: why.message }) } }
    return withMounts(status, container)
  })
}

function containerStatus(worker: PodWorker, container: Container, isInit: boolean): ContainerStatus {
  const record = worker.containers.get(container.name)
  const status = record?.id === undefined ? unstarted(worker, container, record) : started(worker, container, record)
  const reason = worker.reasons.get(container.name)
  // A container that will be started again is waiting, once the kubelet has a reason to tell.
  if (reason && !status.state.running && willRestart(worker, container)) {
    if (status.state.terminated) status.lastState = { terminated: status.state.terminated }
    status.state = { waiting: { reason: reason.reason, ...(reason.message && { message: reason.message }) } }
  }
  const isStarted = status.state.running !== undefined && probeHolds(worker, container.name, 'startup')
  status.started = isStarted
  if (isInit && !isRestartableInitContainer(container)) status.ready = status.state.terminated?.exitCode === 0
  else status.ready = isStarted && probeHolds(worker, container.name, 'readiness')
  return withMounts(status, container)
}

/** Key order as upstream's struct has it, for readers of the YAML. */
function withMounts(status: ContainerStatus, container: Container): ContainerStatus {
  const { resources, allocatedResources, user, ...rest } = status
  const volumeMounts = mountStatuses(container)
  return {
    ...rest,
    ...(allocatedResources && { allocatedResources }),
    ...(resources && { resources }),
    ...(volumeMounts.length > 0 && { volumeMounts }),
    ...(user && { user }),
  }
}

function unstarted({ pod }: PodWorker, container: Container, record: ContainerRecord | undefined): ContainerStatus {
  const reason = (pod.spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating'
  const last = record?.last
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: last ? { terminated: terminated(last) } : {},
    ready: false,
    restartCount: record && last ? record.attempt : 0,
    image: container.image,
    imageID: '',
  }
}

function started({ pod }: PodWorker, container: Container, record: ContainerRecord): ContainerStatus {
  const { limits, requests } = container.resources ?? {}
  return {
    name: container.name,
    state: stateOf(record),
    lastState: record.last ? { terminated: terminated(record.last) } : {},
    ready: false,
    restartCount: record.attempt,
    image: record.image,
    imageID: record.imageId,
    ...(record.id !== undefined && { containerID: containerId(record.id) }),
    ...(requests && { allocatedResources: requests }),
    resources: { ...(limits && { limits }), ...(requests && { requests }) },
    ...(record.state === 'running' && { user: userOf(pod, container, record) }),
  }
}

function stateOf(record: ContainerRecord): ContainerState {
  if (record.state === 'running') return { running: { startedAt: timestamp(record.startedAt ?? 0) } }
  if (record.state === 'exited') return { terminated: terminated(terminationOf(record)) }
  return { waiting: { reason: 'ContainerCreating' } }
}

/** How a container that has ended did so. */
export function terminationOf({ id, exitCode, reason, message, startedAt, finishedAt }: ContainerRecord): Termination {
  return Object.freeze({
    exitCode: exitCode ?? 0,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(id !== undefined && { id }),
  })
}

function terminated({ exitCode, reason, message, startedAt, finishedAt, id }: Termination): ContainerStateTerminated {
  return {
    exitCode,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(startedAt !== undefined && { startedAt: timestamp(startedAt) }),
    ...(finishedAt !== undefined && { finishedAt: timestamp(finishedAt) }),
    ...(id !== undefined && { containerID: containerId(id) }),
  }
}

function containerId(id: string): string {
  return `containerd://${id}`
}

function userOf({ spec }: Pod, container: Container, { imageUser }: ContainerRecord): ContainerUser {
  const { securityContext: own } = container
  const { securityContext: shared } = spec
  const uid = own?.runAsUser ?? shared.runAsUser ?? (typeof imageUser === 'number' ? imageUser : 0)
  const gid = own?.runAsGroup ?? shared.runAsGroup ?? 0
  const groups = [gid, ...(shared.fsGroup === undefined ? [] : [shared.fsGroup]), ...(shared.supplementalGroups ?? [])]
  return { linux: { gid, supplementalGroups: [...new Set(groups)].sort((a, b) => a - b), uid } }
}

function mountStatuses(container: Container): VolumeMountStatus[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) =>
    readOnly ? { name, mountPath, readOnly, recursiveReadOnly: 'Disabled' } : { name, mountPath },
  )
}

/** Whether a container without this probe, or whose probe says so, counts as started or ready. */
function probeHolds(worker: PodWorker, container: string, type: 'startup' | 'readiness'): boolean {
  const probe = worker.probes.get(`${container}/${type}`)
  return !probe || probe.result === true
}

/** ShouldContainerBeRestarted of pkg/kubelet/container/helpers.go. */
export function willRestart({ pod, containers }: PodWorker, container: Container): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  const record = containers.get(container.name)
  if (record?.state !== 'exited') return record?.state !== 'running'
  if (isRestartableInitContainer(container)) return true
  const { restartPolicy } = pod.spec
  if (restartPolicy === 'Never') return false
  const isInit = pod.spec.initContainers?.some(({ name }) => name === container.name) === true
  if (restartPolicy === 'OnFailure' || isInit) return record.exitCode !== 0
  return true
}
