import type { Container } from '../../api/core/pod.ts'
import { podBehaviour } from '../../api/core/podbehaviour.ts'
import type { CriResult } from '../cri/cri.ts'
import { attempt } from '../../machinery/status.ts'
import { parseReference } from '../runtime/reference.ts'
import { type ConfigResult, containerConfig } from './container-config.ts'
import { callRuntime, containerEvent, containerOf, type Kubelet, podEvent } from './context.ts'
import { terminationOf } from './container-status.ts'
import { runHook } from './hooks.ts'
import { type ImageOutcome, pullDecision, pullFailed, pulled } from './images.ts'
import { killContainer } from './kill.ts'
import { endStep, failContainer } from './pass.ts'
import type { ContainerRecord, Pass, PodWorker } from './state.ts'

/**
 * Starts one container, a call of the runtime after the other: image, create, start, postStart hook. Models
 * startContainer of pkg/kubelet/kuberuntime/kuberuntime_container.go; the words are those of its errors and events.
 */
export function startContainer(kubelet: Kubelet, worker: PodWorker, pass: Pass, container: Container): void {
  const outcome = pullDecision(kubelet, worker, container)
  if (outcome) {
    take(kubelet, worker, pass, container, outcome)
    return
  }
  const request = { call: 'ImageStatus', image: container.image } as const
  const call = callRuntime(kubelet, request, { uid: worker.uid, purpose: 'step', container: container.name })
  pass.step = { at: 'image', container: container.name, call }
}

/** The answer to the call that a pass waits for. Afterwards the pass has another step or may go on. */
export function continueStart(kubelet: Kubelet, worker: PodWorker, pass: Pass, result: CriResult): void {
  const { step } = pass
  if (step?.container === undefined) return
  const container = containerOf(worker, step.container)
  endStep(pass)
  switch (step.at) {
    case 'image':
      take(kubelet, worker, pass, container, pullDecision(kubelet, worker, container, result.ok ? result.value : {}))
      return
    case 'pull':
      take(kubelet, worker, pass, container, finishPull(kubelet, worker, container, result))
      return
    case 'create':
      afterCreate(kubelet, worker, pass, container, result)
      return
    case 'start':
      afterStart(kubelet, worker, pass, container, result)
      return
    default:
      return
  }
}

function finishPull(kubelet: Kubelet, worker: PodWorker, container: Container, result: CriResult): ImageOutcome {
  return result.ok
    ? pulled(kubelet, worker, container, result.value)
    : pullFailed(kubelet, worker, container, result.error)
}

function take(
  kubelet: Kubelet,
  worker: PodWorker,
  pass: Pass,
  container: Container,
  outcome: ImageOutcome | undefined,
): void {
  if (!outcome) return
  if (outcome.is === 'pulling') {
    pass.step = { at: 'pull', container: container.name }
    return
  }
  if (outcome.is === 'failed') {
    containerEvent(kubelet, worker.pod, container.name, 'Warning', 'Failed', `Error: ${outcome.reason}`)
    failContainer(worker, pass, container.name, outcome.reason, outcome.message, outcome.until)
    return
  }
  create(kubelet, worker, pass, container, outcome.imageUser)
}

function create(
  kubelet: Kubelet,
  worker: PodWorker,
  pass: Pass,
  container: Container,
  imageUser: number | string | undefined,
): void {
  const { pod, sandbox } = worker
  if (!sandbox) return
  const config = safeConfig(kubelet, worker, container, imageUser)
  if (!config.ok) {
    containerEvent(kubelet, pod, container.name, 'Warning', 'Failed', `Error: ${config.error}`)
    failContainer(worker, pass, container.name, 'CreateContainerConfigError', config.error)
    return
  }
  tellFaults(kubelet, worker, container)
  const request = { call: 'CreateContainer', sandboxId: sandbox.id, container: config.config } as const
  const call = callRuntime(kubelet, request, { uid: worker.uid, purpose: 'step', container: container.name })
  pass.step = { at: 'create', container: container.name, call }
}

/** Annotations that mean nothing are not passed over in silence. */
function tellFaults(kubelet: Kubelet, { pod }: PodWorker, container: Container): void {
  const { containers, initContainers } = pod.spec
  if (container.name !== containers[0]?.name) return
  const staged = podBehaviour({ annotations: pod.metadata.annotations, containers, initContainers })
  for (const fault of staged?.faults ?? []) podEvent(kubelet, pod, 'Warning', 'InvalidBehaviour', fault)
}

/** As `containerConfig`; an API server that cannot be reached is one more reason why there is none. */
function safeConfig(
  kubelet: Kubelet,
  worker: PodWorker,
  container: Container,
  imageUser: number | string | undefined,
): ConfigResult {
  const made: ConfigResult[] = []
  const failure = attempt(() => {
    made.push(containerConfig(kubelet, worker, container, nextAttempt(worker, container.name), imageUser))
  })
  return made[0] ?? { ok: false, error: failure?.message ?? '' }
}

function nextAttempt(worker: PodWorker, name: string): number {
  const record = worker.containers.get(name)
  return record ? record.attempt + 1 : 0
}

function afterCreate(kubelet: Kubelet, worker: PodWorker, pass: Pass, container: Container, result: CriResult): void {
  const { name } = container
  if (!result.ok || result.value.containerId === undefined) {
    const error = result.ok ? 'no container was made' : result.error
    containerEvent(kubelet, worker.pod, name, 'Warning', 'Failed', `Error: ${error}`)
    failContainer(worker, pass, name, 'CreateContainerError', error)
    return
  }
  const { containerId, imageId = '' } = result.value
  const parsed = parseReference(container.image)
  const old = worker.containers.get(name)
  const last = old?.state === 'exited' ? terminationOf(old) : old?.last
  if (old?.id !== undefined) forget(kubelet, worker, old.id)
  const record: ContainerRecord = {
    id: containerId,
    attempt: nextAttempt(worker, name),
    image: parsed.ok ? parsed.reference.name : container.image,
    specImage: container.image,
    imageId,
    state: 'created',
    ...(last && { last }),
  }
  const user = kubelet.state.images.get(imageId)?.user
  if (user !== undefined) record.imageUser = user
  worker.containers.set(name, record)
  pass.changed = true
  containerEvent(kubelet, worker.pod, name, 'Normal', 'Created', 'Container created')
  const request = { call: 'StartContainer', containerId } as const
  const call = callRuntime(kubelet, request, { uid: worker.uid, purpose: 'step', container: name })
  record.startedAt = kubelet.self.now
  pass.step = { at: 'start', container: name, call }
}

/** One dead container of a name is kept for its logs (MaxPerPodContainer); the one before it goes. */
function forget(kubelet: Kubelet, worker: PodWorker, id: string): void {
  const before = worker.dead.shift()
  if (before !== undefined) {
    callRuntime(kubelet, { call: 'RemoveContainer', containerId: before }, { uid: worker.uid, purpose: 'none' })
  }
  worker.dead.push(id)
}

function afterStart(kubelet: Kubelet, worker: PodWorker, pass: Pass, container: Container, result: CriResult): void {
  const { name } = container
  const record = worker.containers.get(name)
  if (!record) return
  if (!result.ok) {
    containerEvent(kubelet, worker.pod, name, 'Warning', 'Failed', `Error: ${result.error}`)
    failContainer(worker, pass, name, 'RunContainerError', result.error)
    return
  }
  // It may have ended already: then its end was told before the answer to its start.
  if (record.state === 'created') record.state = 'running'
  worker.reasons.delete(name)
  containerEvent(kubelet, worker.pod, name, 'Normal', 'Started', 'Container started')
  const handler = container.lifecycle?.postStart
  if (!handler || record.state !== 'running') return
  if (runHook(kubelet, worker, container, handler, 'postStart')) pass.step = { at: 'hook', container: name }
}

/** The postStart hook has ended. A container whose hook failed is stopped. */
export function afterPostStart(
  kubelet: Kubelet,
  worker: PodWorker,
  pass: Pass,
  name: string,
  error: string | undefined,
): void {
  endStep(pass)
  if (error === undefined) return
  containerEvent(kubelet, worker.pod, name, 'Warning', 'FailedPostStartHook', 'PostStartHook failed')
  failContainer(worker, pass, name, 'PostStartHookError', error)
  pass.step = { at: 'kill', container: name }
  killContainer(kubelet, worker, name, 'FailedPostStartHook')
}
