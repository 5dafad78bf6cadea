import { nextAction } from './actions.ts'
import { backOffUntil, jittered, nextBackOff } from './backoff.ts'
import { callRuntime, containerEvent, formatPod, isHostNetwork, type Kubelet, podEvent } from './context.ts'
import { goDuration } from './duration.ts'
import { killContainer } from './kill.ts'
import { updateProbes } from './probes.ts'
import { sandboxConfig } from './sandbox-config.ts'
import { startContainer } from './start-container.ts'
import type { Pass, PodWorker } from './state.ts'
import { generateStatus, isTerminalPhase } from './status.ts'
import { setStatus } from './status-manager.ts'
import { ensureMirror } from './mirror.ts'
import { beginTermination } from './termination.ts'
import { mountVolumes } from './mounts.ts'
import { failContainer, syncLater } from './pass.ts'

/**
 * The pod worker: one pass of syncPod at a time for each Pod, from its status to its last container. Calls of the
 * runtime take time, so a pass is a chain of events; what it waits for is data (`pass.step`). Models
 * pkg/kubelet/{pod_workers.go,kubelet.go} and kuberuntime's SyncPod.
 */

/** backOffPeriod of pkg/kubelet/kubelet.go: a sync that failed is tried again. */
const failedSyncMs = 10_000
const longestRetryMs = 60_000
/** The runtime's relist, which sees once more what a failing pass has changed (generic PLEG). */
const relistMs = 1_000

/** Something about the Pod has changed: look at it now, or when the present pass is over. */
export function requestSync(kubelet: Kubelet, worker: PodWorker): void {
  if (worker.stage !== 'sync' || !worker.admitted) return
  if (worker.pass) worker.again = true
  else beginPass(kubelet, worker)
}

function beginPass(kubelet: Kubelet, worker: PodWorker): void {
  if (worker.retry !== undefined) kubelet.self.cancel(worker.retry)
  delete worker.retry
  worker.again = false
  const pass: Pass = { attempted: new Set(), failed: false, changed: false }
  worker.pass = pass
  updateProbes(kubelet, worker)
  const status = generateStatus(kubelet, worker, false)
  setStatus(kubelet, worker, status)
  if (isTerminalPhase(status.phase)) {
    delete worker.pass
    beginTermination(kubelet, worker)
    return
  }
  if (!kubelet.state.networkReady && !isHostNetwork(worker.pod)) {
    const why = `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:${kubelet.state.networkMessage}`
    podEvent(kubelet, worker.pod, 'Warning', 'NetworkNotReady', `network is not ready: ${why}`)
    // Upstream looks again every second; here the network's getting ready wakes the Pod.
    delete worker.pass
    return
  }
  if (worker.source === 'file') ensureMirror(kubelet, worker)
  proceed(kubelet, worker)
}

/** Goes on with the pass until it has to wait for something or has nothing left to do. */
export function proceed(kubelet: Kubelet, worker: PodWorker): void {
  const { pass } = worker
  if (!pass || pass.step || worker.stage !== 'sync') return
  if (worker.volumes !== 'mounted' && !mountVolumes(kubelet, worker)) {
    // The volumes' own retries wake the Pod.
    delete worker.pass
    return
  }
  while (worker.pass === pass && !pass.step) {
    const action = nextAction(worker, pass.attempted)
    switch (action.do) {
      case 'nothing':
        endPass(kubelet, worker, pass)
        return
      case 'create-sandbox':
        if (pass.attempted.has('')) {
          endPass(kubelet, worker, pass)
          return
        }
        createSandbox(kubelet, worker, pass)
        break
      case 'kill':
        pass.step = { at: 'kill', container: action.container }
        killContainer(kubelet, worker, action.container, action.message)
        break
      case 'start':
        pass.attempted.add(action.container.name)
        if (!isBackingOff(kubelet, worker, pass, action.container.name)) {
          startContainer(kubelet, worker, pass, action.container)
        }
        break
    }
  }
}

function createSandbox(kubelet: Kubelet, worker: PodWorker, pass: Pass): void {
  pass.attempted.add('')
  if (worker.sandboxAttempts > 0) {
    podEvent(kubelet, worker.pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
  }
  const sandbox = sandboxConfig(kubelet, worker)
  worker.sandboxAttempts++
  const call = callRuntime(kubelet, { call: 'RunPodSandbox', sandbox }, { uid: worker.uid, purpose: 'step' })
  pass.step = { at: 'sandbox', call }
}

/** Whether a container that ended lately has to wait before it is started again (doBackOff). */
function isBackingOff(kubelet: Kubelet, worker: PodWorker, pass: Pass, name: string): boolean {
  const record = worker.containers.get(name)
  if (record?.state !== 'exited') return false
  const { now } = kubelet.self
  const since = record.finishedAt ?? now
  const entry = worker.restarts.get(name)
  const until = backOffUntil(entry, since, now)
  if (until === undefined || !entry) {
    nextBackOff(worker.restarts, name, since, now)
    return false
  }
  const { pod } = worker
  const where = formatPod(pod)
  const event = `Back-off restarting failed container ${name} in pod ${where}`
  containerEvent(kubelet, pod, name, 'Warning', 'BackOff', event)
  const message = `back-off ${goDuration(entry.delayMs)} restarting failed container=${name} pod=${where}`
  failContainer(worker, pass, name, 'CrashLoopBackOff', message, until)
  return true
}

function endPass(kubelet: Kubelet, worker: PodWorker, pass: Pass): void {
  delete worker.pass
  const { self } = kubelet
  if (pass.changed || worker.again) {
    // A pass that failed is followed by one that tells why; otherwise changes are told at once.
    if (pass.failed && !worker.again) syncLater(kubelet, worker, relistMs)
    else beginPass(kubelet, worker)
    return
  }
  if (!pass.failed) return
  const untilMs = pass.retryAt === undefined ? failedSyncMs : pass.retryAt - self.now
  syncLater(kubelet, worker, jittered(Math.min(Math.max(untilMs, 0), longestRetryMs), self.random()))
}
