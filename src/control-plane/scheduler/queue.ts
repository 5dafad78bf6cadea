import type { Pod } from '../../api/core/pod.ts'
import { popHeap, pushHeap } from './heap.ts'
import { type PodInfo, podInfoOf } from './pod-info.ts'

/**
 * Pods that wait for a node: those to be tried next, those that back off after a failure, and those for which nothing has
 * happened that could help. Plain data; models pkg/scheduler/backend/queue/scheduling_queue.go.
 */
export interface QueueState {
  /** By uid, in the order in which they came. */
  readonly pods: Map<string, QueuedPod>
  readonly active: Entry[]
  readonly backoff: Entry[]
  nextEntry: number
  /** Those that wait for an event, so that an event looks at no others. */
  readonly unschedulable: Set<string>
  /** Pods that preemption promised room on a node: uid → node. */
  readonly nominated: Map<string, Nomination>
}

export interface QueuedPod {
  pod: Pod
  /** 'cycle' while its node is sought or it is being bound. */
  where: 'active' | 'backoff' | 'unschedulable' | 'gated' | 'cycle'
  /** Number of its entry in a heap: entries with another number are out of date. */
  entry: number
  attempts: number
  /** How often it found no node, and how often trying failed for another reason in a row: they decide the back-off. */
  refusals: number
  errors: number
  /** When it was last put into the queue, in ms. */
  at: number
  /** Plugins that refused it last time: their events bring it back. */
  refusedBy: readonly string[]
}

interface Entry {
  readonly uid: string
  readonly number: number
  readonly priority: number
  /** When it came, or when its back-off ends. */
  readonly at: number
}

interface Nomination {
  readonly node: string
  readonly pod: Pod
}

const firstBackOffMs = 1_000
const longestBackOffMs = 10_000
/** Back-offs end at whole seconds, so that among those of one second priority decides (backoffQOrderingWindowDuration). */
export const backOffWindowMs = 1_000
/** How long a Pod waits at most for an event: DefaultPodMaxInUnschedulablePodsDuration. */
const longestWaitMs = 300_000

export function newQueue(): QueueState {
  return { pods: new Map(), active: [], backoff: [], nextEntry: 1, unschedulable: new Set(), nominated: new Map() }
}

/** Higher priority first, then first come: PrioritySort. Numbers of entries make the order total. */
function isBefore(a: Entry, b: Entry): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority
  return a.at === b.at ? a.number < b.number : a.at < b.at
}

function endsBefore(a: Entry, b: Entry): boolean {
  if (a.at !== b.at) return a.at < b.at
  return a.priority === b.priority ? a.number < b.number : a.priority > b.priority
}

/** Puts a new Pod into the queue, or behind its gates. */
export function enqueue(queue: QueueState, pod: Pod, now: number, isGated: boolean): void {
  const { uid } = pod.metadata
  const queued: QueuedPod = {
    pod,
    where: 'gated',
    entry: 0,
    attempts: 0,
    refusals: 0,
    errors: 0,
    at: now,
    refusedBy: [],
  }
  queue.pods.set(uid, queued)
  if (!isGated) activate(queue, queued)
}

export function dequeue(queue: QueueState, uid: string): void {
  queue.pods.delete(uid)
  queue.unschedulable.delete(uid)
  queue.nominated.delete(uid)
}

/** Moves a Pod to those that are tried next. */
export function activate(queue: QueueState, queued: QueuedPod): void {
  place(queue, queued, 'active')
  const { uid } = queued.pod.metadata
  const entry = { uid, number: queued.entry, priority: queued.pod.spec.priority ?? 0, at: queued.at }
  pushHeap(queue.active, Object.freeze(entry), isBefore)
}

function backOff(queue: QueueState, queued: QueuedPod): void {
  place(queue, queued, 'backoff')
  const { uid } = queued.pod.metadata
  const entry = { uid, number: queued.entry, priority: queued.pod.spec.priority ?? 0, at: backOffEnd(queued) }
  pushHeap(queue.backoff, Object.freeze(entry), endsBefore)
}

function place(queue: QueueState, queued: QueuedPod, where: QueuedPod['where']): void {
  const { uid } = queued.pod.metadata
  if (where === 'unschedulable') queue.unschedulable.add(uid)
  else queue.unschedulable.delete(uid)
  queued.where = where
  queued.entry = queue.nextEntry++
}

/** When a Pod may be tried again: 1 s after the first failure, twice as long after each further one, at most 10 s. */
export function backOffEnd({ at, refusals, errors }: QueuedPod): number {
  const failures = errors > 0 ? errors : refusals
  if (failures === 0) return window(at)
  return window(at + Math.min(firstBackOffMs * 2 ** (failures - 1), longestBackOffMs))
}

function window(ms: number): number {
  return Math.floor(ms / backOffWindowMs) * backOffWindowMs
}

/** Moves a Pod on after an event that may help it: at once, or when its back-off is over. */
export function retry(queue: QueueState, queued: QueuedPod, now: number): void {
  if (backOffEnd(queued) > window(now)) backOff(queue, queued)
  else activate(queue, queued)
}

/**
 * The Pod to be tried next. When no Pod is due, one that backs off because it found no node is taken early; one that backs
 * off after an error is not (SchedulerPopFromBackoffQ).
 */
export function takeNext(queue: QueueState): QueuedPod | undefined {
  const taken = takeFrom(queue, queue.active, 'active', isBefore) ?? takeEarly(queue)
  if (!taken) return undefined
  taken.attempts++
  place(queue, taken, 'cycle')
  return taken
}

function takeFrom(
  queue: QueueState,
  heap: Entry[],
  where: QueuedPod['where'],
  order: (a: Entry, b: Entry) => boolean,
): QueuedPod | undefined {
  dropStale(queue, heap, where, order)
  const entry = popHeap(heap, order)
  return entry && queue.pods.get(entry.uid)
}

function takeEarly(queue: QueueState): QueuedPod | undefined {
  const failed: Entry[] = []
  let found: QueuedPod | undefined
  for (;;) {
    dropStale(queue, queue.backoff, 'backoff', endsBefore)
    const entry = popHeap(queue.backoff, endsBefore)
    if (!entry) break
    found = queue.pods.get(entry.uid)
    if (found && found.errors === 0) break
    found = undefined
    failed.push(entry)
  }
  for (const entry of failed) pushHeap(queue.backoff, entry, endsBefore)
  return found
}

/** Removes entries from the top of a heap whose Pods have moved on. */
function dropStale(
  queue: QueueState,
  heap: Entry[],
  where: QueuedPod['where'],
  order: (a: Entry, b: Entry) => boolean,
): void {
  for (let top = heap[0]; top; top = heap[0]) {
    const queued = queue.pods.get(top.uid)
    if (queued?.where === where && queued.entry === top.number) return
    popHeap(heap, order)
  }
}

/** Whether there is a Pod that could be tried now. */
export function hasNext(queue: QueueState): boolean {
  dropStale(queue, queue.active, 'active', isBefore)
  if (queue.active.length > 0) return true
  return queue.backoff.some(({ uid, number }) => {
    const queued = queue.pods.get(uid)
    return queued?.where === 'backoff' && queued.entry === number && queued.errors === 0
  })
}

/** When the next back-off ends, or undefined. */
export function nextBackOffEnd(queue: QueueState): number | undefined {
  dropStale(queue, queue.backoff, 'backoff', endsBefore)
  return queue.backoff[0]?.at
}

/** Activates the Pods whose back-off is over. */
export function flushBackOff(queue: QueueState, now: number): void {
  for (;;) {
    dropStale(queue, queue.backoff, 'backoff', endsBefore)
    const top = queue.backoff[0]
    if (!top || top.at > window(now)) return
    const queued = takeFrom(queue, queue.backoff, 'backoff', endsBefore)
    if (queued) activate(queue, queued)
  }
}

/** Retries the Pods that have waited five minutes for an event in vain. */
export function flushUnschedulable(queue: QueueState, now: number): void {
  for (const uid of [...queue.unschedulable]) {
    const queued = queue.pods.get(uid)
    if (queued && now - queued.at > longestWaitMs) retry(queue, queued, now)
  }
}

/** Puts back a Pod that no node could take: it waits for an event that concerns the plugins that refused it. */
export function putUnschedulable(
  queue: QueueState,
  queued: QueuedPod,
  refusedBy: readonly string[],
  now: number,
): void {
  queued.at = now
  queued.refusals++
  queued.errors = 0
  queued.refusedBy = refusedBy
  place(queue, queued, 'unschedulable')
}

/** Puts back a Pod whose scheduling failed for a reason that no event mends. */
export function putFailed(queue: QueueState, queued: QueuedPod, now: number): void {
  queued.at = now
  queued.errors++
  queued.refusedBy = []
  backOff(queue, queued)
}

/** Promises a Pod room on a node, or takes the promise back. */
export function nominate(queue: QueueState, pod: Pod, node: string): void {
  if (node === '') queue.nominated.delete(pod.metadata.uid)
  else queue.nominated.set(pod.metadata.uid, Object.freeze({ node, pod }))
}

export function nominatedTo(queue: QueueState, node: string): readonly PodInfo[] {
  const pods: PodInfo[] = []
  for (const nomination of queue.nominated.values()) {
    if (nomination.node === node) pods.push(podInfoOf(nomination.pod))
  }
  return pods
}
