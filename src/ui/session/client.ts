import type { Answers, Ask, Frame, SessionMessage, SessionRecord } from '../../protocol/messages.ts'
import type { SessionPort } from './port.ts'

/** What an ask of some sort is answered with. */
export type Answer<A extends Ask> = Answers[A['ask']]

export interface ClientEvents {
  readonly onFrame: (frame: Frame) => void
  /** The session ended by our own bug; `record` lets it be opened again when the session could still give one. */
  readonly onCrash: (error: string, record?: SessionRecord) => void
}

/** A refused ask: a text for people, from the session. */
export class AskError extends Error {
  override readonly name = 'AskError'
}

interface Waiting {
  readonly ask: Ask['ask']
  readonly since: number
  /** A method, so that a resolver of the answer's own type fits: which answer belongs to which ask is the protocol's word. */
  resolve(this: void, value: unknown): void
  readonly reject: (error: Error) => void
}

/**
 * One connection to one session: asks carry an id, replies find their ask by it, frames go to the listener. When the
 * port dies every waiting ask is refused, so nobody waits for ever.
 */
export class SessionClient {
  readonly #port: SessionPort
  readonly #events: ClientEvents
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #closed = false
  /** `performance.now()` of the last sign of life. */
  lastHeardAt: number

  constructor(port: SessionPort, events: ClientEvents) {
    this.#port = port
    this.#events = events
    this.lastHeardAt = performance.now()
    port.listen(
      message => {
        this.#receive(message)
      },
      error => {
        this.#crash(error)
      },
    )
  }

  /** Sends an ask and gives its answer; throws AskError with the session's words when it is refused. */
  ask<A extends Ask>(ask: A): Promise<Answer<A>> {
    if (this.#closed) return Promise.reject(new AskError('the session has ended'))
    const id = this.#nextId++
    return new Promise<Answer<A>>((resolve, reject) => {
      this.#waiting.set(id, { ask: ask.ask, since: performance.now(), resolve, reject })
      this.#port.post({ id, ask })
    })
  }

  /** The oldest ask that has no reply yet. */
  oldestWaiting(): { readonly ask: Ask['ask']; readonly since: number } | undefined {
    return this.#waiting.values().next().value
  }

  /** Ends the session and refuses what is still waiting. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#port.terminate()
    for (const waiting of this.#waiting.values()) waiting.reject(new AskError('the session has ended'))
    this.#waiting.clear()
  }

  #receive(message: SessionMessage): void {
    if (this.#closed) return
    this.lastHeardAt = performance.now()
    if (message.type === 'frame') {
      this.#events.onFrame(message.frame)
      return
    }
    if (message.type === 'crashed') {
      this.#crash(message.error, message.record)
      return
    }
    const waiting = this.#waiting.get(message.reply.id)
    if (!waiting) return
    this.#waiting.delete(message.reply.id)
    if (message.reply.ok) waiting.resolve(message.reply.value)
    else waiting.reject(new AskError(message.reply.error))
  }

  #crash(error: string, record?: SessionRecord): void {
    if (this.#closed) return
    this.close()
    this.#events.onCrash(error, record)
  }
}
