import { newShell } from '../../shell/processes.ts'
import { rootOf } from '../../shell/shell.ts'
import type { Level, TerminalState } from './terminal-state.ts'
import { rootHome } from '../../shell/home.ts'

/** More processes than a shell ever has: a process of a terminal is named by its level and its number in the shell. */
const perLevel = 1_000_000

export function newLevel(machine: string, caller?: { readonly pid: number; readonly isOneCommand: boolean }): Level {
  const home = rootHome
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const env = { HOME: home, PATH: path, USER: 'root', LOGNAME: 'root', SHELL: '/bin/bash', TERM: 'xterm-256color' }
  const isOneCommand = caller?.isOneCommand ?? false
  const name = isOneCommand ? 'bash' : '-bash'
  return {
    shell: newShell({ cwd: home, env: { ...env, HOSTNAME: machine }, name, stdin: true, tty: true }),
    machine,
    isOneCommand,
    partial: '',
    ...(caller && { caller: caller.pid }),
  }
}

/** The shell that is spoken to. */
export function topOf({ levels }: TerminalState): Level {
  const top = levels.at(-1)
  if (!top) throw new Error('a terminal has lost its shell')
  return top
}

/** The name of a process in its terminal. */
export function keyOf(level: number, pid: number): number {
  return level * perLevel + pid
}

/** The level and the number of a process; undefined when that level is gone. */
export function processAt({ levels }: TerminalState, key: number): { level: Level; pid: number } | undefined {
  const level = levels[Math.floor(key / perLevel)]
  return level && { level, pid: key % perLevel }
}

/** The prompt as bash shows it: user, machine, directory; `> ` while a command is not complete. */
export function promptOf(state: TerminalState): string {
  const { machine, partial, shell } = topOf(state)
  if (partial !== '') return '> '
  const { cwd } = rootOf(shell)
  const shown = cwd === rootHome ? '~' : cwd.slice(cwd.lastIndexOf('/') + 1) || '/'
  return `[root@${machine} ${shown}]# `
}
