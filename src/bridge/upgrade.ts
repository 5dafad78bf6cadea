import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Http2SecureServer } from 'node:http2'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Requests } from './live-session.ts'
import type { StaticUser } from './options.ts'
import { readRequest } from './request.ts'
import { plainText, refusal, type WholeAnswer } from './respond.ts'
import { subprotocolFor } from './subprotocols.ts'

export interface UpgradeOptions {
  readonly live: Requests
  readonly staticTokens: Readonly<Record<string, StaticUser>>
}

/** More than a client ever sends in one message. */
const maxPayloadBytes = 4 * 1024 * 1024

/** Serves exec, attach and port-forward: connections that are upgraded to a WebSocket. */
export function serveUpgrades(server: Http2SecureServer, options: UpgradeOptions): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined)
    upgrade(options, request, socket, head).catch((error: unknown) => {
      console.error(error)
      socket.destroy()
    })
  })
}

async function upgrade(
  { live, staticTokens }: UpgradeOptions,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const asked = readRequest(request, staticTokens)
  if (!('path' in asked)) return refuse(socket, asked)
  const chosen = subprotocolFor(asked.path, offeredBy(request))
  const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket'
  const end = isWebSocket ? chosen?.nearEnd(asked.path) : undefined
  const nobody = { news: () => undefined, lost: () => undefined }
  const { answer, connection } = await live.connect(asked, end ?? nobody)
  if ('unreachable' in answer) return void socket.destroy()
  if ('body' in answer) return refuse(socket, answer)
  if (answer.status !== 101 || !end || !chosen) {
    connection.send({ send: 'close' })
    return refuse(socket, answer.status === 101 ? notSpoken : notUpgraded)
  }
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  })
  // kubectl's `SPDY/3.1+portforward.k8s.io` is no token, so the library would refuse it: the header is written here.
  delete request.headers['sec-websocket-protocol']
  sockets.on('headers', headers => void headers.push(`Sec-WebSocket-Protocol: ${chosen.name}`))
  socket.on('close', () => connection.send({ send: 'close' }))
  sockets.handleUpgrade(request, socket, head, webSocket => end.begin(webSocket, connection))
}

function offeredBy({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
}

const notSpoken: WholeAnswer = plainText(400, 'none of the subprotocols that were offered is spoken here')
const notUpgraded: WholeAnswer = refusal(400, 'BadRequest', 'this request has no connection to upgrade')

/** Answers a request to upgrade with something else, in plain HTTP/1.1, and hangs up. */
function refuse(socket: Duplex, { status, headers, body }: WholeAnswer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${String(value)}`)
  lines.push(`Content-Length: ${bytes.length}`, 'Connection: close', '', '')
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n')), bytes]))
}
