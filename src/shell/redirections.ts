import { expandWord } from './expand.ts'
import type { Host } from './host.ts'
import { absolute } from './paths.ts'
import { newPipe, setDescriptor } from './processes.ts'
import { scopeOf } from './scope.ts'
import type { SavedRedirects } from './state.ts'
import { complain, type NodeFrame, type Step } from './step.ts'
import type { Redirect } from './syntax.ts'

/** Opens what redirections name. Returns what to restore, or undefined after a complaint. */
export function redirect(
  step: Step,
  frame: NodeFrame,
  redirects: readonly Redirect[],
  offset = 0,
): SavedRedirects | undefined {
  const { shell, process, host } = step
  const saved: [number, ReturnType<typeof process.fds.get>][] = []
  const scope = scopeOf(
    step,
    frame.substituted.slice(offset === 0 ? 0 : Math.max(frame.substituted.length - redirects.length, 0)),
  )
  const set = (fd: number, target: Parameters<typeof setDescriptor>[3]): void => {
    const before = process.fds.get(fd)
    saved.unshift([fd, before])
    process.fds.delete(fd)
    setDescriptor(shell, process, fd, target)
  }
  for (const { fd, operator, word, both } of redirects) {
    const text = expandWord(word, scope)
    if (operator === '>&' || operator === '<&') {
      const source = process.fds.get(Number(text))
      if (text !== '-' && !source) {
        complain(step, `${text}: Bad file descriptor`)
        return undefined
      }
      set(fd, text === '-' ? undefined : source)
      continue
    }
    if (operator === '<<' || operator === '<<<') {
      const pipe = newPipe(shell)
      set(fd, { type: 'text', pipe })
      const opened = shell.pipes.get(pipe)
      if (opened) opened.text = operator === '<<' ? text : `${text}\n`
      continue
    }
    const path = absolute(process.cwd, text)
    const failure = fileFailure(host, path, operator)
    if (failure !== undefined) {
      complain(step, `${text}: ${failure}`)
      return undefined
    }
    if (path === '/dev/null') set(fd, { type: 'null' })
    else {
      if (operator === '>') host.files.write(path, '')
      set(fd, { type: 'file', path })
    }
    if (both) set(2, process.fds.get(fd))
  }
  return saved
}

function fileFailure({ files }: Host, path: string, operator: string): string | undefined {
  if (path === '/dev/null') return undefined
  if (files.isDirectory(path)) return operator === '<' ? undefined : 'Is a directory'
  if (operator === '<') return files.read(path) === undefined ? 'No such file or directory' : undefined
  const parent = path.slice(0, path.lastIndexOf('/')) || '/'
  return files.isDirectory(parent) ? undefined : 'No such file or directory'
}
