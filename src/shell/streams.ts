import type { Host } from './host.ts'
import { wake } from './processes.ts'
import type { ProcessState, ShellState } from './state.ts'

/** A writer waits while so much stands in a pipe unread, as the kernel's pipes have it. */
const pipeRoom = 65_536

/** Writes to a descriptor. Returns false when the pipe has no reader any more: the process gets SIGPIPE. */
export function write(shell: ShellState, process: ProcessState, fd: number, text: string, host: Host): boolean {
  const target = process.fds.get(fd)
  if (!target || text === '') return true
  switch (target.type) {
    case 'terminal':
      host.write(target.stream, text)
      return true
    case 'file':
      host.files.append(target.path, text)
      return true
    case 'pipe': {
      const pipe = shell.pipes.get(target.pipe)
      if (!pipe || pipe.readers <= 0) return false
      pipe.text += text
      for (const reader of shell.processes.values()) {
        if (reader.waiting?.for !== 'input') continue
        const source = reader.fds.get(reader.waiting.fd)
        if (source?.type === 'text' && source.pipe === target.pipe) wake(shell, reader)
      }
      return true
    }
    case 'text':
    case 'null':
      return true
  }
}

/** Whether a pipe at this descriptor is full; the writer has to wait for its reader. */
export function fullPipe(shell: ShellState, process: ProcessState, fd: number): number | undefined {
  const target = process.fds.get(fd)
  if (target?.type !== 'pipe') return undefined
  const pipe = shell.pipes.get(target.pipe)
  return pipe && pipe.readers > 0 && pipe.text.length > pipeRoom ? target.pipe : undefined
}

/** Takes what can be read from a descriptor now. */
export function read(
  shell: ShellState,
  process: ProcessState,
  fd: number,
  host: Host,
): { text: string; ended: boolean } {
  const target = process.fds.get(fd)
  if (target?.type === 'file') {
    // A file is read at once; reading it again finds its end.
    process.fds.set(fd, { type: 'null' })
    return { text: host.files.read(target.path) ?? '', ended: true }
  }
  if (target?.type !== 'text') return { text: '', ended: target?.type !== 'terminal' }
  const pipe = shell.pipes.get(target.pipe)
  if (!pipe) return { text: '', ended: true }
  const { text } = pipe
  pipe.text = ''
  for (const writer of shell.processes.values()) {
    if (writer.waiting?.for === 'room' && writer.waiting.pipe === target.pipe) wake(shell, writer)
  }
  return { text, ended: pipe.writers <= 0 }
}

/** Gives text back that was read and not used. */
export function unread(shell: ShellState, process: ProcessState, fd: number, text: string): void {
  const target = process.fds.get(fd)
  if (text === '') return
  if (target?.type === 'text') {
    const pipe = shell.pipes.get(target.pipe)
    if (pipe) pipe.text = text + pipe.text
    return
  }
  // What was a file becomes a text of its own with one reader.
  const pipe = shell.nextPipe++
  shell.pipes.set(pipe, { text, writers: 0, readers: 1 })
  process.fds.set(fd, { type: 'text', pipe })
}
