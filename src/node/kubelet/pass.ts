import type { Kubelet } from './context.ts'
import type { Pass, PodWorker } from './state.ts'

/** Notes why a container was not started: the next status says so. `until` is when its back-off ends, if it is one. */
export function failContainer(
  worker: PodWorker,
  pass: Pass,
  name: string,
  reason: string,
  message: string,
  until?: number,
): void {
  // A crash is seen twice, by its event and by the relist after it, so its back-off shows at once.
  if (reason === 'CrashLoopBackOff' && worker.reasons.get(name)?.reason !== reason) pass.changed = true
  worker.reasons.set(name, Object.freeze({ reason, message }))
  pass.failed = true
  if (until !== undefined) pass.retryAt = Math.min(pass.retryAt ?? Infinity, until)
}

/** The pass' present step is over. */
export function endStep(pass: Pass): void {
  delete pass.step
}

/** Looks at the Pod again after a while, unless something makes it look before that. */
export function syncLater(kubelet: Kubelet, worker: PodWorker, delayMs: number): void {
  if (worker.retry !== undefined) kubelet.self.cancel(worker.retry)
  worker.retry = kubelet.self.schedule(delayMs, 'sync', worker.uid)
}
