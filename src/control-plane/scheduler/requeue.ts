import { cycleOf } from './cycle.ts'
import type { Change } from './framework.ts'
import { podInfoOf } from './pod-info.ts'
import { hasNext, nextBackOffEnd, type QueuedPod, retry } from './queue.ts'
import type { Run } from './state.ts'

/** How long after which unschedulable Pods are looked through for those that have waited too long. */
export const unschedulablePeriodMs = 30_000
export const backOffPeriodMs = 1_000

/** Lets the Pods go on that this change may help: MoveAllToActiveOrBackoffQueue. */
export function requeueOn(run: Run, change: Change, except?: string): void {
  const { queue } = run.self.state
  if (queue.unschedulable.size === 0) return
  const listeners = new Set(
    run.profile.plugins.filter(({ requeueOn }) => requeueOn?.includes(change.event)).map(({ name }) => name),
  )
  if (listeners.size === 0) return
  for (const uid of [...queue.unschedulable]) {
    const queued = queue.pods.get(uid)
    if (queued && uid !== except) requeueIfHelped(run, queued, change)
  }
}

/** As `requeueOn`, for one Pod: whether one of the plugins that refused it says that the change may help. */
export function requeueIfHelped(run: Run, queued: QueuedPod, change: Change): void {
  const { self, profile, objects } = run
  const { state } = self
  const helps = profile.plugins.some(plugin => {
    if (!queued.refusedBy.includes(plugin.name) || !plugin.requeueOn?.includes(change.event)) return false
    return plugin.mayHelp?.(podInfoOf(queued.pod), change, cycleOf(state, objects)) ?? true
  })
  if (helps) retry(state.queue, queued, self.now)
}

/** Sees to it that what waits in the queue is looked at in time. */
export function wake({ self }: Run): void {
  const { state } = self
  if (!state.started) return
  if (!state.isBusy && hasNext(state.queue)) {
    state.isBusy = true
    self.schedule(0, 'cycle')
  }
  if (nextBackOffEnd(state.queue) !== undefined) startTimer(self, 'flushBackOff', backOffPeriodMs)
  if (state.queue.unschedulable.size > 0) startTimer(self, 'flushUnschedulable', unschedulablePeriodMs)
}

/** Schedules periodic work once, at the next whole period: nothing ticks while there is nothing to do. */
export function startTimer(self: Run['self'], type: string, periodMs: number): void {
  const { timers, since } = self.state
  if (timers.has(type)) return
  timers.add(type)
  self.schedule(periodMs - ((self.now - since) % periodMs), type)
}
