/**
 * A rate-limited work queue as data: each key is in it once, a key that is being worked on and added again comes back
 * afterwards, failures come back with exponential delay. Models client-go/util/workqueue.
 */
export interface WorkQueueState {
  /** Keys to be worked on, in order. */
  ready: string[]
  readonly dirty: Set<string>
  readonly working: Set<string>
  readonly failures: Map<string, number>
  /** Keys that come back at a time: number of the event that brings them and when that is. */
  readonly delayed: Map<string, { event: number; at: number }>
}

/** ItemExponentialFailureRateLimiter of DefaultControllerRateLimiter: 5 ms, doubled at every failure, at most 1,000 s. */
const baseDelayMs = 5
const maxDelayMs = 1_000_000

export function newWorkQueue(): WorkQueueState {
  return { ready: [], dirty: new Set(), working: new Set(), failures: new Map(), delayed: new Map() }
}

/** Adds a key unless it waits already. */
export function addKey(queue: WorkQueueState, key: string): void {
  if (queue.dirty.has(key)) return
  queue.dirty.add(key)
  if (!queue.working.has(key)) queue.ready.push(key)
}

/** Takes the next key to work on, or undefined. The caller must call `doneWithKey`. */
export function takeKey(queue: WorkQueueState): string | undefined {
  const key = queue.ready.shift()
  if (key === undefined) return undefined
  queue.working.add(key)
  queue.dirty.delete(key)
  return key
}

export function doneWithKey(queue: WorkQueueState, key: string): void {
  queue.working.delete(key)
  if (queue.dirty.has(key)) queue.ready.push(key)
}

/** Counts a failure of the key and returns after how many ms it should be tried again. */
export function backOffMs(queue: WorkQueueState, key: string): number {
  const failures = queue.failures.get(key) ?? 0
  queue.failures.set(key, failures + 1)
  return Math.min(baseDelayMs * 2 ** failures, maxDelayMs)
}

export function forgetFailures(queue: WorkQueueState, key: string): void {
  queue.failures.delete(key)
}
