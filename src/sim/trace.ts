/** One thing that happened. What `type` and `data` can be is declared by those who record (machinery/evidence.ts). */
export interface TraceEntry<Data = unknown> {
  readonly seq: number
  readonly at: number
  /** The component that recorded it. */
  readonly by: string
  readonly type: string
  readonly data: Data
}

export interface TraceState {
  readonly entries: readonly TraceEntry[]
  readonly next: number
}

/** The last `capacity` things that happened, in order. Readers ask for what came after the last one they saw. */
export class Trace {
  private ring: TraceEntry[] = []
  private next = 0
  private isQuiet = false

  constructor(private readonly capacity: number) {}

  /** The number that the next entry will get. */
  get end(): number {
    return this.next
  }

  record(at: number, by: string, type: string, data: unknown): void {
    if (this.isQuiet) return
    const entry = { seq: this.next, at, by, type, data }
    this.ring[this.next % this.capacity] = entry
    this.next++
  }

  /** Does something that is no part of what happens: nothing is recorded meanwhile. */
  quietly<T>(work: () => T): T {
    this.isQuiet = true
    try {
      return work()
    } finally {
      this.isQuiet = false
    }
  }

  /** Entries from number `seq` on that are still there, oldest first. */
  since(seq: number): TraceEntry[] {
    const entries: TraceEntry[] = []
    for (let i = Math.max(seq, this.next - this.capacity, 0); i < this.next; i++) {
      entries.push(this.ring[i % this.capacity] as TraceEntry)
    }
    return entries
  }

  /** The newest entry that passes, among those that are still there. */
  newest(passes: (entry: TraceEntry) => boolean): TraceEntry | undefined {
    for (let i = this.next - 1; i >= Math.max(this.next - this.capacity, 0); i--) {
      const entry = this.ring[i % this.capacity]
      if (entry && passes(entry)) return entry
    }
    return undefined
  }

  save(): TraceState {
    return { entries: this.since(0), next: this.next }
  }

  load(state: TraceState): void {
    this.ring = []
    this.next = state.next
    for (const entry of state.entries) this.ring[entry.seq % this.capacity] = entry
  }
}
