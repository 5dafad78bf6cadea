import { Pod } from '../../api/core/pod.ts'
import type { PodCondition, PodStatus } from '../../api/generated/core.v1.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { getCached } from '../../client/informer.ts'
import { takeTokens } from '../../client/limiter.ts'
import { deepFreeze, isEqual } from '../../machinery/object.ts'
import { type ApiError, attempt } from '../../machinery/status.ts'
import type { Kubelet } from './context.ts'
import { isTerminalPhase } from './status.ts'
import type { PodWorker } from './state.ts'

/**
 * Tells the API what became of a Pod: only what changed, in order, and no faster than the client's rate limiter allows;
 * what changes meanwhile goes with the next patch. Models pkg/kubelet/status/status_manager.go.
 */
export function setStatus(kubelet: Kubelet, worker: PodWorker, status: PodStatus): void {
  if (worker.status && isEqual(worker.status, status)) return
  worker.status = deepFreeze(status)
  sendLater(kubelet, worker)
}

function sendLater(kubelet: Kubelet, worker: PodWorker): void {
  if (worker.statusEvent !== undefined) return
  const waitMs = takeTokens(kubelet.state.limiter, 1, kubelet.self.now)
  if (waitMs <= 0) sendStatus(kubelet, worker)
  else worker.statusEvent = kubelet.self.schedule(waitMs, 'status', worker.uid)
}

/** A status that could not be sent is sent again by the manager's next full sync. */
const retryMs = 10_000

/**
 * Somebody else wrote into the Pod's status, as the node controller does when a node is silent: what this kubelet knows is
 * sent again by the manager's next sync (needsReconcile). What arrives may be an own patch that a later one follows, so
 * that is judged only then.
 */
export function statusChanged({ self }: Kubelet, worker: PodWorker, { status }: Pod): void {
  // Nearly always it is what this kubelet has just written.
  if (!worker.status || status === worker.sent || worker.reconcile || worker.stage !== 'sync') return
  if (Object.keys(changesOf(status, presentable(worker, worker.status, status))).length === 0) return
  worker.reconcile = true
  self.schedule(retryMs, 'reconcile', worker.uid)
}

/** Makes the API's status this kubelet's own again, if it is another by now. */
export function reconcileStatus(kubelet: Kubelet, worker: PodWorker): void {
  delete worker.reconcile
  const target = apiPodOf(kubelet, worker)
  if (!target || worker.statusEvent !== undefined || worker.stage !== 'sync') return
  if (!worker.status || Object.keys(changesOf(target.status, worker.status)).length === 0) return
  worker.sent = target.status
  sendLater(kubelet, worker)
}

/** Patches the Pod's status with what the API does not have yet. */
export function sendStatus(kubelet: Kubelet, worker: PodWorker): void {
  delete worker.statusEvent
  const target = apiPodOf(kubelet, worker)
  if (!target || worker.deleted) return
  if (worker.status && !patchStatus(kubelet, worker, worker.status, target)) {
    worker.statusEvent = kubelet.self.schedule(retryMs, 'status', worker.uid)
    return
  }
  finishDeletion(kubelet, worker, target)
}

/** Sends what the API does not have yet. Returns whether that is settled. */
function patchStatus(kubelet: Kubelet, worker: PodWorker, told: PodStatus, target: Pod): boolean {
  const known = worker.sent ?? target.status
  const changes = changesOf(known, presentable(worker, told, known))
  if (Object.keys(changes).length === 0) return true
  const patch = { metadata: { uid: target.metadata.uid }, status: changes }
  const failure = attempt(() => {
    worker.sent = kubelet.api.patch(Pod, target, 'strategic', patch, 'status').status
  })
  return !failure || !isWorthAnotherTry(failure)
}

function isWorthAnotherTry({ reason }: ApiError): boolean {
  return reason !== 'NotFound' && reason !== 'Invalid'
}

/** The Pod's object in the API; a static Pod is told of through its mirror. */
function apiPodOf({ state }: Kubelet, worker: PodWorker): Pod | undefined {
  const { namespace = 'default', name } = worker.pod.metadata
  const cached = getCached(state.pods, Pod, `${namespace}/${name}`)
  // The cache may still show a mirror that has been replaced.
  if (worker.source === 'file') return worker.mirror ?? cached
  return cached?.metadata.uid === worker.uid ? cached : worker.pod
}

/**
 * A Pod may not be said to have ended while containers of it may still run; when it has, it is not ready
 * (mergePodStatus).
 */
function presentable(worker: PodWorker, status: PodStatus, known: PodStatus): PodStatus {
  if (!isTerminalPhase(status.phase) || isTerminalPhase(known.phase) || worker.stage === 'terminated') return status
  const { reason: _reason, message: _message, ...rest } = status
  return { ...rest, phase: known.phase }
}

/** The fields of a status that differ, as a strategic merge patch: conditions are merged by type. */
function changesOf(known: PodStatus, status: PodStatus): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  const before = new Map<string, unknown>(Object.entries(known))
  for (const [field, value] of Object.entries(status)) {
    if (field === 'conditions' || isEqual(before.get(field), value)) continue
    changes[field] = value
  }
  for (const field of ['reason', 'message']) {
    if (before.get(field) !== undefined && !Object.hasOwn(status, field)) changes[field] = null
  }
  const changed = changedConditions(known.conditions, status.conditions ?? [])
  if (changed.length > 0) {
    changes['conditions'] = changed
    changes['$setElementOrder/conditions'] = (status.conditions ?? []).map(({ type }) => ({ type }))
  }
  return changes
}

function changedConditions(
  known: readonly PodCondition[] | undefined,
  conditions: readonly PodCondition[],
): Record<string, unknown>[] {
  const changed: Record<string, unknown>[] = []
  for (const condition of conditions) {
    const before = findCondition(known, condition.type)
    if (before && isSame(before, condition)) continue
    const { reason = null, message = null } = condition
    changed.push({
      ...condition,
      ...(before?.reason !== undefined && { reason }),
      ...(before?.message !== undefined && { message }),
    })
  }
  return changed
}

/** Whether two conditions say the same; the server adds a lastProbeTime that nobody ever sets. */
function isSame(a: PodCondition, b: PodCondition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.lastTransitionTime === b.lastTransitionTime &&
    a.observedGeneration === b.observedGeneration
  )
}

/** When a Pod that was to be deleted has ended and the API knows how, the API may forget it. */
function finishDeletion(kubelet: Kubelet, worker: PodWorker, target: Pod): void {
  if (worker.stage !== 'terminated' || target.metadata.deletionTimestamp === undefined) return
  if (worker.source === 'file' || worker.removed) return
  const failure = attempt(() => {
    const preconditions = { uid: target.metadata.uid }
    kubelet.api.delete(Pod, target, { gracePeriodSeconds: 0, preconditions })
  })
  if (failure && isWorthAnotherTry(failure)) {
    worker.statusEvent = kubelet.self.schedule(retryMs, 'status', worker.uid)
  } else worker.removed = true
}

/** Sees to it that the API forgets a Pod that has ended, even when there is nothing new to tell. */
export function settle(kubelet: Kubelet, worker: PodWorker): void {
  sendLater(kubelet, worker)
}
