import type { WatchDelivery } from '../../machinery/rest.ts'
import type { StreamMessage } from '../../machinery/streams.ts'
import type { Answer } from '../../network/exchange.ts'
import type { Host } from '../../shell/host.ts'
import type { NetworkAnswer } from '../../shell/programs/network-request.ts'
import { answerProcess, execute, forgetFinished, interrupt, rootOf, run, timePassed } from '../../shell/shell.ts'
import { endInput, feed, readsInput, reopenInput, takeUnread } from '../../shell/stdin.ts'
import type { ShellState } from '../../shell/state.ts'
import { type ComponentDefinition, defineComponent } from '../../sim/component.ts'
import { type Edited, isEditRequest } from '../../tools/machine/editor.ts'
import { isSshRequest, type SshRequest } from '../../tools/machine/ssh.ts'
import { keyOf, newLevel, processAt, topOf } from './levels.ts'
import { openEditor, type TerminalSelf, type TerminalState } from './terminal-state.ts'
import { type Connection, isNetworkRequest, networkAnswer, sendRequest } from './requests.ts'

/** What terminals need of the world around them. */
export interface TerminalOptions {
  /** The host on which a shell of this terminal runs, without what the terminal itself provides. */
  hostFor(self: TerminalSelf, machine: string): Omit<Host, 'now' | 'random' | 'write' | 'request' | 'cancel'>
  /** A request of a program that is not the terminal's own: whoever made the program knows it. */
  request(self: TerminalSelf, key: number, request: unknown): void
  /** Closes what processes have open that are no longer there. */
  sweep(self: TerminalSelf): void
  /** A delivery of a watch that a program asked for: what to answer, to which process. */
  delivered(self: TerminalSelf, delivery: WatchDelivery): { readonly key: number; readonly answer: unknown } | undefined
  /** The same for a stream. */
  streamed(self: TerminalSelf, message: StreamMessage): { readonly key: number; readonly answer: unknown } | undefined
  /** Hands typed text to the stream of the process in the foreground. Returns whether one takes it. */
  typed(self: TerminalSelf, text: string): boolean
  /** Takes a request to a port of the workstation on which a program answers. Returns whether there is one. */
  local(self: TerminalSelf, connection: Connection): boolean
  /** Somebody connects to a port on which a program of this terminal answers: what to tell the program. */
  connected(self: TerminalSelf, connection: Connection): { readonly key: number; readonly answer: unknown } | undefined
  /** Which machine ssh comes to, or why it does not, in its words. */
  login(from: string, target: string): { readonly machine: string } | { readonly refusal: string }
}

/** What a run of commands costs in virtual time when it never waits: a busy loop must not stop the clock. */
const busyMs = 10

export function newTerminal(machine: string): TerminalState {
  return {
    levels: [newLevel(machine)],
    output: '',
    finished: undefined,
    busy: false,
    following: new Map(),
    editing: undefined,
    told: '',
    wake: undefined,
  }
}

/** The component of a terminal, `terminal/<name>`. */
export function createTerminal(options: TerminalOptions): ComponentDefinition<TerminalState> {
  const answer = (self: TerminalSelf, found: { key: number; answer: unknown } | undefined): void => {
    const place = found && processAt(self.state, found.key)
    if (!place) return
    answerProcess(place.level.shell, place.pid, found.answer)
    goOn(options, self)
  }
  return defineComponent<TerminalState>({
    type: 'terminal',
    on: {
      line: (self, line: string) => enterLine(options, self, line),
      type: (self, text: string) => type(options, self, text),
      interrupt: self => interruptTop(options, self),
      edited(self, text: string | undefined) {
        const { editing } = self.state
        if (!editing) return
        self.state.editing = undefined
        answer(self, { key: editing.key, answer: { type: 'edited', text: text ?? editing.text } satisfies Edited })
      },
      wake(self) {
        self.state.wake = undefined
        for (const { shell } of self.state.levels) timePassed(shell, self.now)
        goOn(options, self)
      },
      answer(self, { tag, ...rest }: Answer) {
        if (typeof tag === 'number') answer(self, { key: tag, answer: networkAnswer({ tag, ...rest }) })
      },
      'local-answer': (self, found: { key: number; answer: NetworkAnswer }) => answer(self, found),
      connection: (self, connection: Connection) => answer(self, options.connected(self, connection)),
      watch: (self, delivery: WatchDelivery) => answer(self, options.delivered(self, delivery)),
      stream: (self, message: StreamMessage) => answer(self, options.streamed(self, message)),
      /** A program's own timer, or an answer that is there at once. */
      resume: (self, found: { key: number; answer: unknown }) => answer(self, found),
    },
  })
}

function enterLine(options: TerminalOptions, self: TerminalSelf, line: string): void {
  const { state } = self
  const top = topOf(state)
  if (top.caller !== undefined && 'refusal' in options.login(topMachineBelow(state), top.machine)) {
    state.output += 'client_loop: send disconnect: Broken pipe\n'
    return leaveLevel(options, self, 255)
  }
  const source = top.partial === '' ? line : `${top.partial}\n${line}`
  const fault = execute(top.shell, source)
  top.partial = fault?.incomplete === true ? source : ''
  if (fault && !fault.incomplete) {
    state.output += `-bash: ${fault.error}\n`
    state.finished = 2
  } else if (fault) state.finished = 0
  else {
    state.busy = true
    goOn(options, self)
  }
}

function topMachineBelow({ levels }: TerminalState): string {
  return levels.at(-2)?.machine ?? ''
}

/** Text for whoever reads the terminal now: a container, or a program that reads its input. */
function type(options: TerminalOptions, self: TerminalSelf, text: string): void {
  const { state } = self
  const { shell } = topOf(state)
  if (options.typed(self, text)) return
  for (const piece of text.split(/(?=\x04)|(?<=\x04)/)) {
    if (piece !== '\x04') feed(shell, piece.replace(/\r\n?/g, '\n'))
    else if (state.busy) endInput(shell)
    else return leaveLevel(options, self, rootOf(shell).status)
  }
  goOn(options, self)
  reopenInput(shell)
}

function interruptTop(options: TerminalOptions, self: TerminalSelf): void {
  const { state } = self
  const level = topOf(state)
  interrupt(level.shell, hostOf(options, self, state.levels.length - 1))
  takeUnread(level.shell)
  reopenInput(level.shell)
  state.output += '^C\n'
  level.partial = ''
  state.busy = false
  state.editing = undefined
  state.finished = 130
  setWake(self)
  options.sweep(self)
  if (level.isOneCommand) leaveLevel(options, self, 130)
}

/** Runs every shell as far as it goes. */
function goOn(options: TerminalOptions, self: TerminalSelf): void {
  const { state } = self
  const index = state.levels.length - 1
  const level = topOf(state)
  const { shell } = level
  let isBusy = false
  // Shells below the top wait for ssh; what they have in the background goes on.
  for (const [below, { shell: other }] of state.levels.entries()) {
    if (below < index) isBusy = keepsRunning(other, hostOf(options, self, below)) || isBusy
  }
  const result = run(shell, hostOf(options, self, index))
  if (state.levels.length - 1 !== index) return
  setWake(self, isBusy || (!result.done && result.busy))
  options.sweep(self)
  const root = rootOf(shell)
  if (!result.done || (!state.busy && root.leaving !== true)) return
  if (root.leaving === true || level.isOneCommand) {
    if (level.caller !== undefined) return leaveLevel(options, self, result.status)
    delete root.leaving
    state.output += 'logout\n'
  }
  state.busy = false
  state.finished = result.status
  forgetFinished(shell)
  const [next] = takeUnread(shell).split('\n')
  if (next) self.schedule(0, 'line', next)
}

function keepsRunning(shell: ShellState, host: Host): boolean {
  const result = run(shell, host)
  return !result.done && result.busy
}

/** The end of a shell that ssh opened: ssh ends with its status. */
function leaveLevel(options: TerminalOptions, self: TerminalSelf, status: number): void {
  const { state } = self
  const level = topOf(state)
  if (level.caller === undefined) {
    state.output += 'logout\n'
    state.finished = status
    return
  }
  interrupt(level.shell, hostOf(options, self, state.levels.length - 1))
  options.sweep(self)
  if (!level.isOneCommand) {
    state.output += `${status === 255 ? '' : 'logout\n'}Connection to ${level.machine} closed.\n`
  }
  state.levels.pop()
  state.busy = true
  answerProcess(topOf(state).shell, level.caller, status)
  goOn(options, self)
}

function hostOf(options: TerminalOptions, self: TerminalSelf, index: number): Host {
  const { state } = self
  const machine = state.levels[index]?.machine ?? ''
  return {
    ...options.hostFor(self, machine),
    now: self.now,
    random: () => self.random(),
    write: (_stream, text) => {
      state.output += text
    },
    request(pid, request) {
      const key = keyOf(index, pid)
      if (isNetworkRequest(request)) {
        const connection: Connection = { from: { component: self.name, key }, machine, request }
        if (!options.local(self, connection)) sendRequest(self, connection)
      } else if (isSshRequest(request)) logIn(options, self, pid, request)
      else if (isEditRequest(request)) openEditor(self, key, request)
      else options.request(self, key, request)
    },
    // What was asked for is closed by the sweep that follows.
    cancel: () => undefined,
  }
}

function logIn(
  options: TerminalOptions,
  self: TerminalSelf,
  pid: number,
  { machine: target, command }: SshRequest,
): void {
  const { state } = self
  const key = keyOf(state.levels.length - 1, pid)
  const login = options.login(topOf(state).machine, target)
  if ('refusal' in login) {
    state.output += `${login.refusal}\n`
    self.schedule(1_000, 'resume', { key, answer: 255 })
    return
  }
  state.levels.push(newLevel(login.machine, { pid, isOneCommand: command !== '' }))
  if (command !== '') {
    self.schedule(20, 'line', command)
    return
  }
  state.busy = false
  state.finished = 0
}

/** What the program in the foreground reads: lines, or every key as it is pressed. */
export function readsNow(state: TerminalState): 'line' | 'keys' | undefined {
  for (const { streams } of state.following.values()) {
    for (const open of streams) {
      if ('input' in open && open.input?.from === 'terminal') return open.input.isRaw ? 'keys' : 'line'
    }
  }
  return state.busy && readsInput(topOf(state).shell) ? 'line' : undefined
}

function setWake(self: TerminalSelf, isBusy = false): void {
  const { state } = self
  const waiting = state.levels.flatMap(({ shell }) => [...shell.processes.values()].map(process => process.waiting))
  const times = waiting.flatMap(each => {
    if (each?.for === 'time') return [each.at]
    return each?.for === 'child' && each.until !== undefined ? [each.until] : []
  })
  const at = isBusy ? self.now + busyMs : times.length > 0 ? Math.min(...times) : undefined
  if (state.wake?.at === at) return
  if (state.wake) self.cancel(state.wake.event)
  state.wake = at === undefined ? undefined : { event: self.schedule(at - self.now, 'wake'), at }
}
