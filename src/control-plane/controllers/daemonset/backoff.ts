import type { Context } from '../../../client/controller.ts'

/** Failed daemon Pods come back after 1 s, then 2 s, up to 15 minutes (failedPodsBackoff). */
const baseMs = 1_000
const maxMs = 15 * 60_000

interface Delay {
  readonly at: number
  readonly delayMs: number
}

/** Whether a failed Pod may be replaced now; if not, the DaemonSet is looked at again when it may. */
export function mayRetry(place: string, { enqueue, key, memory, now }: Context): boolean {
  const kept = memory.get(place)
  const last = isDelay(kept) ? kept : undefined
  if (last && now - last.at < last.delayMs) {
    enqueue(key, last.at + last.delayMs - now)
    return false
  }
  // After twice the longest delay without a failure the count begins anew.
  const isFresh = !last || now - last.at > 2 * maxMs
  const next: Delay = { at: now, delayMs: isFresh ? baseMs : Math.min(last.delayMs * 2, maxMs) }
  memory.set(place, next)
  return true
}

function isDelay(value: unknown): value is Delay {
  return typeof value === 'object' && value !== null && 'delayMs' in value
}
