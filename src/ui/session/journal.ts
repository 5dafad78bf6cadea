import type { Input, LoggedInput, SessionRecord } from '../../protocol/messages.ts'

/**
 * What would be lost if the session died now: the last record it gave, and every input sent since. The worker handles
 * messages in order, so a record that was asked for after an input holds that input.
 */
export class Journal {
  #base: SessionRecord
  #since: LoggedInput[] = []

  constructor(base: SessionRecord) {
    this.#base = base
  }

  /** Notes an input as it is sent, with the virtual time that the page knew. */
  note(at: number, input: Input): void {
    this.#since.push({ at, input })
  }

  /** Call before a record is asked for; give the result to `saved` with the record. */
  asking(): number {
    return this.#since.length
  }

  saved(record: SessionRecord, asked: number): void {
    this.#base = record
    this.#since = this.#since.slice(asked)
  }

  /** How many inputs the record below adds to the last one that the session gave. */
  get pending(): number {
    return this.#since.length
  }

  /** A record to open again: no input is missing, and time is no earlier than the last of them. */
  record(now: number): SessionRecord {
    if (this.#since.length === 0) return this.#base
    const last = this.#base.inputs.at(-1)?.at ?? 0
    const added = this.#since.map(each => ({ ...each, at: Math.max(each.at, last) }))
    const at = Math.max(this.#base.at, now, ...added.map(each => each.at))
    return { ...this.#base, inputs: [...this.#base.inputs, ...added], at }
  }
}

/** The same record without its last input: for a cluster that dies of it. */
export function withoutLastInput(record: SessionRecord): SessionRecord {
  const inputs = record.inputs.slice(0, -1)
  const dropped = record.inputs.at(-1)
  return { ...record, inputs, at: dropped ? Math.min(record.at, dropped.at) : record.at }
}
