import type { Host } from './host.ts'
import { parse } from './parser.ts'
import { nodeFrame, wake } from './processes.ts'
import { rootOf } from './shell.ts'
import type { ShellState } from './state.ts'

/** Hands the shell what somebody typed or sent: whoever reads standard input gets it. */
export function feed(shell: ShellState, text: string): void {
  const pipe = shell.stdin === undefined ? undefined : shell.pipes.get(shell.stdin)
  if (!pipe || pipe.writers <= 0) return
  pipe.text += text
  wakeReaders(shell)
}

/** No more input will come: end of file, or Ctrl-D. */
export function endInput(shell: ShellState): void {
  const pipe = shell.stdin === undefined ? undefined : shell.pipes.get(shell.stdin)
  if (!pipe) return
  pipe.writers = 0
  wakeReaders(shell)
}

/** There may be input again: at a terminal, Ctrl-D is the end for whoever reads just then and for nobody else. */
export function reopenInput(shell: ShellState): void {
  const pipe = shell.stdin === undefined ? undefined : shell.pipes.get(shell.stdin)
  if (pipe) pipe.writers = 1
}

/** Takes what was typed and not read. */
export function takeUnread(shell: ShellState): string {
  const pipe = shell.stdin === undefined ? undefined : shell.pipes.get(shell.stdin)
  if (!pipe) return ''
  const { text } = pipe
  pipe.text = ''
  return text
}

/** Whether a process waits for what somebody types. */
export function readsInput(shell: ShellState): boolean {
  return [...shell.processes.values()].some(({ waiting, fds }) => {
    const source = waiting?.for === 'input' ? fds.get(waiting.fd) : undefined
    return source?.type === 'text' && source.pipe === shell.stdin
  })
}

function wakeReaders(shell: ShellState): void {
  for (const process of shell.processes.values()) {
    if (process.waiting?.for !== 'input') continue
    const source = process.fds.get(process.waiting.fd)
    if (source?.type === 'text' && source.pipe === shell.stdin) wake(shell, process)
  }
}

/** What a shell that reads its commands from its input is to do next. */
export type NextCommand = 'run' | 'more' | 'end'

/**
 * Takes the next complete command out of the input of a shell that has nothing to do. `run`: call `run`; `more`: it is
 * not there yet; `end`: there will be none.
 */
export function nextCommand(shell: ShellState, host: Host): NextCommand {
  const pipe = shell.stdin === undefined ? undefined : shell.pipes.get(shell.stdin)
  if (!pipe) return 'end'
  const root = rootOf(shell)
  const ended = pipe.writers <= 0
  const lines = pipe.text.split('\n')
  const complete = ended ? lines.length : lines.length - 1
  for (let count = 1; count <= complete; count++) {
    const source = lines.slice(0, count).join('\n')
    if (source.trim() === '' && count === lines.length) break
    const parsed = parse(source)
    if (!parsed.ok && parsed.incomplete && count < lines.length) continue
    if (!parsed.ok && parsed.incomplete && !ended) return 'more'
    pipe.text = lines.slice(count).join('\n')
    if (parsed.ok) {
      root.stack.push(nodeFrame(parsed.script))
      shell.ready.push(root.pid)
    } else {
      host.write('stderr', `${root.name}: ${parsed.error}\n`)
      root.status = 2
    }
    return 'run'
  }
  return ended ? 'end' : 'more'
}
