import { randomUUID } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Incoming } from './body.ts'

/** What answers of HTTP/1.1 and of HTTP/2 have in common, as far as it is used here. */
export interface Outgoing {
  readonly headersSent: boolean
  readonly writableEnded: boolean
  readonly writableLength: number
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown
  flushHeaders?(): void
  write(piece: string): boolean
  end(whole?: Uint8Array): unknown
  destroy(): unknown
  on(event: 'close' | 'finish' | 'error', listener: () => void): unknown
}

export interface WholeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Buffer
}

/** Answers shorter than this are sent as they are (defaultGzipThresholdBytes of endpoints/handlers/responsewriters). */
const gzipFromBytes = 128 * 1024

const zip = promisify(gzip)

/** Headers that every answer of an API server has. */
export function commonHeaders(): OutgoingHttpHeaders {
  return { 'audit-id': randomUUID(), 'cache-control': 'no-cache, private' }
}

/** Writes an answer that is there as a whole. */
export async function respond(
  request: Incoming,
  response: Outgoing,
  { status, headers, body }: WholeAnswer,
): Promise<void> {
  const all: OutgoingHttpHeaders = commonHeaders()
  for (const [name, value] of Object.entries(headers))
    all[name.toLowerCase()] = typeof value === 'string' ? onTheWire(value) : value.map(onTheWire)
  let bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (bytes.length >= gzipFromBytes && takesGzip(request)) {
    bytes = await zip(bytes, { level: 1 })
    all['content-encoding'] = 'gzip'
    all['vary'] = 'Accept-Encoding'
  }
  if (response.writableEnded) return
  all['content-length'] = bytes.length
  response.writeHead(status, all)
  if (request.method === 'HEAD') response.end()
  else response.end(bytes)
}

/** A header's value as Go writes it: in UTF-8, of which Node wants to have the single bytes. */
function onTheWire(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}

function takesGzip({ headers }: Incoming): boolean {
  return /(^|,)\s*gzip\s*(;|,|$)/.test(String(headers['accept-encoding'] ?? ''))
}

/** A refusal of the bridge itself, in the form of the API server's. */
export function refusal(code: number, reason: string, message: string): WholeAnswer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
  return { status: code, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(status)}\n` }
}

export function plainText(status: number, body: string): WholeAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
