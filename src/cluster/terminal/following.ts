import type { HttpConnection, HttpResponse, HttpStream } from '../../control-plane/apiserver/http/message.ts'
import type { WatchDelivery } from '../../machinery/rest.ts'
import { exitCodeOf, type StreamInput as Typed, type StreamMessage } from '../../machinery/streams.ts'
import type { Signal, StreamRequest } from '../../tools/kubectl/command.ts'
import type { KubectlRequest } from '../../tools/kubectl/program.ts'
import { processAt } from './levels.ts'
import { type Following, type Open, openEditor, type TerminalSelf, type TerminalState } from './terminal-state.ts'

/** How streams are opened and closed. */
export interface Streams {
  /** Sends a request whose answer is a stream for the component. Throws ApiError when no server can be reached. */
  open(component: string, request: StreamRequest): HttpStream | HttpConnection | HttpResponse | { failure: string }
  close(watchId: number): void
}

/** After so many ms a connection carries what is sent: nobody says when it is open. */
const openedMs = 20

interface Resumed {
  readonly key: number
  readonly answer: Signal
}

/** The open streams of programs that go on: `get -w`, `rollout status`, `logs -f`, `exec -it`, `port-forward`. */
export class Followers {
  /**
   * How deliveries are written, by watch. Not state: a run that goes back in time opens the same watches under the same
   * numbers, and their writers stay.
   */
  private readonly writers = new Map<number, HttpStream>()

  constructor(private readonly streams: Streams) {}

  /** Opens what a program asks for and is not open yet, and sets its timer. */
  follow(self: TerminalSelf, key: number, request: KubectlRequest): void {
    const before = self.state.following.get(key)
    if (before?.timer !== undefined) self.cancel(before.timer)
    if (request.edit) openEditor(self, key, { kind: 'edit', ...request.edit })
    const streams = request.streams ? this.change(self, key, before, request.streams) : (before?.streams ?? [])
    const listeners = request.listeners ?? before?.listeners ?? []
    const answer: Signal = { type: 'time' }
    const timer =
      request.wakeAtMs === undefined
        ? undefined
        : self.schedule(request.wakeAtMs - self.now, 'resume', { key, answer } satisfies Resumed)
    self.state.following.set(key, { streams, listeners, ...(timer !== undefined && { timer }) })
  }

  /** The signal that a delivery is to the program that waits for it. */
  delivered(self: TerminalSelf, delivery: WatchDelivery): Resumed | undefined {
    for (const [key, { streams }] of self.state.following) {
      const stream = streams.findIndex(open => 'watchId' in open && open.watchId === delivery.watchId)
      if (stream < 0) continue
      const end: Signal = { type: 'end', stream }
      if (delivery.closed !== undefined && delivery.events.length === 0) return { key, answer: end }
      if (delivery.closed !== undefined) self.schedule(0, 'resume', { key, answer: end } satisfies Resumed)
      const text = this.writers.get(delivery.watchId)?.lines(delivery) ?? ''
      return { key, answer: { type: 'data', stream, channel: 'stdout', text } }
    }
    return undefined
  }

  /** The same for a message of a connection. Answers to requests are the listeners' business. */
  streamed(self: TerminalSelf, message: StreamMessage): Resumed | undefined {
    const found = this.find(self.state, message.stream)
    if (!found) return undefined
    const { key, stream } = found
    if (message.what === 'data') {
      const { channel, text } = message
      return { key, answer: { type: 'data', stream, channel, text } }
    }
    if (message.what === 'answer') return proxied(key, stream, message)
    return { key, answer: endSignal(stream, message) }
  }

  /** The process and the place in its list of a connection. */
  find(state: TerminalState, id: number): { readonly key: number; readonly stream: number } | undefined {
    for (const [key, { streams }] of state.following) {
      const stream = streams.findIndex(open => 'ref' in open && open.ref.id === id)
      if (stream >= 0) return { key, stream }
    }
    return undefined
  }

  /** Hands typed text to a container that reads it; Ctrl-D at a plain stdin is its end. */
  typed(self: TerminalSelf, text: string): boolean {
    for (const { streams } of self.state.following.values()) {
      for (const open of streams) {
        if (!('ref' in open) || open.input?.from !== 'terminal') continue
        const { component, id } = open.ref
        const send = (input: Typed): void => void self.send(component, 0, 'stream-input', input)
        if (open.input.isRaw) send({ stream: id, text })
        else {
          const [before = ''] = text.split('\x04')
          if (before !== '') send({ stream: id, text: before })
          if (text.includes('\x04')) send({ stream: id })
        }
        return true
      }
    }
    return false
  }

  /** Closes the streams of processes that have ended or wait for something else. */
  sweep(self: TerminalSelf): void {
    for (const [key, following] of self.state.following) {
      const place = processAt(self.state, key)
      if (place?.level.shell.processes.get(place.pid)?.waiting?.for === 'answer') continue
      if (following.timer !== undefined) self.cancel(following.timer)
      for (const open of following.streams) this.close(self, open)
      self.state.following.delete(key)
    }
  }

  /** Opens the streams that are wanted, keeps those that are open already and closes the others. */
  private change(
    self: TerminalSelf,
    key: number,
    before: Following | undefined,
    wanted: readonly StreamRequest[],
  ): readonly Open[] {
    const kept = [...(before?.streams ?? [])]
    const streams = wanted.map((request, index) => {
      const at = kept.findIndex(({ path }) => path === request.path)
      const [open] = at < 0 ? [] : kept.splice(at, 1)
      return open ?? this.open(self, key, request, index)
    })
    for (const open of kept) this.close(self, open)
    return streams
  }

  private open(self: TerminalSelf, key: number, request: StreamRequest, stream: number): Open {
    const { path, input } = request
    const opened = this.streams.open(self.name, request)
    if ('watchId' in opened) {
      this.writers.set(opened.watchId, opened)
      return { path, watchId: opened.watchId }
    }
    if ('connection' in opened) {
      const { connection: ref } = opened
      if (input?.from === 'text') {
        self.send(ref.component, openedMs, 'stream-input', { stream: ref.id, text: input.text } satisfies Typed)
        self.send(ref.component, openedMs, 'stream-input', { stream: ref.id } satisfies Typed)
      }
      return { path, ref, ...(input && { input }) }
    }
    const answer: Signal =
      'failure' in opened
        ? { type: 'end', stream, error: opened.failure }
        : { type: 'end', stream, refusal: { status: opened.status, body: opened.body } }
    self.schedule(0, 'resume', { key, answer } satisfies Resumed)
    return { path, refused: true }
  }

  private close(self: TerminalSelf, open: Open): void {
    if ('watchId' in open) {
      this.streams.close(open.watchId)
      this.writers.delete(open.watchId)
    } else if ('ref' in open) self.send(open.ref.component, 0, 'stream-close', { stream: open.ref.id })
  }
}

function endSignal(stream: number, { status }: Extract<StreamMessage, { what: 'end' }>): Signal {
  if (!status) return { type: 'end', stream, error: 'unexpected EOF' }
  const code = exitCodeOf(status)
  return code === undefined ? { type: 'end', stream, error: status.message ?? '' } : { type: 'end', stream, code }
}

/** The answer to a request that went on through a proxy is what its stream brings; one of a port-forward is not. */
function proxied(
  key: number,
  stream: number,
  { tag, answer }: Extract<StreamMessage, { what: 'answer' }>,
): Resumed | undefined {
  if (tag !== null || !answer.ok || answer.status === undefined) return undefined
  const { status, body } = answer
  if (status >= 400) return { key, answer: { type: 'end', stream, refusal: { status, body } } }
  return { key, answer: { type: 'data', stream, channel: 'stdout', text: body } }
}
