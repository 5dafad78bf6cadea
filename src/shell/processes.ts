import type { Frame, Pipe, ProcessState, ShellState, Target } from './state.ts'
import type { Node } from './syntax.ts'

/** What a shell starts with. */
export interface ShellOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** `$0`: how messages begin. */
  readonly name: string
  readonly positional?: readonly string[]
  readonly functions?: ReadonlyMap<string, Node>
  /** Whether input can come: by `feed`, until `endInput`. */
  readonly stdin?: boolean
  readonly tty?: boolean
  readonly pidOffset?: number
  readonly dialect?: 'bash' | 'sh'
}

/** A shell with one process, which has nothing to do yet. */
export function newShell(options: ShellOptions): ShellState {
  const root: ProcessState = {
    pid: 1,
    parent: undefined,
    stack: [],
    variables: new Map(Object.entries({ OPTIND: '1', ...options.env })),
    exported: new Set(Object.keys(options.env)),
    functions: new Map(options.functions),
    positional: [...(options.positional ?? [])],
    name: options.name,
    cwd: options.cwd,
    fds: new Map<number, Target>([
      [0, { type: 'null' }],
      [1, { type: 'terminal', stream: 'stdout' }],
      [2, { type: 'terminal', stream: 'stderr' }],
    ]),
    status: 0,
    lastBackground: 0,
    options: { errexit: false, xtrace: false, nounset: false, pipefail: false },
    traps: new Map(),
    pending: [],
    aliases: new Map(),
  }
  const shell: ShellState = {
    ...{ processes: new Map([[1, root]]), pipes: new Map(), nextPid: 2, nextPipe: 1, ready: [] },
    ...{ tty: options.tty === true, pidOffset: options.pidOffset ?? 1000, dialect: options.dialect ?? 'bash' },
  }
  if (options.stdin !== true) return shell
  const stdin = shell.nextPipe++
  shell.pipes.set(stdin, { text: '', writers: 1, readers: 1 })
  root.fds.set(0, { type: 'text', pipe: stdin })
  return { ...shell, stdin }
}

/** Starts a process that begins as its parent is, with one node to run. The caller sets its descriptors before it runs. */
export function fork(shell: ShellState, parent: ProcessState, node: Node): ProcessState {
  const child: ProcessState = {
    ...parent,
    pid: shell.nextPid++,
    parent: parent.pid,
    stack: [nodeFrame(node)],
    variables: new Map(parent.variables),
    exported: new Set(parent.exported),
    functions: new Map(parent.functions),
    positional: [...parent.positional],
    fds: new Map(parent.fds),
    options: { ...parent.options },
    traps: new Map(),
    pending: [],
    aliases: new Map(parent.aliases),
  }
  delete child.leaving
  delete child.waiting
  delete child.exited
  for (const target of child.fds.values()) hold(shell, target, 1)
  shell.processes.set(child.pid, child)
  shell.ready.push(child.pid)
  return child
}

export function nodeFrame(node: Node): Extract<Frame, { type: 'node' }> {
  return { type: 'node', node, index: 0, substituted: [] }
}

/** A new pipe with nobody at its ends: `setDescriptor` counts them. */
export function newPipe(shell: ShellState): number {
  const id = shell.nextPipe++
  shell.pipes.set(id, { text: '', writers: 0, readers: 0 })
  return id
}

/** Points a descriptor elsewhere and counts the ends of pipes. */
export function setDescriptor(shell: ShellState, process: ProcessState, fd: number, target: Target | undefined): void {
  const before = process.fds.get(fd)
  if (target) {
    hold(shell, target, 1)
    process.fds.set(fd, target)
  } else process.fds.delete(fd)
  if (before) hold(shell, before, -1)
}

/** Ends a process: its ends of pipes are closed and whoever waits for it may go on. */
export function exit(shell: ShellState, process: ProcessState, status: number): void {
  if (process.exited !== undefined) return
  process.exited = status
  process.stack.length = 0
  delete process.waiting
  for (const target of process.fds.values()) hold(shell, target, -1)
  process.fds.clear()
  for (const other of shell.processes.values()) {
    if (other.waiting?.for === 'child' && other.waiting.pids.includes(process.pid)) wake(shell, other)
  }
}

/** Ends a process by a signal, and what it started. */
export function endTree(shell: ShellState, process: ProcessState, status: number, ended: (pid: number) => void): void {
  for (const child of [...shell.processes.values()]) {
    if (child.parent === process.pid && child.exited === undefined) endTree(shell, child, status, ended)
  }
  if (process.waiting?.for === 'answer') ended(process.pid)
  exit(shell, process, status)
}

/** Lets a process go on. */
export function wake(shell: ShellState, process: ProcessState): void {
  delete process.waiting
  shell.ready.push(process.pid)
}

/** `text` targets are read ends, `pipe` targets write ends. */
function hold(shell: ShellState, target: Target, by: number): void {
  if (target.type !== 'pipe' && target.type !== 'text') return
  const pipe = shell.pipes.get(target.pipe)
  if (!pipe) return
  if (target.type === 'pipe') pipe.writers += by
  else pipe.readers += by
  if (by < 0) closed(shell, target.pipe, pipe)
}

function closed(shell: ShellState, id: number, pipe: Pipe): void {
  if (pipe.writers <= 0 && pipe.readers <= 0) {
    shell.pipes.delete(id)
    return
  }
  for (const process of shell.processes.values()) {
    const { waiting } = process
    if (waiting?.for === 'room' && waiting.pipe === id && pipe.readers <= 0) wake(shell, process)
    if (waiting?.for !== 'input') continue
    const target = process.fds.get(waiting.fd)
    if (target?.type === 'text' && target.pipe === id && pipe.writers <= 0) wake(shell, process)
  }
}
