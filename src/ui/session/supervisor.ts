import type { Answers, Ask, Frame, Input, SessionRecord } from '../../protocol/messages.ts'
import { type Answer, AskError, SessionClient } from './client.ts'
import { Journal } from './journal.ts'
import type { SessionPort } from './port.ts'

/** Silence after which the session is asked for a sign of life, and after which it counts as hung. */
const pingAfterMs = 2_000
const hungAfterMs = 10_000
/** Opening and seeking replay a whole log, and may take their time. */
const longAskMs = 90_000
/** So many failures in so short a time are not worth another try. */
const failuresMax = 3
const failuresWithinMs = 60_000

export interface SupervisorEvents {
  readonly onFrame: (frame: Frame) => void
  readonly onRecord: (record: SessionRecord) => void
  readonly onTrouble: (trouble: Trouble) => void
}

export type Trouble =
  | { readonly what: 'hung' }
  | { readonly what: 'crashed'; readonly error: string }
  | { readonly what: 'recovered'; readonly inputs: number }
  | { readonly what: 'gave-up'; readonly error: string; readonly record: SessionRecord }

/**
 * Keeps one session alive: opens it, watches over it, and when it crashes or hangs starts another from the last record
 * with every input since. Three failures within a minute end that; then a person decides.
 */
export class Supervisor {
  readonly #makePort: () => SessionPort
  readonly #events: SupervisorEvents
  #client: SessionClient | undefined
  #journal: Journal | undefined
  #now = 0
  #playing = true
  #failures: number[] = []
  #pinged = false

  constructor(makePort: () => SessionPort, events: SupervisorEvents) {
    this.#makePort = makePort
    this.#events = events
  }

  /** Opens a session in a new port; the one that was open ends. Throws what the session says against the record. */
  async open(record: SessionRecord, paused = false): Promise<Answers['open']> {
    this.#client?.close()
    const client: SessionClient = new SessionClient(this.#makePort(), {
      onFrame: frame => {
        if (this.#client !== client) return
        this.#now = frame.now
        this.#playing = frame.playing
        this.#events.onFrame(frame)
      },
      onCrash: (error, last) => {
        if (this.#client === client) void this.#fail({ what: 'crashed', error }, last)
      },
    })
    this.#client = client
    this.#journal = new Journal(record)
    this.#now = record.at
    return client.ask({ ask: 'open', record, paused })
  }

  ask<A extends Ask>(ask: A): Promise<Answer<A>> {
    if (!this.#client) return Promise.reject(new AskError('no session is open'))
    return this.#client.ask(ask)
  }

  /** Sends an input; it is in the journal before it is on its way. */
  async input(input: Input): Promise<Answer<{ ask: 'input'; input: Input }>> {
    this.#journal?.note(this.#now, input)
    return this.ask({ ask: 'input', input })
  }

  /** Asks for the record of now and hands it to whoever keeps it. */
  async save(digest = false): Promise<SessionRecord> {
    const journal = this.#journal
    const asked = journal?.asking() ?? 0
    const record = await this.ask({ ask: 'save', digest })
    journal?.saved(record, asked)
    this.#events.onRecord(record)
    return record
  }

  /** Looks after the session: call it about once a second, with `performance.now()`. */
  watch(realNow: number): void {
    const client = this.#client
    if (!client) return
    const silence = realNow - client.lastHeardAt
    if (silence < pingAfterMs) {
      this.#pinged = false
      return
    }
    const waiting = client.oldestWaiting()
    if (!this.#pinged && !waiting) {
      this.#pinged = true
      client.ask({ ask: 'trace', since: Number.MAX_SAFE_INTEGER, limit: 0 }).catch(() => undefined)
      return
    }
    const isLong = waiting?.ask === 'open' || waiting?.ask === 'seek' || waiting?.ask === 'step'
    const patience = isLong ? longAskMs : hungAfterMs
    if (waiting && silence > patience && realNow - waiting.since > patience) {
      client.close()
      void this.#fail({ what: 'hung' }, undefined)
    }
  }

  /** A tab that was asleep has heard nothing, which says nothing about the session. */
  woke(realNow: number): void {
    if (this.#client) this.#client.lastHeardAt = realNow
  }

  async #fail(trouble: Trouble, last: SessionRecord | undefined): Promise<void> {
    const journal = this.#journal
    if (!journal) return
    const record = longer(journal.record(this.#now), last)
    const realNow = performance.now()
    this.#failures = [...this.#failures.filter(at => realNow - at < failuresWithinMs), realNow]
    const error = trouble.what === 'crashed' ? trouble.error : trouble.what
    if (this.#failures.length > failuresMax) {
      this.#client = undefined
      this.#events.onTrouble({ what: 'gave-up', error, record })
      return
    }
    this.#events.onTrouble(trouble)
    try {
      await this.open(record, !this.#playing)
      this.#events.onTrouble({ what: 'recovered', inputs: record.inputs.length })
    } catch (reason) {
      if (reason instanceof AskError && this.#client)
        this.#events.onTrouble({ what: 'gave-up', error: reason.message, record })
    }
  }
}

/** The crashed session's own record knows the exact times, the journal knows inputs that never arrived. */
function longer(journal: SessionRecord, last: SessionRecord | undefined): SessionRecord {
  return last && last.inputs.length >= journal.inputs.length ? last : journal
}
