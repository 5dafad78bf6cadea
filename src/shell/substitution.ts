import { substitutionsIn } from './expand.ts'
import { fork, newPipe, setDescriptor } from './processes.ts'
import type { NodeFrame, Step } from './step.ts'
import { read } from './streams.ts'
import type { Word } from './syntax.ts'

/** Runs the command substitutions of words one after the other. Returns whether all their outputs are there. */
export function collect(step: Step, frame: NodeFrame, words: readonly Word[]): boolean {
  const { shell, process, host } = step
  const scripts = substitutionsIn(words)
  if (frame.child !== undefined) {
    const child = shell.processes.get(frame.child)
    const target = process.fds.get(-frame.child)
    if (child && child.exited === undefined) {
      process.waiting = { for: 'child', pids: [child.pid] }
      return false
    }
    const output = target ? read(shell, process, -frame.child, host).text : ''
    setDescriptor(shell, process, -frame.child, undefined)
    process.status = child?.exited ?? 0
    shell.processes.delete(frame.child)
    frame.substituted.push(output.replace(/\n+$/, ''))
    delete frame.child
  }
  const script = scripts[frame.substituted.length]
  if (!script) return true
  const child = fork(shell, process, script)
  const pipe = newPipe(shell)
  setDescriptor(shell, child, 1, { type: 'pipe', pipe })
  // The read end is kept under a number that no script can name.
  setDescriptor(shell, process, -child.pid, { type: 'text', pipe })
  frame.child = child.pid
  process.waiting = { for: 'child', pids: [child.pid] }
  return false
}
