import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { AskMessage } from '../protocol/messages.ts'
import type { Page, PageDoor } from './page-door.ts'
import { type PageFile, pageFiles } from './page-files.ts'
import { isOwnHost } from './request.ts'

/** What pages and this server call what they speak. */
const protocol = 'podscape'

/** More than a page ever asks at once, and what may wait for one that reads too slowly. */
const maxAskBytes = 16 * 1024 * 1024
const maxWaitingBytes = 64 * 1024 * 1024

/** The built page over HTTP, and the session that it looks at over a WebSocket. */
export interface PageServer {
  readonly server: Server
  /** Whoever has this may look at the session and work in it. It stands in the fragment, which no browser sends. */
  readonly token: string
}

/** Serves the files of a folder to browsers of this machine, and the session to pages that know the token. */
export function createPageServer(folder: string, door: PageDoor): PageServer {
  const files = pageFiles(folder)
  const token = randomBytes(24).toString('base64url')
  const server = createServer((request, response) => answer(files, request, response))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxAskBytes, handleProtocols: () => protocol })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined)
    if (!mayLook(request, token)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, webSocket => attach(webSocket, door))
  })
  return { server, token }
}

function answer(files: ReadonlyMap<string, PageFile>, request: IncomingMessage, response: ServerResponse): void {
  const refuse = (status: number, text: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
  }
  if (!isOwnHost(request.headers.host)) return refuse(403, 'this server answers to localhost and 127.0.0.1 only')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'there is nothing to change here')
  const file = files.get((request.url ?? '/').split('?', 1)[0] ?? '/')
  if (!file) return refuse(404, 'there is no such file')
  const headers = {
    ...{ 'content-type': file.type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' },
    ...{ 'cross-origin-resource-policy': 'same-origin', 'referrer-policy': 'no-referrer' },
  }
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : file.read())
}

/** Only our own page, under a name of this machine, with the token: any page in the browser can open a WebSocket. */
function mayLook({ headers }: IncomingMessage, token: string): boolean {
  const { host, origin } = headers
  if (!isOwnHost(host) || origin !== `http://${host}`) return false
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(each => each.trim())
  return offered[0] === protocol && isSame(offered[1] ?? '', token)
}

function isSame(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(token)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function attach(webSocket: WebSocket, door: PageDoor): void {
  const page: Page = {
    send(message) {
      if (webSocket.bufferedAmount > maxWaitingBytes) webSocket.terminate()
      else webSocket.send(JSON.stringify(message))
    },
  }
  webSocket.on('message', data => {
    const message = readAsk(String(data))
    if (message) door.take(page, message)
    else webSocket.close(1007)
  })
  webSocket.on('error', () => undefined)
  webSocket.on('close', () => door.leave(page))
}

/** What a page sends. It is our own page, so only that it is a question at all is looked at. */
function readAsk(text: string): AskMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isAsk(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isAsk(value: unknown): value is AskMessage {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('ask' in value)) return false
  const { id, ask } = value
  return (
    typeof id === 'number' && typeof ask === 'object' && ask !== null && 'ask' in ask && typeof ask.ask === 'string'
  )
}
