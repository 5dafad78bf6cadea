import type { WatchTarget } from '../../machinery/rest.ts'
import { ApiError, type Status } from '../../machinery/status.ts'
import type { StreamAnswer, StreamInput, StreamRequest } from '../../machinery/streams.ts'
import type { Answer, OpenExchange } from '../../network/exchange.ts'
import { type Engine, newId } from './engine.ts'
import { execInContainer, invoke, mainPid } from './lifecycle.ts'
import { type LogOptions, logText } from './listing.ts'
import { networkHost } from './process.ts'
import type { Container, ExecStream, LogStream, Stream } from './state.ts'
import { endStream, sendLog, show, tell } from './stream-output.ts'
import { typed } from './terminal-line.ts'

/** Data of the event `stream-open`. The number of the event is the stream's id (machinery/streams.ts). */
export interface OpenStream {
  readonly target: WatchTarget
  readonly what:
    | {
        readonly kind: 'exec'
        readonly container: string
        readonly command: readonly string[]
        readonly stdin: boolean
        readonly tty: boolean
      }
    | { readonly kind: 'attach'; readonly container: string; readonly stdin: boolean; readonly tty: boolean }
    | { readonly kind: 'log'; readonly container: string; readonly options: LogOptions }
    | { readonly kind: 'port-forward'; readonly sandbox: string }
}

/** Comes back with the answers to what was sent to a port of a Pod. */
export interface StreamTag {
  readonly stream: number
  readonly tag: unknown
}

export function isStreamTag(tag: unknown): tag is StreamTag {
  return typeof tag === 'object' && tag !== null && 'stream' in tag
}

/** What the streaming server of a runtime does when a connection comes (internal/cri/server/streaming.go). */
export function openStream(engine: Engine, { target, what }: OpenStream, id: number): void {
  const begin = <Opened extends Stream>(stream: Opened): Opened => {
    engine.state.streams.set(id, stream)
    return stream
  }
  switch (what.kind) {
    case 'exec': {
      const { container, command, tty, stdin } = what
      return exec(engine, begin({ kind: 'exec', id, target, container, tty, line: '' }), command, stdin)
    }
    case 'attach': {
      const { container, stdin, tty } = what
      const stream = begin({ kind: 'attach', id, target, container, tty, stdin, line: '' })
      if (found(engine, container)?.state !== 'running') endStream(engine, stream)
      return
    }
    case 'log': {
      const { container, options } = what
      const { limitBytes: bytesLeft, timestamps = false } = options
      const limit = bytesLeft === undefined ? {} : { bytesLeft }
      return follow(engine, begin({ kind: 'log', id, target, container, timestamps, tty: false, ...limit }), options)
    }
    case 'port-forward':
      begin({ kind: 'port-forward', id, target, sandbox: what.sandbox, tty: false })
  }
}

function exec(engine: Engine, stream: ExecStream, command: readonly string[], stdin: boolean): void {
  const container = found(engine, stream.container)
  const result = container
    ? execInContainer(engine, container, command, { stream: stream.id, tty: stream.tty, stdin })
    : { error: `container ${stream.container} was not found` }
  if (!('error' in result)) {
    stream.pid = result.pid
    return
  }
  const { error } = result
  const inRuntime = error.startsWith('OCI') ? `failed to start exec "${newId(engine)}": ${error}` : error
  const why = `error executing command in container: failed to exec in container: ${inRuntime}`
  endStream(engine, stream, new ApiError('InternalError', `Internal error occurred: ${why}`, causedBy(why)).status)
}

function causedBy(message: string): Status['details'] {
  return { causes: [{ message }] }
}

function follow(engine: Engine, stream: LogStream, options: LogOptions): void {
  const container = found(engine, stream.container)
  if (container) sendLog(engine, stream, logText(container, options, engine.self.now))
  if (container?.state !== 'running') endStream(engine, stream)
}

/** Somebody at the near end types, or will not any more. */
export function takeInput(engine: Engine, { stream: id, text }: StreamInput): void {
  const stream = engine.state.streams.get(id)
  if (stream?.kind !== 'exec' && stream?.kind !== 'attach') return
  if (stream.kind === 'attach' && !stream.stdin) return
  const container = found(engine, stream.container)
  const record = container?.processes.get(stream.kind === 'exec' ? (stream.pid ?? -1) : mainPid)
  if (!container || !record) return
  // What is attached goes without the process noticing, unless it was to have its input once only.
  if (text === undefined && stream.kind === 'attach' && container.config.stdinOnce !== true) return
  let entered = text
  if (stream.tty && text !== undefined) {
    const after = typed(stream.line, text)
    stream.line = after.line
    entered = after.entered
    if (after.echo !== '') show(engine, stream, 'stdout', after.echo)
    if (entered === '') return
  }
  invoke(engine, container, record, (program, process) => {
    if (entered === undefined) program.endOfInput?.(process)
    else if (program.input) program.input(process, entered)
    else if (stream.tty && entered.includes('\x03')) process.exit(130)
  })
}

/** Sends something to a port inside of the Pod, as the runtime does from the Pod's network namespace. */
export function takeRequest(engine: Engine, { stream: id, tag, port, http }: StreamRequest): void {
  const stream = engine.state.streams.get(id)
  if (stream?.kind !== 'port-forward') return
  const sandbox = engine.state.sandboxes.get(stream.sandbox)
  if (!sandbox?.ready) return tell(engine, stream, { what: 'answer', tag, answer: { ok: false, failure: 'no route' } })
  const replyTag: StreamTag = { stream: id, tag }
  const open: OpenExchange = {
    from: networkHost(engine, sandbox),
    protocol: http ? 'http' : 'tcp',
    host: '127.0.0.1',
    port,
    ...(http && { http }),
    replyTo: { component: engine.self.name, tag: replyTag },
  }
  engine.self.send('network', 0, 'open', open)
}

/** The answer of a port, for the near end. */
export function passAnswer(engine: Engine, answer: Answer, { stream: id, tag }: StreamTag): void {
  const stream = engine.state.streams.get(id)
  if (stream) tell(engine, stream, { what: 'answer', tag, answer: streamAnswer(answer) })
}

function streamAnswer(answer: Answer): StreamAnswer {
  if (!answer.ok) return { ok: false, failure: answer.failure }
  return answer.http ? { ok: true, ...answer.http } : { ok: true }
}

/** The near end has hung up. A command that runs goes on without a listener, as it does in life. */
export function closeStream(engine: Engine, id: number): void {
  const stream = engine.state.streams.get(id)
  if (!stream) return
  if (stream.kind === 'exec') takeInput(engine, { stream: id })
  engine.state.streams.delete(id)
}

function found(engine: Engine, id: string): Container | undefined {
  return engine.state.containers.get(id)
}
