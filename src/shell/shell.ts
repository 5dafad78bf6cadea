import { parse } from './parser.ts'
import type { Host } from './host.ts'
import { exit, nodeFrame, wake } from './processes.ts'
import { advance } from './run.ts'
import { beginExitTrap } from './signals.ts'
import type { ProcessState, ShellState } from './state.ts'

/** How a run ended: the script is done, something is waited for, or there was more to do than one run may. */
export type RunResult =
  | { readonly done: true; readonly status: number }
  | { readonly done: false; readonly busy: boolean; readonly wakeAt: number | undefined }

/** Steps of one run: a script that never waits gives way after so many, and virtual time is charged for them. */
const stepsPerRun = 20_000

/** Starts a script in the shell's own process. Returns bash's complaint when it cannot be parsed. */
export function execute(
  shell: ShellState,
  source: string,
): { readonly error: string; readonly incomplete: boolean } | undefined {
  const parsed = parse(source)
  const root = rootOf(shell)
  if (!parsed.ok) {
    root.status = 2
    return parsed
  }
  delete root.leaving
  root.stack.push(nodeFrame(parsed.script))
  if (!root.waiting) shell.ready.push(root.pid)
  return undefined
}

/** Runs every process as far as it goes, or as many steps. */
export function run(shell: ShellState, host: Host, most = stepsPerRun): RunResult {
  const root = rootOf(shell)
  for (let steps = most; steps > 0; steps--) {
    const pid = shell.ready[0]
    if (pid === undefined) break
    const process = shell.processes.get(pid)
    if (!process || process.exited !== undefined || process.waiting || process.stack.length === 0) {
      shell.ready.shift()
      if (process && process !== root && process.stack.length === 0) {
        if (beginExitTrap(process)) shell.ready.unshift(process.pid)
        else exit(shell, process, process.status)
      }
      continue
    }
    advance(shell, process, host)
  }
  if (root.exited !== undefined || (root.stack.length === 0 && shell.ready.length === 0)) {
    return { done: true, status: root.exited ?? root.status }
  }
  let wakeAt: number | undefined
  for (const { waiting } of shell.processes.values()) {
    const at = waiting?.for === 'time' ? waiting.at : waiting?.for === 'child' ? waiting.until : undefined
    if (at !== undefined) wakeAt = Math.min(wakeAt ?? Infinity, at)
  }
  return { done: false, busy: shell.ready.length > 0, wakeAt }
}

/** Wakes processes whose time has come. Call `run` afterwards. */
export function timePassed(shell: ShellState, now: number): void {
  for (const process of shell.processes.values()) {
    const { waiting } = process
    if (waiting?.for === 'time' && waiting.at <= now) wake(shell, process)
    if (waiting?.for === 'child' && (waiting.until ?? Infinity) <= now) wake(shell, process)
  }
}

/** Runs the commands for the end of a shell whose script is done. Returns whether there are any: call `run` again. */
export function leave(shell: ShellState): boolean {
  const root = rootOf(shell)
  if (root.exited !== undefined || !beginExitTrap(root)) return false
  shell.ready.push(root.pid)
  return true
}

/** Hands a process the answer that it waits for. Call `run` afterwards. */
export function answerProcess(shell: ShellState, pid: number, answer: unknown): void {
  const process = shell.processes.get(pid)
  const frame = process?.stack.at(-1)
  if (process?.waiting?.for !== 'answer' || frame?.type !== 'program') return
  frame.answer = answer
  wake(shell, process)
}

/** Ctrl-C: ends what runs in the foreground; the shell itself stays. */
export function interrupt(shell: ShellState, host: Host): void {
  const root = rootOf(shell)
  for (const process of shell.processes.values()) {
    if (process.waiting?.for === 'answer') host.cancel(process.pid)
    if (process !== root) exit(shell, process, 130)
  }
  const { fds } = root
  while (root.stack.length > 0) {
    const frame = root.stack.pop()
    if (frame?.type === 'restore') for (const [fd, target] of frame.fds) if (target) fds.set(fd, target)
  }
  delete root.waiting
  shell.ready.length = 0
  root.status = 130
  forgetFinished(shell)
}

/** Drops processes that nobody will ask for again. Call it at the prompt. */
export function forgetFinished(shell: ShellState): void {
  for (const [pid, process] of shell.processes)
    if (pid !== 1 && process.exited !== undefined) shell.processes.delete(pid)
}

export function rootOf(shell: ShellState): ProcessState {
  const root = shell.processes.get(1)
  if (!root) throw new Error('a shell has lost its own process')
  return root
}
