import type { OutsideAnswer, OutsideNews } from '../session/outside.ts'
import type { Incoming } from './body.ts'
import type { Connection } from './live-session.ts'
import { commonHeaders, type Outgoing, refusal, respond } from './respond.ts'

/** A client that reads too slowly is cut off when so much waits for it. */
const maxWaitingBytes = 64 * 1024 * 1024

type OpenAnswer = Exclude<OutsideAnswer, { readonly body: string } | { readonly unreachable: string }>

/** Writes an answer that goes on: a watch, a log that is followed, or a request on its way through a proxy. */
export class LiveAnswer {
  private answer: OpenAnswer | undefined
  private connection: Connection | undefined
  private early: OutsideNews[] = []

  constructor(
    private readonly request: Incoming,
    private readonly response: Outgoing,
  ) {}

  /** The answer has begun; news that came before are written now. */
  begin(answer: OpenAnswer, connection: Connection): void {
    const { response } = this
    this.answer = answer
    this.connection = connection
    response.on('close', () => connection.send({ send: 'close' }))
    if (answer.status !== 102) {
      response.writeHead(200, { ...commonHeaders(), ...lowered(answer.headers) })
      // The head goes at once: a client waits for it, however long nothing happens.
      response.flushHeaders?.()
    }
    for (const news of this.early.splice(0)) this.news(news)
  }

  news(news: OutsideNews): void {
    const { answer, response } = this
    if (!answer) {
      this.early.push(news)
      return
    }
    if ('watchId' in news) {
      if ('lines' in answer) this.write(answer.lines(news))
      if (news.closed !== undefined) response.end()
    } else if (news.what === 'data') this.write(news.text)
    else if (news.what === 'end') this.end()
    else if (news.answer.ok && news.answer.status !== undefined) void respond(this.request, response, news.answer)
  }

  lost(): void {
    this.response.destroy()
  }

  private write(text: string): void {
    const { response } = this
    if (text === '') return
    response.write(text)
    if (response.writableLength <= maxWaitingBytes) return
    this.connection?.send({ send: 'close' })
    response.destroy()
  }

  private end(): void {
    const { answer, request, response } = this
    if (answer?.status !== 102) response.end()
    else if (!response.headersSent && response.writableLength === 0) {
      setImmediate(() => {
        if (!response.headersSent)
          void respond(request, response, refusal(502, '', 'error trying to reach service: EOF'))
      })
    }
  }
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
