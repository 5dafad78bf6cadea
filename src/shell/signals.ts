import type { Host } from './host.ts'
import { parse } from './parser.ts'
import { endTree, nodeFrame, wake } from './processes.ts'
import type { ProcessState, ShellState } from './state.ts'

/** Signals that scripts name, with their numbers. */
export const signalNumbers: Readonly<Record<string, number>> = {
  ...{ EXIT: 0, HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15 },
  ...{ CHLD: 17, CONT: 18, STOP: 19, TSTP: 20 },
}

/** The name of a signal from `TERM`, `SIGTERM`, `15` or `-15`; undefined when there is none. */
export function signalName(text: string): string | undefined {
  const plain = text.replace(/^-/, '').replace(/^SIG/i, '').toUpperCase()
  if (Object.hasOwn(signalNumbers, plain)) return plain
  return Object.entries(signalNumbers).find(([, number]) => String(number) === plain)?.[0]
}

/** Hands a signal to a process' trap. Returns whether it has one; `trap ''` means that the signal is thrown away. */
export function trapSignal(shell: ShellState, process: ProcessState, name: string): boolean {
  const commands = process.traps.get(name)
  if (commands === undefined || name === 'KILL') return false
  if (commands === '') return true
  process.pending.push(name)
  const frame = process.stack.at(-1)
  if (frame?.type === 'pipeline' && frame.interruptible === true) {
    process.stack.pop()
    process.status = 128 + (signalNumbers[name] ?? 0)
    wake(shell, process)
  } else if (process.stack.length === 0) {
    beginTrap(process)
    shell.ready.push(process.pid)
  }
  return true
}

/** Sends a signal to a process of the shell: its trap, or its end. Signals that end nobody are ignored. */
export function signalProcess(shell: ShellState, host: Host, process: ProcessState, name: string): void {
  if (trapSignal(shell, process, name) || ['CHLD', 'CONT', 'EXIT'].includes(name)) return
  endTree(shell, process, 128 + (signalNumbers[name] ?? 15), pid => host.cancel(pid))
}

/** Puts the commands of the next trap that is due on top of what a process does. Returns whether there was one. */
export function beginTrap(process: ProcessState): boolean {
  const name = process.pending.shift()
  return name !== undefined && pushTrap(process, name)
}

/** The commands for the end, if there are any: they run once. */
export function beginExitTrap(process: ProcessState): boolean {
  const isSet = pushTrap(process, 'EXIT')
  process.traps.delete('EXIT')
  return isSet
}

function pushTrap(process: ProcessState, name: string): boolean {
  const parsed = parse(process.traps.get(name) ?? '')
  if (!parsed.ok || (process.traps.get(name) ?? '') === '') return false
  process.stack.push({ type: 'trap', status: process.status }, nodeFrame(parsed.script))
  return true
}
