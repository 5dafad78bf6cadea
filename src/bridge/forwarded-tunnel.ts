import type { WebSocket } from 'ws'
import type { OutsideNews } from '../session/outside.ts'
import { type ForwardedConnection, Forwarding } from './forwarding.ts'
import type { Connection } from './live-session.ts'
import { bytesOf, type NearEnd } from './near-end.ts'
import { type SpdyFrame, SpdyReader, SpdyWriter } from './spdy.ts'

/**
 * port-forward as kubectl does it: SPDY/3.1 inside of a WebSocket (client-go/tools/portforward/tunneling_dialer.go). Each
 * connection has two streams, for its data and for an error, that have the same request id.
 */
export class ForwardedTunnel implements NearEnd {
  private readonly reader = new SpdyReader()
  private readonly writer = new SpdyWriter()
  private readonly connections = new Map<number, ForwardedConnection>()
  /** Streams for errors, by request id. */
  private readonly errors = new Map<string, number>()
  private forwarding: Forwarding | undefined
  private socket: WebSocket | undefined
  /** Frames are taken one after the other: their headers are packed as one. */
  private turn = Promise.resolve()

  begin(socket: WebSocket, connection: Connection): void {
    this.socket = socket
    this.forwarding = new Forwarding(connection)
    socket.on('message', data => {
      this.turn = this.turn.then(() => this.take(bytesOf(data))).catch(() => socket.terminate())
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      for (const each of this.connections.values()) each.destroy()
      connection.send({ send: 'close' })
    })
  }

  news(news: OutsideNews): void {
    this.forwarding?.news(news)
    if ('what' in news && news.what === 'end') this.socket?.close()
  }

  lost(): void {
    this.socket?.terminate()
  }

  private async take(bytes: Buffer): Promise<void> {
    for (const frame of await this.reader.read(bytes)) await this.handle(frame)
  }

  private async handle(frame: SpdyFrame): Promise<void> {
    switch (frame.type) {
      case 'open':
        this.send(await this.writer.reply(frame.stream))
        this.open(frame.stream, frame.headers)
        break
      case 'data': {
        const connection = this.connections.get(frame.stream)
        if (frame.data.length > 0) connection?.take(frame.data)
        if (frame.fin) connection?.finish()
        break
      }
      case 'reset':
        this.connections.get(frame.stream)?.destroy()
        this.connections.delete(frame.stream)
        break
      case 'ping':
        this.send(this.writer.ping(frame.id))
        break
      case 'goaway':
        this.socket?.close()
        break
      case 'other':
    }
  }

  private open(stream: number, { streamtype, port, requestid = '' }: Readonly<Record<string, string>>): void {
    if (streamtype === 'error') {
      this.errors.set(requestid, stream)
      return
    }
    const error = this.errors.get(requestid)
    this.errors.delete(requestid)
    const connection = this.forwarding?.open(Number(port), {
      write: bytes => this.send(this.writer.data(stream, bytes)),
      end: why => {
        if (error !== undefined) this.send(this.writer.data(error, Buffer.from(whyOf(port, why)), true))
        this.send(this.writer.data(stream, Buffer.alloc(0), true))
        this.connections.delete(stream)
      },
    })
    if (connection) this.connections.set(stream, connection)
  }

  private send(bytes: Buffer): void {
    this.socket?.send(bytes)
  }
}

/** The kubelet's words around the runtime's (kubelet/pkg/cri/streaming/portforward/httpstream.go). */
function whyOf(port: string | undefined, why: string | undefined): string {
  return why === undefined ? '' : `error forwarding port ${port ?? ''} to pod: ${why}`
}
