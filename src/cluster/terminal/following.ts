import type { HttpStream } from '../../control-plane/apiserver/http/message.ts'
import type { WatchDelivery } from '../../machinery/rest.ts'
import type { StreamRequest, Signal } from '../../tools/kubectl/command.ts'
import type { KubectlRequest } from '../../tools/kubectl/program.ts'
import type { Following, TerminalSelf } from './terminal.ts'

/** How streams are opened and closed. */
export interface Streams {
  /** Opens a watch whose deliveries reach the component; undefined when no server can be reached or it refuses. */
  open(component: string, request: StreamRequest): HttpStream | undefined
  close(watchId: number): void
}

/** The open streams of programs that go on: `get -w`, `rollout status`, `wait`. */
export class Followers {
  /**
   * How deliveries are written, by watch. Not state: a run that goes back in time opens the same watches under the same
   * numbers, and their writers stay.
   */
  private readonly writers = new Map<number, HttpStream>()

  constructor(private readonly streams: Streams) {}

  /** Opens what a program asks for and is not open yet, and sets its timer. */
  follow(self: TerminalSelf, pid: number, request: KubectlRequest): void {
    const before = self.state.following.get(pid)
    if (before?.timer !== undefined) self.cancel(before.timer)
    const streams = request.streams ? this.change(self, pid, before, request.streams) : (before?.streams ?? [])
    const timer =
      request.wakeAtMs === undefined
        ? undefined
        : self.schedule(request.wakeAtMs - self.now, 'resume', { pid, answer: { type: 'time' } satisfies Signal })
    self.state.following.set(pid, { streams, ...(timer !== undefined && { timer }) })
  }

  /** The signal that a delivery is to the program that waits for it. */
  delivered(self: TerminalSelf, delivery: WatchDelivery): { pid: number; answer: Signal } | undefined {
    for (const [pid, { streams }] of self.state.following) {
      const stream = streams.findIndex(({ watchId }) => watchId === delivery.watchId)
      if (stream < 0) continue
      const end: Signal = { type: 'end', stream }
      if (delivery.closed !== undefined && delivery.events.length === 0) return { pid, answer: end }
      if (delivery.closed !== undefined) self.schedule(0, 'resume', { pid, answer: end })
      const text = this.writers.get(delivery.watchId)?.lines(delivery) ?? ''
      return { pid, answer: { type: 'data', stream, channel: 'stdout', text } }
    }
    return undefined
  }

  /** Closes the streams of processes that have ended or wait for something else. */
  sweep(self: TerminalSelf): void {
    for (const [pid, following] of self.state.following) {
      if (self.state.shell.processes.get(pid)?.waiting?.for === 'answer') continue
      this.end(self, following)
      self.state.following.delete(pid)
    }
  }

  /** Opens the streams that are wanted, keeps those that are open already and closes the others. */
  private change(
    self: TerminalSelf,
    pid: number,
    before: Following | undefined,
    wanted: readonly StreamRequest[],
  ): Following['streams'] {
    const kept = [...(before?.streams ?? [])]
    const streams = wanted.map((request, index) => {
      const at = kept.findIndex(({ path }) => path === request.path)
      const [open] = at < 0 ? [] : kept.splice(at, 1)
      return open ?? { path: request.path, watchId: this.open(self, pid, request, index) }
    })
    for (const { watchId } of kept) this.close(watchId)
    return streams
  }

  private end(self: TerminalSelf, { streams, timer }: Following): void {
    if (timer !== undefined) self.cancel(timer)
    for (const { watchId } of streams) this.close(watchId)
  }

  private open(self: TerminalSelf, pid: number, request: StreamRequest, stream: number): number {
    const opened = this.streams.open(self.name, request)
    if (opened) {
      this.writers.set(opened.watchId, opened)
      return opened.watchId
    }
    self.schedule(0, 'resume', {
      pid,
      answer: { type: 'end', stream, error: 'the stream could not be opened' } satisfies Signal,
    })
    return -1
  }

  private close(watchId: number): void {
    if (watchId >= 0) this.streams.close(watchId)
    this.writers.delete(watchId)
  }
}
