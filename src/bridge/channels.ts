import { StringDecoder } from 'node:string_decoder'
import type { WebSocket } from 'ws'
import type { OutsideNews } from '../session/outside.ts'
import type { Connection } from './live-session.ts'
import { bytesOf, type NearEnd, normalClosure } from './near-end.ts'

/** Channels of remotecommand over WebSocket; the first byte of a message names one. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

type Data = Extract<OutsideNews, { what: 'data' }>
export type EndStatus = NonNullable<Extract<OutsideNews, { what: 'end' }>['status']>

/**
 * exec and attach over a WebSocket: `v4.channel.k8s.io`, and `v5.channel.k8s.io` which can close a channel
 * (apimachinery/pkg/util/remotecommand/constants.go, kubelet/pkg/cri/streaming/remotecommand/websocket.go).
 */
export class ChannelStream implements NearEnd {
  private socket: WebSocket | undefined
  private early: OutsideNews[] = []
  /** A letter may come in two pieces. */
  private readonly letters = new StringDecoder('utf8')

  begin(socket: WebSocket, connection: Connection): void {
    this.socket = socket
    socket.on('message', data => this.take(bytesOf(data), connection))
    socket.on('close', () => connection.send({ send: 'close' }))
    socket.on('error', () => socket.terminate())
    // An empty message tells the client that the connection stands.
    this.write(channel.stdout, '')
    for (const news of this.early.splice(0)) this.news(news)
  }

  news(news: OutsideNews): void {
    if (!this.socket) this.early.push(news)
    else if ('what' in news && news.what === 'data') this.show(news)
    else if ('what' in news && news.what === 'end') this.end(this.socket, news.status)
  }

  lost(): void {
    this.socket?.terminate()
  }

  private take(message: Buffer, connection: Connection): void {
    const [to = -1, closed] = message
    if (to === channel.stdin) connection.send({ send: 'input', text: this.letters.write(message.subarray(1)) })
    else if (to === channel.close && closed === channel.stdin) connection.send({ send: 'input' })
    else if (to === channel.resize) {
      const size = sizeIn(message.subarray(1).toString())
      if (size) connection.send({ send: 'resize', ...size })
    }
  }

  private show({ channel: name, text }: Data): void {
    this.write(channel[name], text)
  }

  private end(socket: WebSocket, status: EndStatus | undefined): void {
    if (!status) return socket.terminate()
    this.write(channel.error, statusText(status))
    socket.close(normalClosure)
  }

  private write(to: number, text: string): void {
    const body = Buffer.from(text)
    const message = Buffer.allocUnsafe(body.length + 1)
    message[0] = to
    body.copy(message, 1)
    this.socket?.send(message)
  }
}

/** The end as it is written: a Status that does not say that it is one. */
export function statusText({ kind: _, apiVersion: __, ...rest }: EndStatus): string {
  return JSON.stringify(rest)
}

/** `{"Width":80,"Height":24}`: remotecommand.TerminalSize. */
export function sizeIn(text: string): { columns: number; rows: number } | undefined {
  let size: unknown
  try {
    size = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof size !== 'object' || size === null || !('Width' in size) || !('Height' in size)) return undefined
  const { Width: columns, Height: rows } = size
  return typeof columns === 'number' && typeof rows === 'number' ? { columns, rows } : undefined
}
