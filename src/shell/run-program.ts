import type { Command, CommandResult, Outcome } from './host.ts'
import { parse } from './parser.ts'
import { absolute } from './paths.ts'
import { endTree, exit, fork, newPipe, setDescriptor } from './processes.ts'
import type { Frame, Waiting } from './state.ts'
import { complain, type Step } from './step.ts'
import { fullPipe, read, write } from './streams.ts'
import type { Node } from './syntax.ts'

type ProgramFrame = Extract<Frame, { type: 'program' }>

/** 128 + TERM: how a command ends whose time is up. */
const terminated = 143

/** Calls a program, unless what it waits for is not there yet. */
export function advanceProgram(step: Step, frame: ProgramFrame): void {
  const { shell, process, host } = step
  const full = fullPipe(shell, process, 1)
  if (full !== undefined) {
    process.waiting = { for: 'room', pipe: full }
    return
  }
  if (frame.child && !takeResult(step, frame)) return
  const program = host.program(frame.name)
  if (!program) {
    process.status = 127
    process.stack.pop()
    return
  }
  let broken = false
  const outcome: Outcome = program.run({
    argv: frame.argv,
    env: frame.env,
    cwd: process.cwd,
    pid: process.pid,
    host,
    get memory() {
      return frame.memory
    },
    set memory(value) {
      frame.memory = value
    },
    answer: frame.answer,
    interactive: readsTerminal(step),
    input: () => read(shell, process, 0, host),
    out: text => {
      broken ||= !write(shell, process, 1, text, host)
    },
    err: text => {
      write(shell, process, 2, text, host)
    },
    path: path => absolute(process.cwd, path),
  })
  frame.answer = undefined
  if (broken || 'exit' in outcome) {
    process.status = 'exit' in outcome ? outcome.exit : 141
    process.stack.pop()
  } else if (outcome.wait === 'time') process.waiting = passing(outcome, host.now)
  else if (outcome.wait === 'input') process.waiting = { for: 'input', fd: 0 }
  else if (outcome.wait === 'command') startCommand(step, frame, outcome.command)
  else {
    process.waiting = { for: 'answer' }
    host.request(process.pid, outcome.request)
  }
}

function passing({ ms, load }: Extract<Outcome, { wait: 'time' }>, now: number): Waiting {
  return { for: 'time', at: now + ms, ...(load && { load, since: now }) }
}

function readsTerminal({ shell, process }: Step): boolean {
  const input = process.fds.get(0)
  if (input?.type === 'terminal') return true
  return shell.tty && input?.type === 'text' && input.pipe === shell.stdin
}

function startCommand(step: Step, frame: ProgramFrame, command: Command): void {
  const { shell, process, host } = step
  const node = nodeOf(command)
  const child = fork(shell, process, typeof node === 'string' ? emptyScript : node)
  const env = Object.entries(command.env ?? frame.env)
  child.variables.clear()
  child.exported.clear()
  child.functions.clear()
  for (const [name, value] of env) {
    child.variables.set(name, value)
    child.exported.add(name)
  }
  if ('script' in command.run) {
    child.name = command.run.name
    child.positional = [...command.run.positional]
  }
  if (command.input !== undefined) {
    const pipe = newPipe(shell)
    const opened = shell.pipes.get(pipe)
    if (opened) opened.text = command.input
    setDescriptor(shell, child, 0, { type: 'text', pipe })
  }
  frame.child = { pid: child.pid, timedOut: false, ...(command.capture === true && { output: -child.pid }) }
  if (command.capture === true) {
    const pipe = newPipe(shell)
    setDescriptor(shell, child, 1, { type: 'pipe', pipe })
    setDescriptor(shell, process, -child.pid, { type: 'text', pipe })
  }
  const until = command.withinMs === undefined ? {} : { until: host.now + command.withinMs }
  process.waiting = { for: 'child', pids: [child.pid], ...until }
  if (until.until !== undefined) frame.child.until = until.until
  if (typeof node !== 'string') return
  complain({ shell, process: child, host }, node)
  exit(shell, child, 2)
}

const emptyScript: Node = Object.freeze({ type: 'list', items: Object.freeze([]) })

/** What a child is to run, or why it cannot be parsed. */
function nodeOf({ run }: Command): Node | string {
  if ('script' in run) {
    const parsed = parse(run.script)
    return parsed.ok ? parsed.script : parsed.error
  }
  const words = run.argv.map(text => [{ type: 'text', text, quoted: true } as const])
  return { type: 'command', assignments: [], words, redirects: [] }
}

/** The result of a program's command becomes its answer. Returns whether the command has ended. */
function takeResult({ shell, process, host }: Step, frame: ProgramFrame): boolean {
  const running = frame.child
  if (!running) return true
  const child = shell.processes.get(running.pid)
  if (child && child.exited === undefined) {
    if (running.until === undefined || host.now < running.until) {
      const until = running.until === undefined ? {} : { until: running.until }
      process.waiting = { for: 'child', pids: [child.pid], ...until }
      return false
    }
    running.timedOut = true
    endTree(shell, child, terminated, pid => host.cancel(pid))
  }
  const output = running.output === undefined ? '' : read(shell, process, running.output, host).text
  if (running.output !== undefined) setDescriptor(shell, process, running.output, undefined)
  const answer: CommandResult = { status: child?.exited ?? 0, output, timedOut: running.timedOut }
  frame.answer = answer
  shell.processes.delete(running.pid)
  delete frame.child
  return true
}
