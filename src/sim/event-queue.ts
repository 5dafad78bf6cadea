/**
 * Something that will happen: `to` is the component that handles it. Events are data and are never changed after they
 * were scheduled, so a checkpoint can share them.
 */
export interface SimEvent {
  /** Virtual time in ms since 1970. */
  readonly at: number
  /** Number of the event in its run: events of one instant happen in the order in which they were scheduled. */
  readonly seq: number
  readonly to: string
  readonly type: string
  readonly data: unknown
}

/** What a checkpoint keeps of the queue. */
export interface QueueState {
  readonly heap: readonly SimEvent[]
  readonly cancelled: readonly number[]
}

/** A binary heap of events, ordered by `at`, then `seq`. */
export class EventQueue {
  private heap: SimEvent[] = []
  private cancelled = new Set<number>()

  get size(): number {
    return this.heap.length - this.cancelled.size
  }

  push(event: SimEvent): void {
    const heap = this.heap
    let index = heap.length
    heap.push(event)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as SimEvent
      if (isBefore(above, event)) break
      heap[index] = above
      index = parent
    }
    heap[index] = event
  }

  /** Takes an event back. The caller knows that it has not happened yet. */
  cancel(seq: number): void {
    this.cancelled.add(seq)
  }

  /** The event that comes next, or undefined when nothing is left to happen. */
  peek(): SimEvent | undefined {
    while (this.heap.length > 0) {
      const first = this.heap[0] as SimEvent
      if (this.cancelled.size === 0 || !this.cancelled.delete(first.seq)) return first
      this.removeFirst()
    }
    return undefined
  }

  pop(): SimEvent | undefined {
    const first = this.peek()
    if (first) this.removeFirst()
    return first
  }

  save(): QueueState {
    return { heap: this.heap.slice(), cancelled: [...this.cancelled] }
  }

  load(state: QueueState): void {
    this.heap = state.heap.slice()
    this.cancelled = new Set(state.cancelled)
  }

  /** Takes out the event that `peek` has just shown. */
  removeFirst(): void {
    const heap = this.heap
    const last = heap.pop() as SimEvent
    const length = heap.length
    if (length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      let below = heap[child] as SimEvent
      const right = heap[child + 1]
      if (right && child + 1 < length && isBefore(right, below)) {
        below = right
        child++
      }
      if (isBefore(last, below)) break
      heap[index] = below
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq)
}
