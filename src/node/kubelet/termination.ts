import { isRestartableInitContainer } from '../../api/core/resources.ts'
import { callRuntime, type Kubelet, tellRuntime } from './context.ts'
import { releaseAdmission } from './admission.ts'
import { killContainer, shortenKills } from './kill.ts'
import { releaseObjects } from './objects.ts'
import { stopProbes } from './probes.ts'
import type { PodWorker } from './state.ts'
import { generateStatus } from './status.ts'
import { setStatus, settle } from './status-manager.ts'

/**
 * The end of a Pod: its containers are asked to stop, its sidecars after them, then its sandbox goes, and the API is told
 * how it ended. Models syncTerminatingPod and syncTerminatedPod of pkg/kubelet/kubelet.go.
 */
export function beginTermination(kubelet: Kubelet, worker: PodWorker): void {
  const before = worker.graceSeconds
  worker.graceSeconds = graceOf(worker)
  if (worker.stage === 'terminated') {
    if (!worker.deleted) settle(kubelet, worker)
    return
  }
  if (worker.stage === 'terminating') {
    if (before !== undefined && worker.graceSeconds < before) shortenKills(kubelet, worker)
    return
  }
  worker.stage = 'terminating'
  worker.terminatingSince = kubelet.self.now
  if (worker.retry !== undefined) kubelet.self.cancel(worker.retry)
  delete worker.retry
  stopProbes(kubelet, worker, probe => probe.type !== 'readiness')
  setStatus(kubelet, worker, generateStatus(kubelet, worker, false))
  const at = worker.pass?.step?.at
  // What changes the machine is waited for; a pull or a hook is given up.
  if (at !== 'sandbox' && at !== 'create' && at !== 'start') delete worker.pass
  continueTermination(kubelet, worker)
}

/** calculateEffectiveGracePeriod of pkg/kubelet/pod_workers.go: it can only become shorter, and is at least a second. */
function graceOf({ graceSeconds = 0, pod }: PodWorker): number {
  let grace = graceSeconds
  const wanted = pod.metadata.deletionGracePeriodSeconds
  if (wanted !== undefined && (grace === 0 || wanted < grace)) grace = wanted
  if (grace === 0) grace = pod.spec.terminationGracePeriodSeconds
  return Math.max(grace, 1)
}

/** Takes the next step to the end, if nothing has to be waited for. */
export function continueTermination(kubelet: Kubelet, worker: PodWorker): void {
  const { pod, containers, kills, sandbox } = worker
  if (worker.stage !== 'terminating' || worker.pass) return
  const init = pod.spec.initContainers ?? []
  const mains = [
    ...init.filter(container => !isRestartableInitContainer(container)),
    ...pod.spec.containers,
    ...(pod.spec.ephemeralContainers ?? []),
  ]
  const isRunning = ({ name }: { name: string }): boolean => containers.get(name)?.state === 'running'
  for (const container of mains) if (isRunning(container)) stopNamed(kubelet, worker, container.name)
  if (mains.some(isRunning) || kills.size > 0) return
  const sidecar = init.filter(isRestartableInitContainer).filter(isRunning).at(-1)
  if (sidecar) {
    stopNamed(kubelet, worker, sidecar.name)
    return
  }
  if (sandbox?.ready) {
    sandbox.ready = false
    callRuntime(kubelet, { call: 'StopPodSandbox', sandboxId: sandbox.id }, { uid: worker.uid, purpose: 'end' })
    return
  }
  finish(kubelet, worker)
}

function stopNamed(kubelet: Kubelet, worker: PodWorker, name: string): void {
  killContainer(kubelet, worker, name, `Stopping container ${name}`)
}

function finish(kubelet: Kubelet, worker: PodWorker): void {
  worker.stage = 'terminated'
  stopProbes(kubelet, worker, () => true)
  releaseObjects(kubelet, worker)
  releaseAdmission(kubelet, worker)
  if (worker.deleted) {
    forget(kubelet, worker)
    return
  }
  setStatus(kubelet, worker, generateStatus(kubelet, worker, true))
  if (worker.pod.metadata.deletionTimestamp !== undefined) settle(kubelet, worker)
}

/** The Pod has ended and its object is gone: nothing is left of it on this machine. */
export function forget(kubelet: Kubelet, worker: PodWorker): void {
  const { state, self } = kubelet
  if (worker.statusEvent !== undefined) self.cancel(worker.statusEvent)
  if (worker.sandbox) tellRuntime(kubelet, { call: 'RemovePodSandbox', sandboxId: worker.sandbox.id })
  for (const { name } of worker.pod.spec.volumes ?? []) {
    tellRuntime(kubelet, { call: 'RemoveVolume', volumeId: `${worker.uid}/${name}` })
  }
  state.workers.delete(worker.uid)
}
