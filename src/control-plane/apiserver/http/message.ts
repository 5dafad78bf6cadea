import type { WatchDelivery } from '../../../machinery/rest.ts'

export interface HttpRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: string | undefined
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
