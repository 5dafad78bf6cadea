import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'

export type Incoming = IncomingMessage | Http2ServerRequest

/** What came of reading a body. */
export type Body =
  { readonly read: 'whole'; readonly bytes: Buffer } | { readonly read: 'too large' | 'too late' | 'broken off' }

/** MaxRequestBodyBytes of kube-apiserver. */
export const maxBodyBytes = 3 * 1024 * 1024

/** `--request-timeout`: a body that takes longer is not waited for. */
const bodyTimeoutMs = 60_000

/** Reads a request's body. What is too large is not read to its end. */
export function readBody(request: Incoming): Promise<Body> {
  return new Promise(resolve => {
    const pieces: Buffer[] = []
    let bytes = 0
    const end = (body: Body): void => {
      clearTimeout(timer)
      request.removeAllListeners('data')
      resolve(body)
    }
    const timer = setTimeout(() => end({ read: 'too late' }), bodyTimeoutMs)
    request.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes > maxBodyBytes) end({ read: 'too large' })
      else pieces.push(piece)
    })
    request.on('end', () => end({ read: 'whole', bytes: Buffer.concat(pieces) }))
    request.on('error', () => end({ read: 'broken off' }))
    request.on('aborted', () => end({ read: 'broken off' }))
    request.on('close', () => end({ read: 'broken off' }))
  })
}
