import type { Status } from './status.ts'

/**
 * Connections that stay open after their request was answered: exec, attach, port-forward, `logs -f`, and requests that
 * go on through a proxy. Whoever opens one names a component (WatchTarget); that component gets events `stream` with a
 * StreamMessage as data, in order, the last of which is an `end`. What it sends goes to the far end named by the
 * StreamRef, as one of the events below. Everything is plain data, so that open streams survive a checkpoint.
 */

/** The far end of an open stream. */
export interface StreamRef {
  /** The component that carries it: `stream-input`, `stream-resize`, `stream-request` and `stream-close` go there. */
  readonly component: string
  /** Unique in a run. */
  readonly id: number
}

/** Data of the event `stream`. */
export type StreamMessage = {
  /** The id of the StreamRef. */
  readonly stream: number
} & (
  | { readonly what: 'data'; readonly channel: 'stdout' | 'stderr'; readonly text: string }
  /** What became of a `stream-request`, or of a request that went through a proxy. */
  | { readonly what: 'answer'; readonly tag: unknown; readonly answer: StreamAnswer }
  /**
   * The end: Success, or the Failure that the far end reports (a command's exit code is the cause `ExitCode`). Without a
   * status the connection was lost.
   */
  | { readonly what: 'end'; readonly status?: Status }
)

export type StreamAnswer =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: Readonly<Record<string, string | readonly string[]>>
      readonly body: string
    }
  | { readonly ok: true; readonly status?: undefined }
  /** In the words of the network: `connection refused`. */
  | { readonly ok: false; readonly failure: string }

/** Data of `stream-input`: text for stdin; without text there will be no more. */
export interface StreamInput {
  readonly stream: number
  readonly text?: string
}

/** Data of `stream-resize`: the size of the terminal at the near end. */
export interface StreamResize {
  readonly stream: number
  readonly columns: number
  readonly rows: number
}

/**
 * Data of `stream-request`: something for a port that a port-forward leads to. With `http` a whole request, without it
 * only the connection is tried. The `answer` that comes back carries the tag.
 */
export interface StreamRequest {
  readonly stream: number
  readonly tag: unknown
  readonly port: number
  readonly http?: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  }
}

/** Data of `stream-close`: the near end has hung up. Nothing more comes from the stream. */
export interface StreamClose {
  readonly stream: number
}

/** What a stream that did its work ends with. */
export const streamSuccess: Status = Object.freeze({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: Object.freeze({}),
  status: 'Success',
})

/** The exit code that a stream's end tells of; undefined when it is no command's end. */
export function exitCodeOf(status: Status): number | undefined {
  if (status.status === 'Success') return 0
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')
  return cause?.message === undefined ? undefined : Number(cause.message)
}
