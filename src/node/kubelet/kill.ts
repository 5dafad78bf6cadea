import { callRuntime, containerEvent, containerOf, type Kubelet } from './context.ts'
import { runHook } from './hooks.ts'
import type { PodWorker } from './state.ts'

/** minimumGracePeriodInSeconds: what a container gets in any case, even if its preStop hook took all of its time. */
const minimumGraceSeconds = 2

/**
 * Stops a running container: says so, runs its preStop hook, then lets the runtime stop it. Models killContainer of
 * pkg/kubelet/kuberuntime/kuberuntime_container.go.
 */
export function killContainer(kubelet: Kubelet, worker: PodWorker, name: string, message: string): void {
  const { self } = kubelet
  const container = containerOf(worker, name)
  const record = worker.containers.get(name)
  if (record?.id === undefined || worker.kills.has(name)) return
  containerEvent(kubelet, worker.pod, name, 'Normal', 'Killing', message)
  const graceSeconds = graceOf(worker, name)
  const deadline = self.now + graceSeconds * 1_000
  const preStop = container.lifecycle?.preStop
  if (preStop && graceSeconds > 0 && runHook(kubelet, worker, container, preStop, 'preStop')) {
    const event = self.schedule(graceSeconds * 1_000, 'hook', { uid: worker.uid, container: name, kind: 'preStop' })
    worker.kills.set(name, { stage: 'hook', deadline, event })
    return
  }
  stop(kubelet, worker, name, graceSeconds)
}

/** The preStop hook has ended, or its time is up. */
export function afterPreStop(kubelet: Kubelet, worker: PodWorker, name: string, error?: string): void {
  const kill = worker.kills.get(name)
  if (kill?.stage !== 'hook') return
  if (kill.event !== undefined) kubelet.self.cancel(kill.event)
  if (error !== undefined) {
    containerEvent(kubelet, worker.pod, name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed')
  }
  const leftSeconds = Math.floor((kill.deadline - kubelet.self.now) / 1_000)
  stop(kubelet, worker, name, Math.max(leftSeconds, minimumGraceSeconds))
}

/** A Pod that is being stopped got less time than before: whoever is still there is told. */
export function shortenKills(kubelet: Kubelet, worker: PodWorker): void {
  for (const [name, kill] of worker.kills) {
    const graceSeconds = graceOf(worker, name)
    if (kill.stage === 'stop') stop(kubelet, worker, name, graceSeconds)
    else afterPreStop(kubelet, worker, name)
  }
}

function stop(kubelet: Kubelet, worker: PodWorker, name: string, timeoutSeconds: number): void {
  const containerId = worker.containers.get(name)?.id
  if (containerId === undefined) return
  worker.kills.set(name, { stage: 'stop', deadline: kubelet.self.now + timeoutSeconds * 1_000 })
  const request = { call: 'StopContainer', containerId, timeoutSeconds } as const
  callRuntime(kubelet, request, { uid: worker.uid, purpose: 'kill', container: name })
}

/** How long a container may take: the Pod's period, the deletion's, or that of the probe that failed. */
function graceOf(worker: PodWorker, name: string): number {
  const { pod, graceSeconds } = worker
  if (graceSeconds !== undefined) return graceSeconds
  const container = containerOf(worker, name)
  const failed = worker.containers.get(name)?.failedProbe
  const probe =
    failed === 'startup' ? container.startupProbe : failed === 'liveness' ? container.livenessProbe : undefined
  return probe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds
}
