import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { OutsideRequest } from '../protocol/messages.ts'
import type { Pki } from './certificates.ts'
import { type Body, type Incoming, maxBodyBytes, readBody } from './body.ts'
import { LiveAnswer } from './live-answer.ts'
import type { Requests } from './live-session.ts'
import type { StaticUser } from './options.ts'
import { decodeObject, ProtobufError } from './protobuf/decode.ts'
import { encodeOpenApiV2 } from './protobuf/openapi.ts'
import { TruncatedError } from './protobuf/wire.ts'
import { readRequest } from './request.ts'
import { type Outgoing, refusal, respond, type WholeAnswer } from './respond.ts'

export interface ApiServerOptions {
  readonly live: Requests
  readonly pki: Pki
  readonly staticTokens: Readonly<Record<string, StaticUser>>
}

/** DefaultMaxHeaderBytes of Go's net/http. */
const maxHeaderBytes = 1 << 20
/** MaxConcurrentStreams of kube-apiserver's HTTP/2 server. */
const maxStreams = 100

/** The API over HTTPS, HTTP/2 and HTTP/1.1: what `--secure-port` of kube-apiserver listens with. */
export function createHttpsServer(options: ApiServerOptions): Http2SecureServer {
  const { pki } = options
  const server = createSecureServer({
    key: pki.server.key,
    cert: pki.server.certificate,
    ca: pki.ca,
    requestCert: true,
    // Who shows no certificate may have a token; one that nobody here has signed is refused by the server, as Go's is.
    rejectUnauthorized: false,
    allowHTTP1: true,
    settings: { maxConcurrentStreams: maxStreams, maxHeaderListSize: maxHeaderBytes },
  })
  Object.assign(server, { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: 0, headersTimeout: 32_000 })
  server.on('request', (request: Incoming, response: Outgoing) => {
    response.on('error', () => undefined)
    serve(options, request, response).catch((error: unknown) => {
      console.error(error)
      response.destroy()
    })
  })
  // A client that hangs up in the middle of something is no news.
  server.on('sessionError', () => undefined)
  server.on('tlsClientError', () => undefined)
  return server
}

async function serve({ live, staticTokens }: ApiServerOptions, request: Incoming, response: Outgoing): Promise<void> {
  const head = readRequest(request, staticTokens)
  if (!('path' in head)) return respond(request, response, head)
  const body = isBodiless(request) ? noBody : await readBody(request)
  if (body.read === 'broken off') return
  if (body.read !== 'whole') {
    response.on('finish', () => request.destroy())
    return respond(request, response, body.read === 'too large' ? tooLarge : tooLate)
  }
  const asked = withBody(head, body.bytes)
  if (!('path' in asked)) return respond(request, response, asked)
  if (!mayGoOn(head.method, head.path)) {
    const answer = await live.request(wantsProtobuf(asked) ? withJson(asked) : asked)
    if ('body' in answer) await respond(request, response, wantsProtobuf(asked) ? inProtobuf(answer) : answer)
    else hangUp(response)
    return
  }
  const writer = new LiveAnswer(request, response)
  const { answer, connection } = await live.connect(asked, writer)
  if ('unreachable' in answer) hangUp(response)
  else if ('body' in answer) await respond(request, response, answer)
  else if (answer.status === 101)
    await respond(request, response, refusal(400, 'BadRequest', 'Upgrade request required'))
  else writer.begin(answer, connection)
}

const noBody: Body = { read: 'whole', bytes: Buffer.alloc(0) }

function isBodiless({ method, headers }: Incoming): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  )
}

const protobuf = 'application/vnd.kubernetes.protobuf'

/** The request with its body as text: the simulation knows no protobuf, so that is read here. */
function withBody(head: Omit<OutsideRequest, 'body'>, bytes: Buffer): OutsideRequest | WholeAnswer {
  if (bytes.length === 0) return head
  if (!String(head.headers['content-type'] ?? '').startsWith(protobuf)) return { ...head, body: bytes.toString('utf8') }
  try {
    const headers = { ...head.headers, 'content-type': 'application/json' }
    return { ...head, headers, body: JSON.stringify(decodeObject(bytes)) }
  } catch (error) {
    if (error instanceof ProtobufError || error instanceof TruncatedError)
      return refusal(400, 'BadRequest', error.message)
    throw error
  }
}

/** The one thing that kubectl wants in protobuf and in nothing else: `/openapi/v2`. */
function wantsProtobuf({ path, headers }: OutsideRequest): boolean {
  return /^\/openapi\/v2(\?|$)/.test(path) && String(headers['accept'] ?? '').includes('proto-openapi.spec.v2')
}

function withJson(asked: OutsideRequest): OutsideRequest {
  return { ...asked, headers: { ...asked.headers, accept: 'application/json' } }
}

/** The last document that was written: it is large, and seldom another. */
let written: { readonly text: string; readonly bytes: Buffer } | undefined

function inProtobuf(answer: WholeAnswer): WholeAnswer {
  const { status, headers, body } = answer
  if (status !== 200 || typeof body !== 'string') return answer
  if (written?.text !== body) written = { text: body, bytes: encodeOpenApiV2(body) }
  const type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type')
  return { status, headers: { ...Object.fromEntries(others), 'content-type': type }, body: written.bytes }
}

/** Whether an answer may be one that goes on. Exec and the like come by another door (upgrade.ts). */
function mayGoOn(method: string, path: string): boolean {
  if (/\/proxy(\/|\?|$)/.test(path)) return true
  return method === 'GET' && (/[?&](watch|follow)=/.test(path) || path.includes('/watch/'))
}

/** No API server runs: nobody is there who could answer. */
function hangUp(response: Outgoing): void {
  response.destroy()
}

const tooLarge: WholeAnswer = refusal(
  413,
  'RequestEntityTooLarge',
  `Request entity too large: limit is ${maxBodyBytes}`,
)
const tooLate: WholeAnswer = refusal(504, 'Timeout', 'request did not complete within the allotted timeout')
