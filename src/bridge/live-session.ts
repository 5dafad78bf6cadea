import type { OutsideMessage, OutsideRequest, SessionRecord } from '../protocol/messages.ts'
import type { Host } from '../session/host.ts'
import type { OutsideAnswer, OutsideNews } from '../session/outside.ts'
import type { Session } from '../session/session.ts'

/** How often virtual time follows real time, in ms. */
const tickMs = 10

/** A connection of a client outside that goes on after its answer. */
export interface Connection {
  readonly number: number
  send(message: OutsideMessage): void
}

/** Where news of a connection go. */
export interface Listener {
  news(news: OutsideNews): void
  /** The session has gone to another time: what was open is not any more. */
  lost(): void
}

/** Where the server hands requests on to. */
export interface Requests {
  request(request: OutsideRequest): Promise<OutsideAnswer>
  connect(request: OutsideRequest, listener: Listener): Promise<{ answer: OutsideAnswer; connection: Connection }>
}

/** A session that clients outside talk to while its time follows real time. */
export class LiveSession implements Requests {
  private readonly open = new Map<number, Listener>()
  private readonly waiting: (() => void)[] = []
  private connections: number
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly host: Host) {
    this.connections = host.record()?.inputs.length ?? 0
  }

  /** Lets time pass from now on. */
  start(): void {
    this.timer ??= setInterval(() => this.tick(), tickMs)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    for (const listener of this.open.values()) listener.lost()
    this.open.clear()
  }

  record(): SessionRecord | undefined {
    return this.host.record()
  }

  /** Sends a request that is answered at once. */
  request(request: OutsideRequest): Promise<OutsideAnswer> {
    return this.whenReady(() => this.carryOut(request))
  }

  /** Sends a request that may open a connection; its news go to the listener until it ends or is closed. */
  connect(request: OutsideRequest, listener: Listener): Promise<{ answer: OutsideAnswer; connection: Connection }> {
    return this.whenReady(() => {
      const number = ++this.connections
      const { outside } = this.session
      this.open.set(number, listener)
      outside.listen(number, news => {
        if (isLast(news)) this.forget(number)
        listener.news(news)
      })
      const answer = this.carryOut(request, number)
      if ('body' in answer || 'unreachable' in answer) this.forget(number)
      return { answer, connection: { number, send: message => this.send(number, message) } }
    })
  }

  /** Everything that is open is lost: the session is going to another time. */
  dropConnections(): void {
    for (const [number, listener] of [...this.open]) {
      this.forget(number)
      listener.lost()
    }
  }

  private get session(): Session {
    const { session } = this.host
    if (!session) throw new Error('no session is open')
    return session
  }

  private carryOut(request: OutsideRequest, connection?: number): OutsideAnswer {
    const result = this.session.input({ type: 'http', request, ...(connection !== undefined && { connection }) })
    if (!result || !('outside' in result)) throw new Error(`${request.method} ${request.path} has no answer`)
    this.flush()
    return result.outside
  }

  private send(number: number, message: OutsideMessage): void {
    if (!this.open.has(number)) return
    if (message.send === 'close') this.forget(number)
    void this.whenReady(() => {
      this.session.input({ type: 'stream', connection: number, message })
      this.flush()
    })
  }

  /** What is due at this very moment happens, also while time stands still: a watch begins with what is there. */
  private flush(): void {
    setImmediate(() => {
      if (!this.host.isSeeking) this.session.advance(this.session.now)
    })
  }

  private forget(number: number): void {
    this.open.delete(number)
    this.session.outside.forget(number)
  }

  private tick(): void {
    this.host.pass()
    if (!this.host.isSeeking) for (const go of this.waiting.splice(0)) go()
  }

  /** While the session is on its way to another time nothing can be done to it. */
  private whenReady<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        try {
          resolve(work())
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      if (this.host.isSeeking) this.waiting.push(go)
      else go()
    })
  }
}

function isLast(news: OutsideNews): boolean {
  return 'watchId' in news ? news.closed !== undefined : news.what === 'end'
}
