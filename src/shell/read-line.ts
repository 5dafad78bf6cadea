import type { Frame } from './state.ts'
import type { Step } from './step.ts'
import { read, unread } from './streams.ts'

/** `read`: takes a line, or waits for one. */
export function advanceRead({ shell, process, host }: Step, frame: Extract<Frame, { type: 'read' }>): void {
  const { text, ended } = read(shell, process, frame.fd, host)
  frame.text += text
  const end = frame.text.indexOf('\n')
  if (end < 0 && !ended) {
    process.waiting = { for: 'input', fd: frame.fd }
    return
  }
  const line = end < 0 ? frame.text : frame.text.slice(0, end)
  if (end >= 0) unread(shell, process, frame.fd, frame.text.slice(end + 1))
  const fields = line.trim().split(/[ \t]+/)
  for (const [index, name] of frame.names.entries()) {
    const isLast = index === frame.names.length - 1
    process.variables.set(name, isLast ? fields.slice(index).join(' ') : (fields[index] ?? ''))
  }
  process.status = end < 0 && frame.text === '' ? 1 : end < 0 ? 1 : 0
  process.stack.pop()
}
