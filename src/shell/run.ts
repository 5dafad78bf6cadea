import { type Builtin, builtins } from './builtins.ts'
import { expandPattern, expandWord, expandWords, substitutionsIn } from './expand.ts'
import type { Host, Outcome } from './host.ts'
import { absolute } from './paths.ts'
import { patternToRegExp } from './pattern.ts'
import { fork, newPipe, nodeFrame, setDescriptor } from './processes.ts'
import { scopeOf } from './scope.ts'
import type { Frame, ProcessState, SavedRedirects, ShellState } from './state.ts'
import { fullPipe, read, unread, write } from './streams.ts'
import type { Node, Redirect, Word } from './syntax.ts'

type NodeFrame = Extract<Frame, { type: 'node' }>
type ProgramFrame = Extract<Frame, { type: 'program' }>

/** A script that calls itself deeper than this is stopped. */
const maxStack = 2_000

/** What one step needs. */
export interface Step {
  readonly shell: ShellState
  readonly process: ProcessState
  readonly host: Host
}

/** Takes one step of a process: its topmost frame goes on. */
export function advance(shell: ShellState, process: ProcessState, host: Host): void {
  const step: Step = { shell, process, host }
  const frame = process.stack.at(-1)
  if (!frame) return
  if (process.stack.length > maxStack) {
    complain(step, 'maximum function nesting level exceeded')
    process.stack.length = 0
    process.status = 1
    return
  }
  switch (frame.type) {
    case 'node':
      advanceNode(step, frame, frame.node)
      break
    case 'program':
      advanceProgram(step, frame)
      break
    case 'pipeline':
      finishPipeline(step, frame)
      break
    case 'read':
      advanceRead(step, frame)
      break
    case 'restore':
      for (const [fd, target] of frame.fds) setDescriptor(shell, process, fd, target)
      process.stack.pop()
      break
    case 'function':
      leaveFunction(process, frame)
      break
    case 'source':
      process.stack.pop()
  }
}

/** Writes a message as the shell itself does. */
export function complain({ shell, process, host }: Step, message: string): void {
  write(shell, process, 2, `${process.name}: ${message}\n`, host)
}

function advanceNode(step: Step, frame: NodeFrame, node: Node): void {
  const { process } = step
  switch (node.type) {
    case 'list':
      advanceList(step, frame, node)
      break
    case 'and':
    case 'or':
      if (frame.index++ === 0) process.stack.push(nodeFrame(node.left))
      else replace(process, (process.status === 0) === (node.type === 'and') ? node.right : undefined)
      break
    case 'pipeline':
      startPipeline(step, node)
      break
    case 'command':
      advanceCommand(step, frame, node)
      break
    case 'function':
      process.functions.set(node.name, node.body)
      process.status = 0
      process.stack.pop()
      break
    case 'subshell': {
      process.stack.pop()
      const child = fork(step.shell, process, { ...node, type: 'group' })
      process.stack.push({ type: 'pipeline', pids: [child.pid], negated: false })
      process.waiting = { for: 'child', pids: [child.pid] }
      break
    }
    default:
      advanceCompound(step, frame, node)
  }
}

function advanceList(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'list' }>): void {
  const { process, shell } = step
  // What failed may end the script under `set -e`, unless its failure was asked about.
  if (
    frame.index > 0 &&
    process.options.errexit &&
    process.status !== 0 &&
    isPlain(node.items[frame.index - 1]?.node)
  ) {
    process.stack.length = 0
    return
  }
  const item = node.items[frame.index++]
  if (!item) {
    process.stack.pop()
    return
  }
  if (!item.background) {
    process.stack.push(nodeFrame(item.node))
    return
  }
  const child = fork(shell, process, item.node)
  setDescriptor(shell, child, 0, { type: 'null' })
  process.lastBackground = child.pid
  process.status = 0
}

function isPlain(node: Node | undefined): boolean {
  return node?.type === 'command' || node?.type === 'pipeline' || node?.type === 'subshell'
}

type Compound = Extract<Node, { type: 'group' | 'if' | 'while' | 'for' | 'case' }>

function advanceCompound(step: Step, frame: NodeFrame, node: Compound): void {
  const { process } = step
  if (!frame.saved) {
    const { redirects } = node
    const words = node.type === 'for' ? (node.words ?? []) : node.type === 'case' ? [node.word] : []
    if (!collect(step, frame, [...words, ...redirects.map(({ word }) => word)])) return
    const saved = redirect(step, frame, redirects)
    if (!saved) {
      process.status = 1
      process.stack.pop()
      return
    }
    frame.saved = saved
    if (saved.length > 0) process.stack.splice(process.stack.length - 1, 0, { type: 'restore', fds: saved })
  }
  switch (node.type) {
    case 'group':
      replace(process, node.body)
      break
    case 'if':
      advanceIf(process, frame, node)
      break
    case 'while':
      advanceWhile(process, frame, node)
      break
    case 'for':
      advanceFor(step, frame, node)
      break
    case 'case':
      replace(process, chosenArm(step, frame, node))
  }
}

/** Even indexes: a test is to be run; odd ones: it has been. */
function advanceIf(process: ProcessState, frame: NodeFrame, node: Extract<Node, { type: 'if' }>): void {
  const branch = node.branches[frame.index >> 1]
  if (!branch) {
    process.status = 0
    replace(process, node.otherwise)
  } else if (frame.index % 2 === 0) {
    frame.index++
    process.stack.push(nodeFrame(branch.test))
  } else if (process.status === 0) replace(process, branch.body)
  else frame.index++
}

function advanceWhile(process: ProcessState, frame: NodeFrame, node: Extract<Node, { type: 'while' }>): void {
  if (frame.index === 0) {
    frame.index = 1
    process.stack.push(nodeFrame(node.test))
  } else if ((process.status === 0) !== node.until) {
    frame.index = 0
    process.stack.push(nodeFrame(node.body))
  } else {
    process.status = 0
    process.stack.pop()
  }
}

function advanceFor(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'for' }>): void {
  const { process } = step
  frame.loop ??= node.words ? expandWords(node.words, scopeOf(step, frame.substituted)) : [...process.positional]
  const value = frame.loop[frame.index++]
  if (value === undefined) {
    if (frame.index === 1) process.status = 0
    process.stack.pop()
    return
  }
  process.variables.set(node.name, value)
  process.stack.push(nodeFrame(node.body))
}

function chosenArm(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'case' }>): Node | undefined {
  const scope = scopeOf(step, frame.substituted)
  const value = expandWord(node.word, scope)
  step.process.status = 0
  const matches = (word: Word): boolean => patternToRegExp(expandPattern(word, scope)).test(value)
  return node.arms.find(arm => arm.patterns.some(matches))?.body
}

/** The frame on top is done; this node, if any, comes in its place. */
function replace(process: ProcessState, node: Node | undefined): void {
  process.stack.pop()
  if (node) process.stack.push(nodeFrame(node))
}

function startPipeline({ shell, process }: Step, node: Extract<Node, { type: 'pipeline' }>): void {
  process.stack.pop()
  const [only] = node.stages
  if (node.stages.length === 1 && only) {
    process.stack.push({ type: 'pipeline', pids: [], negated: node.negated }, nodeFrame(only))
    return
  }
  const children = node.stages.map(stage => fork(shell, process, stage))
  for (const [index, child] of children.entries()) {
    const next = children[index + 1]
    if (!next) break
    const pipe = newPipe(shell)
    setDescriptor(shell, child, 1, { type: 'pipe', pipe })
    setDescriptor(shell, next, 0, { type: 'text', pipe })
  }
  const pids = children.map(({ pid }) => pid)
  process.stack.push({ type: 'pipeline', pids, negated: node.negated })
  process.waiting = { for: 'child', pids }
}

/** A pipeline's status is its last stage's; a pipeline of no children negates the status that stands. */
function finishPipeline({ shell, process }: Step, { pids, negated }: Extract<Frame, { type: 'pipeline' }>): void {
  const running = pids.filter(pid => shell.processes.get(pid)?.exited === undefined && shell.processes.has(pid))
  if (running.length > 0) {
    process.waiting = { for: 'child', pids: running }
    return
  }
  const last = pids.at(-1)
  if (last !== undefined) process.status = shell.processes.get(last)?.exited ?? 0
  if (negated) process.status = process.status === 0 ? 1 : 0
  for (const pid of pids) shell.processes.delete(pid)
  process.stack.pop()
}

/** Runs the command substitutions of words one after the other. Returns whether all their outputs are there. */
function collect(step: Step, frame: NodeFrame, words: readonly Word[]): boolean {
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

function advanceCommand(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'command' }>): void {
  const { process } = step
  const values = node.assignments.map(({ value }) => value)
  if (!collect(step, frame, [...values, ...node.words, ...node.redirects.map(({ word }) => word)])) return
  process.stack.pop()
  const scope = scopeOf(step, frame.substituted)
  const assigned: [string, string][] = node.assignments.map(({ name, value, append }) => {
    const text = expandWord(value, scope)
    return [name, append ? (scope.get(name) ?? '') + text : text]
  })
  const argv = expandWords(node.words, scope)
  const saved = scope.failed ? undefined : redirect(step, frame, node.redirects, assigned.length + argv.length)
  if (!saved) {
    process.status = 1
    return
  }
  if (saved.length > 0) process.stack.push({ type: 'restore', fds: saved })
  if (process.options.xtrace && argv.length > 0) write(step.shell, process, 2, `+ ${argv.join(' ')}\n`, step.host)
  if (argv.length === 0) {
    for (const [name, value] of assigned) process.variables.set(name, value)
    if (node.assignments.length > 0 && substitutionsIn(values).length === 0) process.status = 0
    return
  }
  call(step, argv, assigned)
}

/** Finds what a command's name means and starts it. */
export function call(step: Step, argv: readonly string[], assigned: readonly (readonly [string, string])[]): void {
  const { process, host } = step
  const [name = ''] = argv
  const body = process.functions.get(name)
  if (body) {
    process.stack.push({ type: 'function', positional: process.positional, locals: new Map() }, nodeFrame(body))
    process.positional = argv.slice(1)
    for (const [variable, value] of assigned) process.variables.set(variable, value)
    return
  }
  const builtin: Builtin | undefined = Object.hasOwn(builtins, name) ? builtins[name] : undefined
  if (builtin) {
    for (const [variable, value] of assigned) process.variables.set(variable, value)
    const status = builtin(step, argv)
    if (status !== undefined) process.status = status
    return
  }
  if (!host.program(name)) {
    process.status = 127
    const isPath = name.includes('/')
    const target = absolute(process.cwd, name)
    if (isPath && host.files.isDirectory(target)) complain(step, `${name}: Is a directory`)
    else complain(step, isPath ? `${name}: No such file or directory` : `${name}: command not found`)
    return
  }
  const exported = [...process.exported].flatMap(key => {
    const value = process.variables.get(key)
    return value === undefined ? [] : [[key, value] as const]
  })
  const env = Object.fromEntries([...exported, ...assigned])
  process.stack.push({ type: 'program', argv, env, name, memory: undefined, answer: undefined })
}

/** Opens what redirections name. Returns what to restore, or undefined after a complaint. */
function redirect(
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

function advanceProgram(step: Step, frame: ProgramFrame): void {
  const { shell, process, host } = step
  const full = fullPipe(shell, process, 1)
  if (full !== undefined) {
    process.waiting = { for: 'room', pipe: full }
    return
  }
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
    interactive: process.fds.get(0)?.type === 'terminal',
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
  } else if (outcome.wait === 'time') process.waiting = { for: 'time', at: host.now + outcome.ms }
  else if (outcome.wait === 'input') process.waiting = { for: 'input', fd: 0 }
  else {
    process.waiting = { for: 'answer' }
    host.request(process.pid, outcome.request)
  }
}

/** `read`: takes a line, or waits for one. */
function advanceRead({ shell, process, host }: Step, frame: Extract<Frame, { type: 'read' }>): void {
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

function leaveFunction(process: ProcessState, frame: Extract<Frame, { type: 'function' }>): void {
  process.positional = [...frame.positional]
  for (const [name, value] of frame.locals) {
    if (value === undefined) process.variables.delete(name)
    else process.variables.set(name, value)
  }
  process.stack.pop()
}
