import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import type { OutsideNews } from '../session/outside.ts'
import { readBody } from './body.ts'
import type { Connection } from './live-session.ts'

type StreamAnswer = Extract<OutsideNews, { what: 'answer' }>['answer']

/** One TCP connection that a client has made to a forwarded port, seen from our end. */
export interface ForwardedConnection {
  /** Bytes from the client. */
  take(bytes: Buffer): void
  /** The client sends no more. */
  finish(): void
  destroy(): void
}

/** Where the bytes of a connection go, and how it ends. */
export interface ForwardedEnd {
  write(bytes: Buffer): void
  /** Nothing more comes; with a text when the port could not be reached. */
  end(error?: string): void
}

/** Headers that belong to one hop of the way. */
const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'upgrade'])

/**
 * Forwards connections to ports of a Pod. Simulated programs speak in whole requests, so the bytes of a connection are
 * read as HTTP here, and answers are written as bytes again.
 */
export class Forwarding {
  private readonly waiting = new Map<number, (answer: StreamAnswer) => void>()
  private readonly ports = new WeakMap<object, number>()
  private readonly server: Server
  private tags = 0

  constructor(private readonly connection: Connection) {
    this.server = createServer((request, response) => void this.serve(request, response))
  }

  /** An answer from the Pod. */
  news(news: OutsideNews): void {
    if (!('what' in news) || news.what !== 'answer' || typeof news.tag !== 'number') return
    const take = this.waiting.get(news.tag)
    this.waiting.delete(news.tag)
    take?.(news.answer)
  }

  /** A client has connected: the port is tried, and serves the connection if somebody listens there. */
  open(port: number, end: ForwardedEnd): ForwardedConnection {
    const wire = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, done) => {
        end.write(bytes)
        done()
      },
      final: done => {
        end.end()
        done()
      },
    })
    wire.on('error', () => undefined)
    this.ports.set(wire, port)
    void this.ask(port).then(answer => {
      if (answer.ok) this.server.emit('connection', wire)
      else {
        wire.destroy()
        end.end(refusal(port, answer.failure))
      }
    })
    return {
      take: bytes => void wire.push(bytes),
      finish: () => void wire.push(null),
      destroy: () => void wire.destroy(),
    }
  }

  private ask(port: number, http?: { method: string; path: string; headers: Record<string, string>; body?: string }) {
    const tag = ++this.tags
    return new Promise<StreamAnswer>(resolve => {
      this.waiting.set(tag, resolve)
      this.connection.send({ send: 'request', tag, port, ...(http && { http }) })
    })
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', socket } = request
    const body = await readBody(request)
    if (body.read !== 'whole') return void socket.destroy()
    const http = {
      method,
      path: url,
      headers: flat(request),
      ...(body.bytes.length > 0 && { body: body.bytes.toString() }),
    }
    const answer = await this.ask(this.ports.get(socket) ?? 0, http)
    if (!answer.ok || answer.status === undefined) return void socket.destroy()
    const headers = Object.entries(answer.headers).filter(([name]) => !hopHeaders.has(name.toLowerCase()))
    const bytes = Buffer.from(answer.body)
    for (const [name, value] of headers) response.setHeader(name, typeof value === 'string' ? value : [...value])
    response.setHeader('Content-Length', bytes.length)
    response.writeHead(answer.status)
    if (method === 'HEAD') response.end()
    else response.end(bytes)
  }
}

function flat({ headers }: IncomingMessage): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(all)
}

/** What the runtime says when nobody listens (internal/cri/server/sandbox_portforward_linux.go of containerd). */
function refusal(port: number, failure: string): string {
  const words = failure === 'connection refused' ? 'connect: connection refused' : failure
  const [v4, v6] = [`dial tcp4 127.0.0.1:${port}: ${words}`, `dial tcp6 [::1]:${port}: ${words}`]
  return (
    `failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace, ` +
    `IPv4: ${v4} IPv6 ${v6} `
  )
}
