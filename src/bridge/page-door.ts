import type { AskMessage, Reply, SessionMessage } from '../protocol/messages.ts'
import type { Host } from '../session/host.ts'
import type { LiveSession } from './live-session.ts'

/** How often pages get a picture, in ms. */
const frameMs = 33

/** A page that looks at the session. */
export interface Page {
  send(message: SessionMessage): void
}

/**
 * Pages that look at the session which the API serves, as a page looks at the one in its worker. All get the same pictures;
 * what one of them does is done for all.
 */
export class PageDoor {
  /** Pages that know where the session is: only those get pictures. */
  private readonly open = new Set<Page>()
  private readonly waiting = new Map<number, { readonly page: Page; readonly id: number }>()
  private asked = 0
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly host: Host,
    private readonly live: Pick<LiveSession, 'dropConnections'>,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => this.show(), frameMs)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** Takes what a page asks. Opening a session is looking at this one: there is no other. */
  take(page: Page, { id, ask }: AskMessage): void {
    if (ask.ask === 'open') {
      this.open.add(page)
      this.host.forgetFrames()
      return page.send({ type: 'reply', reply: { id, ok: true, value: { at: this.host.session?.now ?? 0 } } })
    }
    if (ask.ask === 'seek') this.live.dropConnections()
    const number = ++this.asked
    this.waiting.set(number, { page, id })
    this.host.ask(number, ask)
  }

  /** Hands an answer of the session to whoever has asked. */
  reply(reply: Reply): void {
    const asker = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    asker?.page.send({ type: 'reply', reply: { ...reply, id: asker.id } })
  }

  leave(page: Page): void {
    this.open.delete(page)
    for (const [number, asker] of this.waiting) if (asker.page === page) this.waiting.delete(number)
  }

  private show(): void {
    if (this.open.size === 0) return
    const frame = this.host.takeFrame()
    if (frame) for (const page of this.open) page.send({ type: 'frame', frame })
  }
}
