import type { Status } from '../../machinery/status.ts'
import { type StreamMessage, streamSuccess } from '../../machinery/streams.ts'
import type { Engine } from './engine.ts'
import { logLine } from './listing.ts'
import type { LogLine, LogStream, Stream } from './state.ts'
import { forTerminal } from './terminal-line.ts'

type Body = StreamMessage extends infer Message
  ? Message extends StreamMessage
    ? Omit<Message, 'stream'>
    : never
  : never

/** Sends a message to whoever opened a stream. */
export function tell({ self }: Engine, { id, target }: Stream, body: Body): void {
  const message = Object.freeze({ stream: id, ...body })
  self.send(target.component, target.delayMs, 'stream', message)
}

/** Sends what a process wrote. At a terminal there is one stream, with its line ends. */
export function show(engine: Engine, stream: Stream, channel: 'stdout' | 'stderr', text: string): void {
  if (stream.tty) tell(engine, stream, { what: 'data', channel: 'stdout', text: forTerminal(text) })
  else tell(engine, stream, { what: 'data', channel, text })
}

/** Ends a stream from this side. */
export function endStream(engine: Engine, stream: Stream, status: Status = streamSuccess): void {
  if (!engine.state.streams.delete(stream.id)) return
  tell(engine, stream, { what: 'end', status })
}

/** What a container's main process wrote goes to those who are attached. */
export function showToAttached(engine: Engine, container: string, channel: 'stdout' | 'stderr', text: string): void {
  for (const stream of engine.state.streams.values()) {
    if (stream.kind === 'attach' && stream.container === container) show(engine, stream, channel, text)
  }
}

/** A new line in a container's log goes to those who follow it. */
export function showToFollowers(engine: Engine, container: string, line: LogLine): void {
  for (const stream of engine.state.streams.values()) {
    if (stream.kind !== 'log' || stream.container !== container) continue
    sendLog(engine, stream, logLine(line, stream.timestamps))
  }
}

/** Sends text of a log, up to the number of bytes that was asked for. */
export function sendLog(engine: Engine, stream: LogStream, text: string): void {
  const { bytesLeft } = stream
  const sent = bytesLeft === undefined ? text : text.slice(0, bytesLeft)
  if (sent !== '') tell(engine, stream, { what: 'data', channel: 'stdout', text: sent })
  if (bytesLeft === undefined) return
  stream.bytesLeft = bytesLeft - sent.length
  if (stream.bytesLeft <= 0) endStream(engine, stream)
}

/** A container has ended, and with it whoever listened to it. */
export function endListeners(engine: Engine, container: string): void {
  for (const stream of [...engine.state.streams.values()]) {
    if ((stream.kind === 'attach' || stream.kind === 'log') && stream.container === container) endStream(engine, stream)
  }
}
