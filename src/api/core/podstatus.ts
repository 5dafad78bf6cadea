import { parseTime } from '../../machinery/time.ts'
import type { ContainerStatus, Pod } from '../generated/core.v1.ts'
import { humanDuration } from '../meta/age.ts'
import { isConditionTrue } from '../meta/conditions.ts'
import { isRestartableInitContainer } from './resources.ts'

/**
 * What one line says of a Pod: printPod of kubernetes/pkg/printers/internalversion/printers.go. The page and the tables
 * show the same words because they come from here.
 */
export interface PodSummary {
  /** The word of STATUS: `Running`, `CrashLoopBackOff`, `Init:1/2`, `Terminating`. */
  readonly status: string
  readonly ready: number
  readonly total: number
  readonly restarts: number
  /** When a container that was restarted last ended, in ms since 1970. */
  readonly lastRestart?: number
}

export function podSummary(pod: Pod): PodSummary {
  const { spec, status, metadata } = pod
  const sidecars = new Set(spec.initContainers?.filter(isRestartableInitContainer).map(({ name }) => name))
  const total = spec.containers.length + sidecars.size
  const initial = initializing(pod, sidecars)

  let word = initial.word ?? (status.reason || status.phase)
  if (!initial.word && isGated(pod)) word = 'SchedulingGated'
  let { ready, counts } = initial
  if (!initial.word || isConditionTrue(status.conditions, 'Initialized')) {
    const running = summarizeContainers(status.containerStatuses ?? [])
    ready += running.ready
    counts = countsOf([...initial.sidecars, ...(status.containerStatuses ?? [])])
    word = running.word ?? word
    if (word === 'Completed' && running.hasRunning) {
      word = isConditionTrue(status.conditions, 'Ready') ? 'Running' : 'NotReady'
    }
  }
  if (metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') word = 'Unknown'
    else if (!isTerminal(pod)) word = 'Terminating'
  }
  return { status: word, ready, total, ...counts }
}

interface Counts {
  readonly restarts: number
  readonly lastRestart?: number
}

interface Initializing {
  /** Set while an init container is what the Pod waits for. */
  readonly word?: string
  readonly ready: number
  readonly counts: Counts
  /** Statuses of the sidecars that were looked at. */
  readonly sidecars: readonly ContainerStatus[]
}

/** Goes through the init containers up to the first that is not done. */
function initializing({ spec, status }: Pod, sidecarNames: ReadonlySet<string>): Initializing {
  const statuses = status.initContainerStatuses ?? []
  const seen: ContainerStatus[] = []
  let ready = 0
  for (let i = 0; i < statuses.length; i++) {
    const container = statuses[i]
    if (!container) continue
    seen.push(container)
    const isSidecar = sidecarNames.has(container.name)
    if (container.state?.terminated?.exitCode === 0) continue
    if (isSidecar && container.started) {
      if (container.ready) ready++
      continue
    }
    const word = initWord(container, i, spec.initContainers?.length ?? 0)
    return { word, ready, counts: countsOf(seen), sidecars: seen.filter(({ name }) => sidecarNames.has(name)) }
  }
  return { ready, counts: countsOf(seen), sidecars: seen.filter(({ name }) => sidecarNames.has(name)) }
}

function initWord({ state }: ContainerStatus, position: number, total: number): string {
  if (state?.terminated) return `Init:${endOf(state.terminated)}`
  const waiting = state?.waiting?.reason
  return waiting && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${position}/${total}`
}

function endOf({ reason, signal, exitCode }: { reason?: string; signal?: number; exitCode: number }): string {
  if (reason) return reason
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`
}

interface Running {
  readonly word?: string
  readonly ready: number
  readonly hasRunning: boolean
}

/** The first container that waits or has ended gives the word. */
function summarizeContainers(statuses: readonly ContainerStatus[]): Running {
  let word: string | undefined
  let ready = 0
  for (let i = statuses.length - 1; i >= 0; i--) {
    const container = statuses[i]
    const state = container?.state
    if (state?.waiting?.reason) word = state.waiting.reason
    else if (state?.terminated) word = endOf(state.terminated)
    else if (container?.ready && state?.running) ready++
  }
  return { ...(word && { word }), ready, hasRunning: ready > 0 }
}

function countsOf(statuses: readonly ContainerStatus[]): Counts {
  let restarts = 0
  let lastRestart: number | undefined
  for (const { restartCount, lastState } of statuses) {
    restarts += restartCount
    const ended = lastState?.terminated?.finishedAt
    if (ended) lastRestart = Math.max(lastRestart ?? 0, parseTime(ended))
  }
  return { restarts, ...(lastRestart !== undefined && { lastRestart }) }
}

function isGated({ status }: Pod): boolean {
  return status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated') ?? false
}

/** Whether the Pod is done for good. */
export function isTerminal({ status: { phase } }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed'
}

/** `3 (6h10m ago)`. */
export function restartsText({ restarts, lastRestart }: PodSummary, now: number): string {
  if (restarts === 0 || lastRestart === undefined) return String(restarts)
  return `${restarts} (${humanDuration(now - lastRestart)} ago)`
}

/** `1/2`: how many readiness gates have their condition. */
export function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const passed = gates.filter(({ conditionType }) => isConditionTrue(status.conditions, conditionType))
  return `${passed.length}/${gates.length}`
}
