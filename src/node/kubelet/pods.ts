import { Pod } from '../../api/core/pod.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { parseTime, timestamp } from '../../machinery/time.ts'
import { admit } from './admission.ts'
import { adopt } from './adopt.ts'
import { type Kubelet, podEvent } from './context.ts'
import { isMirror } from './mirror.ts'
import { isTerminalPhase } from './status.ts'
import { statusChanged } from './status-manager.ts'
import type { PodWorker } from './state.ts'
import { beginTermination, forget } from './termination.ts'
import { requestSync } from './worker.ts'

/** A Pod of this node came, changed or went, as the API's watch tells it: HandlePodAdditions and its kin. */
export function podChanged(kubelet: Kubelet, old: ApiObject | undefined, next: ApiObject | undefined): void {
  const object = next ?? old
  if (!object || !isPod(object)) return
  if (isMirror(object)) {
    if (!next || object.metadata.deletionTimestamp !== undefined) mirrorGone(kubelet, object)
    return
  }
  if (!next) {
    podGone(kubelet, object)
    return
  }
  // A Pod of the same name that takes another's place: the watch may have passed over the end of the first.
  if (old && old.metadata.uid !== object.metadata.uid && isPod(old)) podGone(kubelet, old)
  const worker = kubelet.state.workers.get(object.metadata.uid)
  if (worker) update(kubelet, worker, object)
  else add(kubelet, object)
}

function isPod(object: ApiObject): object is Pod {
  return object.kind === Pod.kind
}

/** A Pod that this kubelet has not seen before. */
function add(kubelet: Kubelet, pod: Pod): void {
  const worker = newWorker(kubelet, pod, 'api')
  kubelet.state.workers.set(worker.uid, worker)
  adopt(kubelet, worker)
  if (pod.metadata.deletionTimestamp !== undefined) {
    beginTermination(kubelet, worker)
    return
  }
  if (isTerminalPhase(pod.status.phase)) {
    // It ended here before this kubelet knew anything: the API has the last word on it.
    worker.stage = 'terminated'
    return
  }
  if (!admit(kubelet, worker)) return
  const { activeDeadlineSeconds } = pod.spec
  if (activeDeadlineSeconds !== undefined) {
    const since = parseTime(pod.status.startTime ?? worker.startTime)
    kubelet.self.schedule(since + activeDeadlineSeconds * 1_000 - kubelet.self.now, 'deadline', worker.uid)
  }
  requestSync(kubelet, worker)
}

/** A Pod may run for so long and no longer: pkg/kubelet/active_deadline.go. */
export function deadlinePassed(kubelet: Kubelet, worker: PodWorker): void {
  if (worker.stage !== 'sync') return
  const reason = 'DeadlineExceeded'
  const message = 'Pod was active on the node longer than the specified deadline'
  worker.verdict = { reason, message }
  podEvent(kubelet, worker.pod, 'Normal', reason, message)
  beginTermination(kubelet, worker)
}

export function newWorker({ self }: Kubelet, pod: Pod, source: 'api' | 'file'): PodWorker {
  return {
    uid: pod.metadata.uid,
    pod,
    source,
    stage: 'sync',
    startTime: timestamp(self.now),
    addedAt: self.now,
    sandboxAttempts: 0,
    containers: new Map(),
    dead: [],
    reasons: new Map(),
    restarts: new Map(),
    pulls: new Map(),
    again: false,
    volumes: 'none',
    mountBackOffMs: 0,
    refs: new Set(),
    probes: new Map(),
    kills: new Map(),
    admitted: false,
    deleted: false,
  }
}

function update(kubelet: Kubelet, worker: PodWorker, pod: Pod): void {
  const before = worker.pod
  worker.pod = pod
  if (pod.metadata.deletionTimestamp !== undefined || isTerminalPhase(pod.status.phase)) {
    beginTermination(kubelet, worker)
    return
  }
  if (before.spec !== pod.spec || haveGatesChanged(before, pod)) requestSync(kubelet, worker)
  statusChanged(kubelet, worker, pod)
}

/** Of what others write into a Pod's status only its readiness gates concern the kubelet. */
function haveGatesChanged(before: Pod, after: Pod): boolean {
  const gates = after.spec.readinessGates ?? []
  const statusOf = (pod: Pod, type: string): string | undefined =>
    pod.status.conditions?.find(condition => condition.type === type)?.status
  return gates.some(({ conditionType }) => statusOf(before, conditionType) !== statusOf(after, conditionType))
}

/** The API has no such Pod any more: it was deleted by force, or this kubelet said that it has ended. */
function podGone(kubelet: Kubelet, pod: Pod): void {
  const worker = kubelet.state.workers.get(pod.metadata.uid)
  if (!worker) return
  worker.pod = pod
  worker.deleted = true
  if (worker.stage === 'terminated') forget(kubelet, worker)
  else beginTermination(kubelet, worker)
}

/** Somebody deletes the mirror of a static Pod: the Pod stays, and gets a new one. */
function mirrorGone(kubelet: Kubelet, mirror: Pod): void {
  const { namespace, name } = mirror.metadata
  for (const worker of kubelet.state.workers.values()) {
    const { metadata } = worker.pod
    if (worker.source !== 'file' || metadata.name !== name || metadata.namespace !== namespace) continue
    // It may be an older one, which has been replaced already.
    if (worker.mirror && worker.mirror.metadata.uid !== mirror.metadata.uid) continue
    delete worker.mirror
    delete worker.sent
    requestSync(kubelet, worker)
  }
}
