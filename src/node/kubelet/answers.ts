import type { Answer } from '../../network/exchange.ts'
import type { ContainerChange, CriResult, RuntimeStatus } from '../cri/cri.ts'
import { containerOf, type Kubelet, podEvent, refOf } from './context.ts'
import { execHookError, type HookKind, httpHookError } from './hooks.ts'
import { nextPull } from './images.ts'
import { afterPreStop } from './kill.ts'
import { endStep } from './pass.ts'
import { execOutcome, networkOutcome } from './probe-check.ts'
import { probeAnswered } from './probes.ts'
import { afterPostStart, continueStart } from './start-container.ts'
import type { Call, Pass, PodWorker } from './state.ts'
import { continueTermination } from './termination.ts'
import { proceed, requestSync } from './worker.ts'

/** The runtime has done what it was asked: its answer goes to whoever waits for it. */
export function answered(kubelet: Kubelet, result: CriResult, statusChanged: (status: RuntimeStatus) => void): void {
  const { state } = kubelet
  const call = state.calls.get(result.id)
  if (!call) return
  state.calls.delete(result.id)
  if (result.ok && result.value.status) statusChanged(result.value.status)
  const worker = state.workers.get(call.uid)
  trace(kubelet, call, worker, result)
  if (call.purpose === 'pull') {
    pullAnswered(kubelet, worker, call, result)
    return
  }
  if (!worker) return
  switch (call.purpose) {
    case 'step':
      stepAnswered(kubelet, worker, result)
      return
    case 'kill':
      killed(kubelet, worker, call.container ?? '')
      return
    case 'end':
      continueTermination(kubelet, worker)
      return
    case 'probe': {
      const [key = '', number = ''] = (call.probe ?? '').split(' ')
      if (probeAnswered(kubelet, worker, key, Number(number), execOutcome(result))) requestSync(kubelet, worker)
      return
    }
    case 'hook': {
      const container = containerOf(worker, call.container ?? '')
      const kind: HookKind = call.probe === 'preStop' ? 'preStop' : 'postStart'
      const handler = container.lifecycle?.[kind]
      const command = handler?.exec?.command.join(' ') ?? ''
      hookOver(kubelet, worker, container.name, kind, execHookError(command, result))
      return
    }
    case 'stats':
    case 'eviction':
    case 'none':
      return
  }
}

function trace({ state, self }: Kubelet, call: Call, worker: PodWorker | undefined, result: CriResult): void {
  if (!worker || call.purpose === 'probe') return
  self.record('cri', {
    node: state.config.nodeName,
    call: call.call,
    pod: refOf(worker.pod),
    ...(call.container !== undefined && { container: call.container }),
    ...(!result.ok && { error: result.error }),
    tookMs: self.now - call.at,
  })
}

function pullAnswered(kubelet: Kubelet, worker: PodWorker | undefined, call: Call, result: CriResult): void {
  const pull = nextPull(kubelet)
  const pass = worker?.pass
  if (!worker || !pass || pass.step?.at !== 'pull' || pass.step.container !== call.container) return
  if (pull) worker.pull = pull
  continueStart(kubelet, worker, pass, result)
  delete worker.pull
  proceed(kubelet, worker)
}

function stepAnswered(kubelet: Kubelet, worker: PodWorker, result: CriResult): void {
  const { pass } = worker
  if (!pass?.step || pass.step.call !== result.id) return
  const { at, container } = pass.step
  if (at === 'sandbox') {
    sandboxAnswered(kubelet, worker, pass, result)
  } else if (worker.stage === 'sync') {
    continueStart(kubelet, worker, pass, result)
  } else if (at === 'start' && result.ok) {
    const record = worker.containers.get(container ?? '')
    if (record?.state === 'created') record.state = 'running'
  }
  if (worker.stage === 'sync') {
    proceed(kubelet, worker)
    return
  }
  delete worker.pass
  continueTermination(kubelet, worker)
}

function sandboxAnswered(kubelet: Kubelet, worker: PodWorker, pass: Pass, result: CriResult): void {
  endStep(pass)
  if (result.ok && result.value.sandboxId !== undefined) {
    const { sandboxId, addresses = [] } = result.value
    worker.sandbox = { id: sandboxId, addresses, attempt: worker.sandboxAttempts - 1, ready: true }
    pass.changed = true
    return
  }
  const error = result.ok ? 'no sandbox was made' : result.error
  const message = `Failed to create pod sandbox: ${error}`
  podEvent(kubelet, worker.pod, 'Warning', 'FailedCreatePodSandBox', message)
  pass.failed = true
}

/** A container that was told to stop has stopped. */
function killed(kubelet: Kubelet, worker: PodWorker, name: string): void {
  worker.kills.delete(name)
  afterKill(kubelet, worker, name)
}

function afterKill(kubelet: Kubelet, worker: PodWorker, name: string): void {
  if (worker.stage !== 'sync') {
    continueTermination(kubelet, worker)
    return
  }
  const { pass } = worker
  if (pass?.step?.at !== 'kill' || pass.step.container !== name) return
  endStep(pass)
  proceed(kubelet, worker)
}

/** A container ended, asked to or not; or one was found running: evented PLEG. */
export function containerChanged(kubelet: Kubelet, change: ContainerChange): void {
  const worker = kubelet.state.workers.get(change.pod.uid ?? '')
  const record = worker?.containers.get(change.name)
  if (!worker || record?.id !== change.containerId) return
  if (record.state === 'exited') return
  if (change.state === 'running') {
    record.state = 'running'
    record.startedAt = change.startedAt
    requestSync(kubelet, worker)
    return
  }
  const message = terminationMessage(worker, change)
  record.state = 'exited'
  record.startedAt = change.startedAt
  record.finishedAt = change.finishedAt ?? kubelet.self.now
  record.exitCode = change.exitCode ?? 0
  record.reason = change.reason ?? 'Error'
  if (message !== undefined) record.message = message
  delete record.failedProbe
  requestSync(kubelet, worker)
}

/** What the container left to say: its file, or the end of its log if the policy falls back to that. */
function terminationMessage(worker: PodWorker, change: ContainerChange): string | undefined {
  const { terminationMessagePolicy } = containerOf(worker, change.name)
  if (change.terminationMessage) return change.terminationMessage.slice(0, 4_096)
  if (terminationMessagePolicy === 'FallbackToLogsOnError' && change.exitCode !== 0 && change.lastLog) {
    return change.lastLog
  }
  return change.message
}

/** A lifecycle hook has ended, well or not. */
export function hookOver(kubelet: Kubelet, worker: PodWorker, name: string, kind: HookKind, error?: string): void {
  if (kind === 'preStop') {
    afterPreStop(kubelet, worker, name, error)
    return
  }
  const { pass } = worker
  if (pass?.step?.at !== 'hook' || pass.step.container !== name) return
  afterPostStart(kubelet, worker, pass, name, error)
  proceed(kubelet, worker)
}

/** An answer from the network: of a probe or of a hook. */
export function networkAnswered(kubelet: Kubelet, answer: Answer): void {
  const tag = answer.tag
  if (typeof tag !== 'object' || tag === null) return
  if ('probe' in tag && isProbeTag(tag.probe)) {
    const { uid, key, number, target } = tag.probe
    const worker = kubelet.state.workers.get(uid)
    if (worker && probeAnswered(kubelet, worker, key, number, networkOutcome(answer, target))) {
      requestSync(kubelet, worker)
    }
  }
  if ('hook' in tag && isHookTag(tag.hook)) {
    const { uid, container, kind } = tag.hook
    const worker = kubelet.state.workers.get(uid)
    if (worker) hookOver(kubelet, worker, container, kind, httpHookError(answer))
  }
}

function isProbeTag(tag: unknown): tag is { uid: string; key: string; number: number; target: string } {
  return typeof tag === 'object' && tag !== null && 'uid' in tag && 'target' in tag
}

function isHookTag(tag: unknown): tag is { uid: string; container: string; kind: HookKind } {
  return typeof tag === 'object' && tag !== null && 'uid' in tag && 'kind' in tag
}
