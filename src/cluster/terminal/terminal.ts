import type { WatchDelivery } from '../../machinery/rest.ts'
import { isDnsAnswer } from '../../network/dns.ts'
import type { Answer, OpenExchange } from '../../network/exchange.ts'
import type { Host } from '../../shell/host.ts'
import { newShell } from '../../shell/processes.ts'
import type { NetworkAnswer, NetworkRequest } from '../../shell/programs/network-request.ts'
import { answerProcess, execute, forgetFinished, interrupt, rootOf, run, timePassed } from '../../shell/shell.ts'
import type { ShellState } from '../../shell/state.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'

/** A terminal on the workstation: a shell, and what it has printed that nobody has seen yet. Plain data. */
export interface TerminalState {
  readonly shell: ShellState
  readonly machine: string
  /** Text since it was last taken, and how the command ended if it did. */
  output: string
  finished: number | undefined
  /** A command is running. */
  busy: boolean
  /** Lines of a command that is not complete yet. */
  partial: string
  /** Streams of programs that go on, by process. */
  readonly following: Map<number, Following>
  /** The event that wakes the shell next, and when. */
  wake: { readonly event: number; readonly at: number } | undefined
}

/** What a program that goes on has open. */
export interface Following {
  readonly streams: readonly { readonly path: string; readonly watchId: number }[]
  /** The event that resumes it if nothing comes. */
  readonly timer?: number
}

/** What terminals need of the world around them. */
export interface TerminalOptions {
  /** The host on which the shell of this terminal runs, without what the terminal itself provides. */
  hostFor(self: TerminalSelf): Omit<Host, 'now' | 'random' | 'write' | 'request' | 'cancel'>
  /** A request of a program that is not the network's: whoever made the program knows it. */
  request(self: TerminalSelf, pid: number, request: unknown): void
  /** Closes what processes have open that are no longer there. */
  sweep(self: TerminalSelf): void
  /** A delivery of a watch that a program asked for: what to answer, to which process. */
  delivered(self: TerminalSelf, delivery: WatchDelivery): { readonly pid: number; readonly answer: unknown } | undefined
}

export type TerminalSelf = Self<TerminalState>

/** What a run of commands costs in virtual time when it never waits: a busy loop must not stop the clock. */
const busyMs = 10

export function newTerminal(machine: string, env: Readonly<Record<string, string>>): TerminalState {
  return {
    shell: newShell({ cwd: env['HOME'] ?? '/root', env, name: '-bash' }),
    machine,
    output: '',
    finished: undefined,
    busy: false,
    partial: '',
    following: new Map(),
    wake: undefined,
  }
}

/** The component of a terminal, `terminal/<name>`. */
export function createTerminal(options: TerminalOptions): ComponentDefinition<TerminalState> {
  const hostOf = (self: TerminalSelf): Host => terminalHost(options, self)

  const goOn = (self: TerminalSelf): void => {
    const { state } = self
    const result = run(state.shell, hostOf(self))
    const at = result.done ? undefined : result.busy ? self.now + busyMs : result.wakeAt
    setWake(self, at ?? nextWake(state.shell))
    options.sweep(self)
    if (!result.done || !state.busy) return
    state.busy = false
    state.finished = result.status
    forgetFinished(state.shell)
  }

  return defineComponent<TerminalState>({
    type: 'terminal',
    on: {
      line(self, line: string) {
        const { state } = self
        const source = state.partial === '' ? line : `${state.partial}\n${line}`
        const fault = execute(state.shell, source)
        state.partial = fault?.incomplete === true ? source : ''
        if (fault && !fault.incomplete) {
          state.output += `-bash: ${fault.error}\n`
          state.finished = 2
        } else if (fault) state.finished = 0
        else {
          state.busy = true
          goOn(self)
        }
      },
      interrupt(self) {
        const { state } = self
        interrupt(state.shell, hostOf(self))
        state.output += '^C\n'
        state.partial = ''
        state.busy = false
        state.finished = 130
        setWake(self, undefined)
        options.sweep(self)
      },
      wake(self) {
        self.state.wake = undefined
        timePassed(self.state.shell, self.now)
        goOn(self)
      },
      answer(self, answer: Answer) {
        if (typeof answer.tag !== 'number') return
        answerProcess(self.state.shell, answer.tag, networkAnswer(answer))
        goOn(self)
      },
      watch(self, delivery: WatchDelivery) {
        const found = options.delivered(self, delivery)
        if (!found) return
        answerProcess(self.state.shell, found.pid, found.answer)
        goOn(self)
      },
      /** A program's own timer, or an answer that is there at once. */
      resume(self, { pid, answer }: { pid: number; answer: unknown }) {
        answerProcess(self.state.shell, pid, answer)
        goOn(self)
      },
    },
  })
}

/** The prompt as bash shows it: user, machine, directory; `> ` while a command is not complete. */
export function promptOf(state: TerminalState): string {
  if (state.partial !== '') return '> '
  const { cwd } = rootOf(state.shell)
  const shown = cwd === '/root' ? '~' : cwd.slice(cwd.lastIndexOf('/') + 1) || '/'
  return `[root@${state.machine} ${shown}]# `
}

function terminalHost(options: TerminalOptions, self: TerminalSelf): Host {
  return {
    ...options.hostFor(self),
    now: self.now,
    random: () => self.random(),
    write: (_stream, text) => {
      self.state.output += text
    },
    request: (pid, request) => {
      if (isNetworkRequest(request)) sendRequest(self, pid, request)
      else options.request(self, pid, request)
    },
    // What was asked for is closed by the sweep that follows.
    cancel: () => undefined,
  }
}

function isNetworkRequest(request: unknown): request is NetworkRequest {
  if (typeof request !== 'object' || request === null || !('kind' in request)) return false
  return request.kind === 'http' || request.kind === 'lookup' || request.kind === 'connect'
}

function sendRequest(self: TerminalSelf, pid: number, request: NetworkRequest): void {
  const replyTo = { component: self.name, tag: pid }
  const open: OpenExchange = { ...exchangeOf(request), from: self.state.machine, replyTo }
  self.send('network', 0, 'open', open)
}

function exchangeOf(request: NetworkRequest): Omit<OpenExchange, 'from' | 'replyTo'> {
  const patience = request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }
  switch (request.kind) {
    case 'http': {
      const { kind, method, path, headers, body, scheme, host, port } = request
      const http = { method, path, headers, ...(body !== undefined && { body }) }
      return { protocol: kind, scheme, host, port, http, ...patience }
    }
    case 'lookup': {
      const { name, type, server: host } = request
      return { protocol: 'dns', host, port: 53, payload: { name, type }, ...patience }
    }
    case 'connect':
      return { protocol: 'tcp', host: request.host, port: request.port, ...patience }
  }
}

function networkAnswer(answer: Answer): NetworkAnswer {
  const { remote, tookMs } = answer
  if (!answer.ok) return { ok: false, failure: answer.failure, remote, tookMs }
  const { http, payload } = answer
  const dns = isDnsAnswer(payload) ? { code: payload.code, records: payload.answers } : undefined
  return { ok: true, remote, tookMs, ...(http && { http }), ...(dns && { dns }) }
}

function nextWake(shell: ShellState): number | undefined {
  const times = [...shell.processes.values()].flatMap(({ waiting }) => (waiting?.for === 'time' ? [waiting.at] : []))
  return times.length > 0 ? Math.min(...times) : undefined
}

function setWake(self: TerminalSelf, at: number | undefined): void {
  const { state } = self
  if (state.wake?.at === at) return
  if (state.wake) self.cancel(state.wake.event)
  state.wake = at === undefined ? undefined : { event: self.schedule(at - self.now, 'wake'), at }
}
