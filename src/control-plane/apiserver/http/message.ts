import type { PeerCertificate } from '../authentication/credentials.ts'
import type { WatchDelivery } from '../../../machinery/rest.ts'
import type { StreamRef } from '../../../machinery/streams.ts'

export interface HttpRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: string | undefined
  /** The client's address, where it is known. */
  readonly source?: string | undefined
  /** The client's certificate, if it showed one and the connection's end has verified it. */
  readonly certificate?: PeerCertificate | undefined
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** A watch over HTTP: the head of the answer, and how deliveries are written as lines of its body. */
export interface HttpStream {
  readonly status: 200
  readonly headers: Readonly<Record<string, string>>
  readonly watchId: number
  /** The text of a delivery: one JSON document a line. */
  lines(delivery: WatchDelivery): string
}

/**
 * A connection that goes on (machinery/streams.ts): exec, attach and port-forward (101), `logs -f` (200), or a request on
 * its way through a proxy (102): its whole answer is to come. The target's component gets events `stream`.
 */
export interface HttpConnection {
  readonly status: 101 | 102 | 200
  readonly headers: Readonly<Record<string, string>>
  readonly connection: StreamRef
}

/** A header's value by its name; several values are joined as HTTP joins them. */
export function header({ headers }: HttpRequest, name: string): string | undefined {
  for (const [key, value] of Object.entries(headers)) {
    if (value === undefined || key.toLowerCase() !== name.toLowerCase()) continue
    return typeof value === 'string' ? value : value.join(', ')
  }
  return undefined
}

/** All values of a header. */
export function headerValues({ headers }: HttpRequest, name: string): readonly string[] {
  for (const [key, value] of Object.entries(headers)) {
    if (value === undefined || key.toLowerCase() !== name.toLowerCase()) continue
    return typeof value === 'string' ? [value] : value
  }
  return []
}
