import type { WebSocket } from 'ws'
import type { OutsideNews } from '../session/outside.ts'
import { type ForwardedConnection, Forwarding } from './forwarding.ts'
import type { Connection } from './live-session.ts'
import { bytesOf, type NearEnd } from './near-end.ts'

/**
 * port-forward over a WebSocket as programs of browsers do it: two channels a port, of data and of errors, each beginning
 * with the port's number (kubelet/pkg/cri/streaming/portforward/websocket.go). One connection a port.
 */
export class ForwardedChannels implements NearEnd {
  private forwarding: Forwarding | undefined
  private socket: WebSocket | undefined

  constructor(private readonly ports: readonly number[]) {}

  begin(socket: WebSocket, connection: Connection): void {
    const forwarding = new Forwarding(connection)
    this.forwarding = forwarding
    this.socket = socket
    const open = this.ports.map((port, index) => this.open(socket, forwarding, port, index * 2))
    socket.on('message', data => {
      const bytes = bytesOf(data)
      const channel = bytes[0] ?? 0
      if (channel % 2 === 0) open[channel / 2]?.take(bytes.subarray(1))
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      for (const each of open) each.destroy()
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

  private open(socket: WebSocket, forwarding: Forwarding, port: number, channel: number): ForwardedConnection {
    const number = Buffer.alloc(2)
    number.writeUInt16LE(port)
    const write = (to: number, bytes: Buffer): void => socket.send(Buffer.concat([Buffer.from([to]), bytes]))
    write(channel, number)
    write(channel + 1, number)
    return forwarding.open(port, {
      write: bytes => write(channel, bytes),
      end: error => {
        if (error !== undefined) write(channel + 1, Buffer.from(error))
      },
    })
  }
}

/** The ports of a request: `?ports=80&ports=443`, or `?ports=80,443`. */
export function portsIn(path: string): number[] {
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1))
  return query
    .getAll('ports')
    .flatMap(text => text.split(','))
    .map(Number)
    .filter(port => Number.isInteger(port) && port > 0 && port < 65_536)
}
