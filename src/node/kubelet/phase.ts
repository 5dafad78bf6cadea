import { isRestartableInitContainer } from '../../api/core/resources.ts'
import type { ContainerStatus, Pod, PodStatus } from '../../api/generated/core.v1.ts'

type Phase = PodStatus['phase']

/** What the containers of a Pod are doing, counted. */
interface Counts {
  initializing: number
  startingSidecars: number
  failedInit: number
  unknown: number
  running: number
  waiting: number
  stopped: number
  succeeded: number
}

/** The Pod's phase from its containers: getPhase of pkg/kubelet/kubelet_pods.go. */
export function phaseOf(
  pod: Pod,
  initStatuses: readonly ContainerStatus[],
  statuses: readonly ContainerStatus[],
  podIsTerminal: boolean,
): Phase {
  const { restartPolicy } = pod.spec
  const counts = count(pod, initStatuses, statuses)
  if (counts.failedInit > 0 && restartPolicy === 'Never') return 'Failed'
  // Once a container of the Pod has run, a sidecar that starts again does not make the Pod pending.
  const isInitialized = statuses.some(hasStarted)
  if (counts.initializing > 0 || (counts.startingSidecars > 0 && !isInitialized) || counts.waiting > 0) return 'Pending'
  if (counts.running > 0 && counts.unknown === 0) return 'Running'
  if (counts.running > 0 || counts.stopped === 0 || counts.unknown > 0) return 'Pending'
  const allSucceeded = counts.stopped === counts.succeeded
  if (podIsTerminal && !isStatic(pod)) return allSucceeded ? 'Succeeded' : 'Failed'
  if (restartPolicy === 'Always') return 'Running'
  if (allSucceeded) return 'Succeeded'
  return restartPolicy === 'Never' ? 'Failed' : 'Running'
}

export function hasStarted({ state, lastState }: ContainerStatus): boolean {
  return Boolean(state.running || state.terminated || lastState.terminated)
}

/** Whether the Pod comes from a manifest on the machine. */
export function isStatic({ metadata }: Pod): boolean {
  const source = metadata.annotations?.['kubernetes.io/config.source']
  return source !== undefined && source !== 'api'
}

function count(pod: Pod, initStatuses: readonly ContainerStatus[], statuses: readonly ContainerStatus[]): Counts {
  const counts: Counts = {
    ...{ initializing: 0, startingSidecars: 0, failedInit: 0, unknown: 0 },
    ...{ running: 0, waiting: 0, stopped: 0, succeeded: 0 },
  }
  for (const container of pod.spec.initContainers ?? []) {
    const status = initStatuses.find(({ name }) => name === container.name)
    if (isRestartableInitContainer(container)) countSidecar(counts, status)
    else countInit(counts, status)
  }
  for (const container of pod.spec.containers) {
    countContainer(
      counts,
      statuses.find(({ name }) => name === container.name),
    )
  }
  return counts
}

function countInit(counts: Counts, status: ContainerStatus | undefined): void {
  const ended = status?.state.terminated ?? (status?.state.waiting ? status.lastState.terminated : undefined)
  if (!ended) counts.initializing++
  else if (ended.exitCode !== 0) counts.failedInit++
}

function countSidecar(counts: Counts, status: ContainerStatus | undefined): void {
  if (!status) {
    counts.unknown++
  } else if (status.state.running) {
    if (!status.started) counts.startingSidecars++
    counts.running++
  } else if (status.state.waiting && !status.lastState.terminated) {
    counts.startingSidecars++
    counts.waiting++
  }
}

function countContainer(counts: Counts, status: ContainerStatus | undefined): void {
  if (!status) counts.unknown++
  else if (status.state.running) counts.running++
  else if (status.state.terminated) {
    counts.stopped++
    if (status.state.terminated.exitCode === 0) counts.succeeded++
  } else if (status.lastState.terminated) counts.stopped++
  else counts.waiting++
}
