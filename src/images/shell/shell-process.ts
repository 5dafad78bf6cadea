import type { Answer } from '../../network/exchange.ts'
import type { Process, Program, Usage } from '../../node/runtime/program.ts'
import type { Host, ShellProgram } from '../../shell/host.ts'
import { absolute } from '../../shell/paths.ts'
import { newShell, nodeFrame } from '../../shell/processes.ts'
import { sh, shellArguments } from '../../shell/programs/sh.ts'
import { answerProcess, execute, interrupt, leave, rootOf, run, timePassed } from '../../shell/shell.ts'
import { signalNumbers, trapSignal } from '../../shell/signals.ts'
import type { Frame, ShellState } from '../../shell/state.ts'
import { endInput, feed, nextCommand } from '../../shell/stdin.ts'
import { write } from '../../shell/streams.ts'
import { baseName, type CommandSet, findCommand, isShell } from './command-set.ts'
import {
  answerBelow,
  asCommand,
  type Below,
  isOwnProgramRequest,
  isOwnTag,
  listenerOf,
  type OwnProgram,
  processBelow,
} from './own-programs.ts'
import { complaintName, promptOf } from './words.ts'
import { shellUsage } from './shell-usage.ts'
import { isNetworkRequest, networkAnswer, sendRequest } from './requests.ts'
import { rootHome } from '../../shell/home.ts'

/** A process of a container that is a shell, or a command that a shell could run. Plain data. */
export interface ShellProcess {
  readonly shell: ShellState
  /** Whether commands are read from the input when there is nothing else to do. */
  readonly readsCommands: boolean
  /** Programs of the image below this shell, by the shell's number of the process. */
  readonly owns: Map<number, OwnProgram>
  wake: { readonly timer: number; readonly at: number } | undefined
  /** How many runs in a row had more to do than one run may. */
  busyRuns: number
  prompted: boolean
  /** Why it cannot begin. */
  readonly failure?: { readonly text: string; readonly status: number }
}

type P = Process<ShellProcess>

/** What a run that never waits costs in virtual time: more and more, so that a busy loop costs us less and less. */
const busyMs = (runs: number): number => Math.min(10 * 2 ** runs, 1_000)

/** How many steps it may do in one: one that has gone on for a minute is not after a result. */
const stepsFor = (busyRuns: number): number => (busyRuns < 12 ? 20_000 : busyRuns < 60 ? 4_000 : 1_000)

/** CPU time of starting what one run starts, and of a client's connection, in ms. */
const runMs = 0.3
const requestMs = 1.5

/** The shell and the commands of an image, as one program that looks at its arguments. */
export function shellProgram(set: CommandSet): Program<ShellProcess> {
  return {
    init: process => newShellProcess(set, process),
    start(process) {
      const { failure } = process.state
      if (!failure) return goOn(set, process)
      process.write(failure.text, 'stderr')
      process.exit(failure.status)
    },
    timer(process, data) {
      if (isOwnTag(data)) return withOwn(set, process, data.own, (own, below) => own.timer?.(below, data.tag))
      process.state.wake = undefined
      timePassed(process.state.shell, process.now)
      goOn(set, process)
    },
    serve(process, request) {
      const pid = listenerOf(process.state.owns, request)
      if (pid !== undefined) withOwn(set, process, pid, (own, below) => own.serve?.(below, request))
    },
    answer: (process, answer) => takeAnswer(set, process, answer),
    input(process, text) {
      takeInput(set, process, text)
      goOn(set, process)
    },
    endOfInput(process) {
      endInput(process.state.shell)
      goOn(set, process)
    },
    signal(process, signal) {
      takeSignal(set, process, signal)
    },
    usage: process => shellUsage(process.state, process.now, withOwnUsage(set, process)),
    stopped(process) {
      for (const pid of process.state.owns.keys()) stopOwn(set, process, pid)
    },
  }
}

function newShellProcess(set: CommandSet, process: P): ShellProcess {
  const { argv, workingDir: cwd, tty, stdin, pid } = process
  const options = { cwd, tty, stdin, pidOffset: pid - 1, env: environmentOf(process) }
  const rest = { owns: new Map<number, OwnProgram>(), wake: undefined, busyRuns: 0, prompted: false }
  if (!isShell(argv[0] ?? '')) {
    const shell = newShell({ ...options, name: 'sh' })
    const words = argv.map(text => [{ type: 'text', text, quoted: true } as const])
    rootOf(shell).stack.push(nodeFrame({ type: 'command', assignments: [], words, redirects: [] }))
    shell.ready.push(1)
    return { shell, readsCommands: false, ...rest }
  }
  const call = shellArguments(argv)
  const dialect = set.dialect === 'bash' || argv[0]?.endsWith('bash') ? 'bash' : 'sh'
  const shell = newShell({ ...options, dialect, name: call.name, positional: call.positional })
  const complain = complaintName(set, call)
  if (complain !== call.name) rootOf(shell).complainsAs = complain
  const script = call.file === undefined ? call.script : process.files.read(absolute(cwd, call.file))
  const readsCommands = call.file === undefined && call.script === undefined
  if (script === undefined && !readsCommands) {
    const text = `${argv[0] ?? 'sh'}: ${call.file ?? ''}: No such file or directory\n`
    return { shell, readsCommands, ...rest, failure: { text, status: 127 } }
  }
  const text = call.options + (script ?? '')
  const fault = text === '' ? undefined : execute(shell, text)
  if (!fault) return { shell, readsCommands, ...rest }
  return { shell, readsCommands, ...rest, failure: { text: `${complain}: ${fault.error}\n`, status: 2 } }
}

function environmentOf({ user, host, tty, env }: P): Record<string, string> {
  const home = user === 0 ? rootHome : '/'
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return { PATH: path, HOSTNAME: host.name, HOME: home, ...(tty && { TERM: 'xterm' }), ...env }
}

/** Runs the shell as far as it goes, and sets the timer for what comes next. */
function goOn(set: CommandSet, process: P): void {
  const { state } = process
  const { shell } = state
  const host = hostOf(set, process)
  process.work(runMs)
  for (;;) {
    const result = run(shell, host, stepsFor(state.busyRuns))
    if (!result.done) {
      state.busyRuns = result.busy ? state.busyRuns + 1 : 0
      return wakeAt(process, result.busy ? process.now + busyMs(state.busyRuns) : result.wakeAt)
    }
    state.busyRuns = 0
    const root = rootOf(shell)
    if (state.readsCommands && root.leaving !== true) {
      const next = nextCommand(shell, host)
      if (next === 'run') {
        state.prompted = false
        continue
      }
      if (next === 'more') {
        if (shell.tty && !state.prompted) process.write(promptOf(set, process, root.cwd))
        state.prompted = true
        return wakeAt(process, nextWake(shell))
      }
    }
    if (leave(shell)) continue
    process.exit(root.exited ?? root.status)
    return
  }
}

function wakeAt(process: P, at: number | undefined): void {
  const { state } = process
  if (state.wake?.at === at) return
  if (state.wake) process.clearTimer(state.wake.timer)
  state.wake = at === undefined ? undefined : { timer: process.setTimer(at - process.now), at }
}

function nextWake(shell: ShellState): number | undefined {
  const times = [...shell.processes.values()].flatMap(({ waiting }) => (waiting?.for === 'time' ? [waiting.at] : []))
  return times.length > 0 ? Math.min(...times) : undefined
}

function hostOf(set: CommandSet, process: P): Host {
  return {
    files: process.files,
    now: process.now,
    random: () => process.random(),
    write: (stream, text) => process.write(text, stream),
    program(name) {
      const base = baseName(name)
      if (Object.hasOwn(set.own, name) || Object.hasOwn(set.own, base)) return asCommand(name)
      const found = findCommand(set, name)
      if (found || !name.includes('/')) return found
      return process.files.read(name)?.startsWith('#!') === true ? scriptFile : undefined
    },
    programNames: () => [...set.names, ...Object.keys(set.own)],
    request(pid, request) {
      if (isNetworkRequest(request)) {
        process.work(requestMs)
        sendRequest(process, request, pid)
      }
      if (!isOwnProgramRequest(request)) return
      const { name, argv, env } = request
      process.state.owns.set(pid, { name, argv, env, state: undefined, ports: [] })
      withOwn(set, process, pid, (own, below) => {
        below.state = own.init(below)
        own.start?.(below)
      })
    },
    cancel: pid => stopOwn(set, process, pid),
    kill(pid, signal) {
      if (pid !== 1 || process.pid === 1) return false
      process.tell(`runtime/${process.host.node}`, 'signal', { container: process.container.id, signal })
      return true
    },
    hostName: process.host.name,
    isBusybox: set.dialect === 'ash',
    userName: process.user === 0 ? 'root' : String(process.user),
    addresses: process.host.addresses,
  }
}

/** Lets a program of the image do something below the shell. What it ended is told to the shell. */
function withOwn(set: CommandSet, process: P, pid: number, action: (own: Program, below: Process) => void): void {
  const { owns, shell } = process.state
  const entry = owns.get(pid)
  const own = entry && ownProgram(set, entry.name)
  if (!entry || !own) return
  const below: Below = {
    write(of, stream, text) {
      const writer = shell.processes.get(of)
      if (writer) write(shell, writer, stream === 'stdout' ? 1 : 2, text, hostOf(set, process))
    },
    ended(of, code) {
      stopOwn(set, process, of)
      answerProcess(shell, of, code)
      // The shell goes on after the program's handler is done.
      wakeAt(process, process.now)
    },
  }
  action(own, processBelow(process, pid, entry, below))
}

function stopOwn(set: CommandSet, process: P, pid: number): void {
  const entry = process.state.owns.get(pid)
  if (!entry) return
  const nothing: Below = { write: () => undefined, ended: () => undefined }
  ownProgram(set, entry.name)?.stopped?.(processBelow(process, pid, entry, nothing))
  process.state.owns.delete(pid)
}

/** What the programs below the shell use. */
function withOwnUsage(set: CommandSet, process: P): Usage[] {
  const nothing: Below = { write: () => undefined, ended: () => undefined }
  return [...process.state.owns].flatMap(([pid, entry]) => {
    const used = ownProgram(set, entry.name)?.usage?.(processBelow(process, pid, entry, nothing))
    return used ? [used] : []
  })
}

function ownProgram({ own }: CommandSet, name: string): Program | undefined {
  return Object.hasOwn(own, name) ? own[name] : Object.hasOwn(own, baseName(name)) ? own[baseName(name)] : undefined
}

function takeAnswer(set: CommandSet, process: P, answer: Answer): void {
  const { tag } = answer
  if (isOwnTag(tag)) {
    withOwn(set, process, tag.own, (own, below) => own.answer?.(below, answerBelow(answer, tag)))
    return
  }
  if (typeof tag !== 'number') return
  answerProcess(process.state.shell, tag, networkAnswer(answer))
  goOn(set, process)
}

/** Ctrl-C and Ctrl-D are characters that a terminal makes something of. */
function takeInput(set: CommandSet, process: P, text: string): void {
  const { shell } = process.state
  if (!shell.tty) return feed(shell, text)
  for (const piece of text.replace(/\r\n?/g, '\n').split(/(?=[\x03\x04])|(?<=[\x03\x04])/)) {
    if (piece === '\x04') endInput(shell)
    else if (piece === '\x03') {
      interrupt(shell, hostOf(set, process))
      process.write('^C\n')
      process.state.prompted = false
    } else feed(shell, piece)
  }
}

/**
 * A signal to the shell: its trap, or its death. Process 1 of a container gets no signal that it has no handler for, so a
 * shell without traps, or `sleep`, lets a Pod's whole grace period pass.
 */
function takeSignal(set: CommandSet, process: P, signal: 'TERM' | 'INT' | 'HUP' | 'QUIT' | 'USR1'): void {
  const { shell, owns } = process.state
  const root = rootOf(shell)
  if (trapSignal(shell, root, signal)) return goOn(set, process)
  const hasExeced = owns.has(root.pid) && root.stack.every(frame => isOver(frame))
  if (hasExeced) return withOwn(set, process, root.pid, (own, below) => own.signal?.(below, signal))
  if (process.pid !== 1) process.exit(128 + (signalNumbers[signal] ?? 15))
}

/** Shells put the last command of a script in their own place. */
function isOver(frame: Frame): boolean {
  if (frame.type !== 'node') return frame.type === 'program' || frame.type === 'exec' || frame.type === 'restore'
  return frame.node.type === 'list' && frame.index >= frame.node.items.length
}

/** A file with `#!` on its first line, which a shell runs. */
const scriptFile: ShellProgram = {
  run: call => sh.run({ ...call, argv: ['sh', ...call.argv] }),
}
