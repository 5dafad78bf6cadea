import type { WatchDelivery, WatchEvent } from '../../../machinery/rest.ts'
import type { Self } from '../../../sim/component.ts'
import { countWatchEvents } from '../metrics/count.ts'
import type { ApiServerState, Watch } from '../state.ts'
import { dropInterest } from './interest.ts'

/** Puts an event on its way to a watcher. All that becomes due at one instant for one watcher is one delivery. */
export function enqueue(self: Self<ApiServerState>, watch: Watch, event: WatchEvent, afterMs: number): void {
  if (event.revision <= watch.told && event.type !== 'BOOKMARK') return
  watch.told = Math.max(watch.told, event.revision)
  queueFor(self, watch, afterMs).push(event)
}

/** Puts what a new watcher is told first on its way: the objects that are there, whatever their age. */
export function enqueueInitial(self: Self<ApiServerState>, watch: Watch, events: readonly WatchEvent[]): void {
  if (events.length > 0) queueFor(self, watch, 0).push(...events)
}

/** A watcher is told in order: what is still on its way is not overtaken. */
function queueFor(self: Self<ApiServerState>, watch: Watch, afterMs: number): WatchEvent[] {
  const dueAt = self.now + afterMs + watch.delayMs
  const last = watch.pending[watch.pending.length - 1]
  if (last && last.dueAt >= dueAt) return last.events
  const events: WatchEvent[] = []
  watch.pending.push({ dueAt, events })
  const { due } = self.state
  const waiting = due.get(dueAt)
  if (waiting) waiting.add(watch.id)
  else {
    due.set(dueAt, new Set([watch.id]))
    self.schedule(dueAt - self.now, 'deliver', dueAt)
  }
  return events
}

/** Hands over what is due now. A watcher that is gone is forgotten. */
export function deliver(self: Self<ApiServerState>, dueAt: number, isAlive: (component: string) => boolean): void {
  const { due, watches } = self.state
  const ids = due.get(dueAt)
  due.delete(dueAt)
  for (const id of ids ?? []) {
    const watch = watches.get(id)
    if (!watch) continue
    if (!isAlive(watch.component)) {
      stopWatch(self, id)
      continue
    }
    while (watch.pending[0] && watch.pending[0].dueAt <= dueAt) {
      const events = watch.pending.shift()?.events ?? []
      hand(self, watch, { watchId: id, events: Object.freeze(events) })
    }
  }
}

function hand(self: Self<ApiServerState>, watch: Watch, delivery: WatchDelivery): void {
  const { events } = delivery
  self.send(watch.component, 0, 'watch', Object.freeze(delivery))
  const revision = events[events.length - 1]?.revision ?? watch.told
  countWatchEvents(self.state, watch, events.length)
  const { id: watchId, component: to, resource } = watch
  self.record('watch', { watchId, to, resource, revision, count: events.length })
}

/** Ends a watch from the server's side and says why. */
export function closeWatch(self: Self<ApiServerState>, id: number, closed: 'gone' | 'closed'): void {
  const watch = self.state.watches.get(id)
  if (!watch) return
  stopWatch(self, id)
  for (const { events } of watch.pending) hand(self, watch, { watchId: id, events: Object.freeze(events) })
  self.send(watch.component, watch.delayMs, 'watch', Object.freeze({ watchId: id, events: [], closed }))
}

/** Forgets a watch: its client does not want it any more, or is gone. */
export function stopWatch({ state }: Self<ApiServerState>, id: number): void {
  const watch = state.watches.get(id)
  if (!watch) return
  dropInterest(state, watch)
  state.watches.delete(id)
}
