import type { Container } from '../../api/core/pod.ts'
import { isRestartableInitContainer } from '../../api/core/resources.ts'
import type { Probe } from '../../api/generated/core.v1.ts'
import { containerEvent, containerOf, type Kubelet, refOf } from './context.ts'
import { quote } from '../../machinery/go-text.ts'
import { ask, type ProbeOutcome } from './probe-check.ts'
import type { PodWorker, ProbeWorker } from './state.ts'

/** Data of the event `probe`: it is time for the next one, or its time is up. */
export interface ProbeEvent {
  readonly uid: string
  readonly key: string
  readonly number: number
  readonly expired?: boolean
}

const types = ['startup', 'readiness', 'liveness'] as const

/**
 * Keeps one worker for each probe of each container. A worker begins anew with every container id. Models
 * pkg/kubelet/prober/{prober_manager.go,worker.go}; its ticker rings only while there is something to probe.
 */
export function updateProbes(kubelet: Kubelet, worker: PodWorker): void {
  for (const container of probed(worker)) {
    for (const type of types) {
      const probe = probeOf(container, type)
      if (probe) updateProbe(kubelet, worker, container.name, type, probe)
    }
  }
}

/** Ordinary init containers run to their end and have no probes. */
function probed({ pod }: PodWorker): readonly Container[] {
  if (!pod.spec.initContainers) return pod.spec.containers
  return [...(pod.spec.initContainers ?? []).filter(isRestartableInitContainer), ...pod.spec.containers]
}

function probeOf(container: Container, type: ProbeWorker['type']): Probe | undefined {
  if (type === 'startup') return container.startupProbe
  return type === 'liveness' ? container.livenessProbe : container.readinessProbe
}

function updateProbe(
  kubelet: Kubelet,
  worker: PodWorker,
  container: string,
  type: ProbeWorker['type'],
  probe: Probe,
): void {
  const key = `${container}/${type}`
  let state = worker.probes.get(key)
  if (!state) {
    state = { type, container, number: 0, run: 0, onHold: false }
    worker.probes.set(key, state)
  }
  const record = worker.containers.get(container)
  const id = record?.state === 'running' ? record.id : undefined
  if (id === undefined) {
    rest(kubelet, state)
    if (record?.state === 'exited') reset(state, undefined)
    return
  }
  if (state.containerId !== id) {
    rest(kubelet, state)
    reset(state, id)
    state.number = kubelet.state.nextProbe++
  }
  if (state.event !== undefined || state.asked || state.onHold || isWaiting(worker, state)) return
  const startedAt = record?.startedAt ?? kubelet.self.now
  const dueAt = Math.max(firstTick(kubelet, worker, probe, type), startedAt + (probe.initialDelaySeconds ?? 0) * 1_000)
  schedule(kubelet, worker, key, state, dueAt - kubelet.self.now)
}

/** A result that the container begins with: ready only when a probe said so, alive until one says it is not. */
function reset(state: ProbeWorker, id: string | undefined): void {
  if (id === undefined) delete state.containerId
  else state.containerId = id
  if (state.type === 'startup') delete state.result
  else state.result = state.type === 'liveness'
  delete state.lastRaw
  state.run = 0
  state.onHold = false
}

/** Liveness and readiness wait for the startup probe, and the startup probe rests when it has succeeded. */
function isWaiting({ probes }: PodWorker, { type, container, result }: ProbeWorker): boolean {
  const startup = probes.get(`${container}/startup`)
  const hasStarted = !startup || startup.result === true
  return type === 'startup' ? result === true : !hasStarted
}

/**
 * The worker's ticker runs from the time the Pod came; readiness is also asked for as soon as the container runs. A
 * kubelet that has just started spreads its probes over their period.
 */
function firstTick({ self, state }: Kubelet, worker: PodWorker, probe: Probe, type: ProbeWorker['type']): number {
  const periodMs = probe.periodSeconds * 1_000
  if (self.now - state.startedAt < periodMs) return self.now + self.random() * periodMs
  if (type === 'readiness') return self.now
  const sinceMs = (self.now - worker.addedAt) % periodMs
  return self.now + (periodMs - sinceMs)
}

function schedule({ self }: Kubelet, worker: PodWorker, key: string, state: ProbeWorker, delayMs: number): void {
  const event: ProbeEvent = { uid: worker.uid, key, number: state.number }
  state.event = self.schedule(delayMs, 'probe', event)
}

function rest({ self }: Kubelet, state: ProbeWorker): void {
  if (state.event !== undefined) self.cancel(state.event)
  delete state.event
  delete state.asked
}

/** Ends probes of a Pod that is going. */
export function stopProbes(kubelet: Kubelet, worker: PodWorker, which: (probe: ProbeWorker) => boolean): void {
  for (const state of worker.probes.values()) {
    if (!which(state)) continue
    rest(kubelet, state)
    state.onHold = true
  }
}

/** It is time: asks the container how it is. */
export function probe(kubelet: Kubelet, worker: PodWorker, { key, number, expired }: ProbeEvent): boolean {
  const state = worker.probes.get(key)
  if (!state || state.number !== number) return false
  if (expired) return state.asked !== undefined && settleExpired(kubelet, worker, key, state)
  delete state.event
  const container = containerOf(worker, state.container)
  const spec = probeOf(container, state.type)
  const id = state.containerId
  if (!spec || id === undefined || worker.containers.get(state.container)?.state !== 'running') return false
  const timeoutMs = spec.timeoutSeconds * 1_000
  const event: ProbeEvent = { uid: worker.uid, key, number, expired: true }
  state.asked = { at: kubelet.self.now, timeout: kubelet.self.schedule(timeoutMs + 10, 'probe', event) }
  ask(kubelet, worker, container, spec, id, { key, number })
  return false
}

function settleExpired(kubelet: Kubelet, worker: PodWorker, key: string, state: ProbeWorker): boolean {
  const spec = probeOf(containerOf(worker, state.container), state.type)
  const seconds = spec?.timeoutSeconds ?? 1
  const command = quote(spec?.exec?.command.join(' ') ?? '')
  const output = spec?.exec ? `command timed out: ${command} timed out after ${seconds}s` : 'i/o timeout'
  return take(kubelet, worker, key, state, { result: 'failure', output })
}

/** A probe's answer. Returns whether it changes something, so that the Pod has to be looked at. */
export function probeAnswered(
  kubelet: Kubelet,
  worker: PodWorker,
  key: string,
  number: number,
  outcome: ProbeOutcome,
): boolean {
  const state = worker.probes.get(key)
  if (!state || state.number !== number || !state.asked) return false
  kubelet.self.cancel(state.asked.timeout)
  return take(kubelet, worker, key, state, outcome)
}

function take(kubelet: Kubelet, worker: PodWorker, key: string, state: ProbeWorker, outcome: ProbeOutcome): boolean {
  const { type, container } = state
  const spec = probeOf(containerOf(worker, container), type)
  const askedAt = state.asked?.at ?? kubelet.self.now
  delete state.asked
  if (!spec) return false
  const isSuccess = outcome.result === 'success'
  tell(kubelet, worker, state, outcome)
  if (state.lastRaw === isSuccess) state.run++
  else state.run = 1
  state.lastRaw = isSuccess
  const threshold = isSuccess ? spec.successThreshold : spec.failureThreshold
  const next = (): void => {
    if (state.event !== undefined || state.onHold || isWaiting(worker, state)) return
    schedule(kubelet, worker, key, state, Math.max(askedAt + spec.periodSeconds * 1_000 - kubelet.self.now, 0))
  }
  if (state.run < threshold || state.result === isSuccess) {
    next()
    return false
  }
  state.result = isSuccess
  if (type !== 'readiness' && !isSuccess) {
    // The container is going to be stopped; the worker rests until there is another one.
    state.onHold = true
    state.run = 0
    const record = worker.containers.get(container)
    if (record?.state === 'running') record.failedProbe = type
  }
  next()
  return true
}

function tell(kubelet: Kubelet, worker: PodWorker, state: ProbeWorker, { result, output }: ProbeOutcome): void {
  const { type, container, lastRaw, run } = state
  const title = `${type.charAt(0).toUpperCase()}${type.slice(1)}`
  if (result !== 'success') {
    const how = result === 'failure' ? 'failed' : 'errored'
    const message = `${title} probe ${how}: ${output}`
    containerEvent(kubelet, worker.pod, container, 'Warning', 'Unhealthy', message)
  }
  kubelet.self.record('probe', {
    node: kubelet.state.config.nodeName,
    pod: refOf(worker.pod),
    ...{ container, probe: type, result, output },
    failures: result === 'success' ? 0 : lastRaw === false ? run + 1 : 1,
  })
}
