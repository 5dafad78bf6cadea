import { builtins } from './builtins.ts'
import { advanceCompound, replace } from './compound.ts'
import { expandWord, expandWords, substitutionsIn, wordExpander } from './expand.ts'
import type { Host } from './host.ts'
import { parse } from './parser.ts'
import { absolute } from './paths.ts'
import { fork, newPipe, nodeFrame, setDescriptor } from './processes.ts'
import { advanceRead } from './read-line.ts'
import { redirect } from './redirections.ts'
import { advanceProgram } from './run-program.ts'
import { scopeOf } from './scope.ts'
import type { Frame, ProcessState, ShellState } from './state.ts'
import { beginTrap } from './signals.ts'
import { type Builtin, complain, type NodeFrame, type Step } from './step.ts'
import { write } from './streams.ts'
import { isTrue } from './test-expression.ts'
import { collect } from './substitution.ts'
import type { Node } from './syntax.ts'

/** A script that calls itself deeper than this is stopped. */
const maxStack = 2_000

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
  // Between two commands is the moment for traps.
  if (process.pending.length > 0 && frame.type === 'node' && frame.node.type === 'list' && beginTrap(process)) return
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
      break
    case 'trap':
      process.status = frame.status
      process.stack.pop()
      break
    case 'exec':
      process.stack.length = 0
      process.leaving = true
  }
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
    case 'calculation': {
      process.stack.pop()
      const scope = scopeOf(step, [])
      const value = expandWord(node.word, scope)
      process.status = scope.failed || Number(value) === 0 ? 1 : 0
      break
    }
    case 'condition':
      advanceCondition(step, frame, node)
      break
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
    process.leaving = true
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
  const statuses = pids.map(pid => shell.processes.get(pid)?.exited ?? 0)
  const failed = process.options.pipefail ? statuses.findLast(status => status !== 0) : undefined
  process.status = failed ?? statuses.at(-1) ?? process.status
  if (negated) process.status = process.status === 0 ? 1 : 0
  for (const pid of pids) shell.processes.delete(pid)
  process.stack.pop()
}

function advanceCommand(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'command' }>): void {
  const { process } = step
  const aliased = aliasOf(process, frame, node)
  if (aliased) {
    process.stack.pop()
    process.stack.push({ ...nodeFrame(aliased), aliased: true })
    return
  }
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

/** The command with its alias in place of its first word. Only an alias of one simple command can have arguments. */
function aliasOf(process: ProcessState, frame: NodeFrame, node: Extract<Node, { type: 'command' }>): Node | undefined {
  const [first] = node.words[0] ?? []
  if (process.aliases.size === 0 || frame.aliased === true || first?.type !== 'text' || first.quoted) return undefined
  const text = node.words[0]?.length === 1 ? process.aliases.get(first.text) : undefined
  const parsed = text === undefined ? undefined : parse(text)
  if (!parsed?.ok || parsed.script.type !== 'list') return undefined
  const [item, ...more] = parsed.script.items
  if (item?.node.type !== 'command' || more.length > 0) return node.words.length === 1 ? parsed.script : undefined
  return { ...node, words: [...item.node.words, ...node.words.slice(1)] }
}

/** Finds what a command's name means and starts it. */
export function call(step: Step, argv: readonly string[], assigned: readonly (readonly [string, string])[]): void {
  const { process, host } = step
  const [name = ''] = argv
  if (name === 'exec' || name === 'command' || name === 'builtin') {
    if (callOther(step, argv, assigned)) return
  }
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
    else if (step.shell.dialect === 'sh') complain(step, `${name}: not found`)
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

/** `exec` and `command` with a command: it is called in the shell's place, or without functions. */
function callOther(
  step: Step,
  [name, ...words]: readonly string[],
  assigned: readonly (readonly [string, string])[],
): boolean {
  const { process } = step
  if (name !== 'exec') {
    const [option = ''] = words
    if (option.startsWith('-')) return false
    const functions = new Map(process.functions)
    process.functions.clear()
    if (words.length > 0) call(step, words, assigned)
    for (const [key, body] of functions) process.functions.set(key, body)
    return true
  }
  if (words.length === 0) {
    // Redirections of `exec` itself stay.
    if (process.stack.at(-1)?.type === 'restore') process.stack.pop()
    process.status = 0
    return true
  }
  process.stack.push({ type: 'exec' })
  call(step, words, assigned)
  return true
}

/** `[[ … ]]`: its words are neither split nor matched against files; what follows `==` is a pattern. */
function advanceCondition(step: Step, frame: NodeFrame, node: Extract<Node, { type: 'condition' }>): void {
  const { process, host } = step
  if (!collect(step, frame, node.words)) return
  process.stack.pop()
  const scope = scopeOf(step, frame.substituted)
  const expand = wordExpander(scope)
  const words: string[] = []
  for (const word of node.words) {
    const isPattern = ['=', '==', '!='].includes(words.at(-1) ?? '')
    words.push(expand(word, isPattern))
  }
  const path = (name: string): string => absolute(process.cwd, name)
  const result = isTrue(words, { files: host.files, path, patterns: true })
  process.status = typeof result === 'boolean' ? (result ? 0 : 1) : 2
  if (typeof result !== 'boolean') complain(step, `[[: ${result.error}`)
}

function leaveFunction(process: ProcessState, frame: Extract<Frame, { type: 'function' }>): void {
  process.positional = [...frame.positional]
  for (const [name, value] of frame.locals) {
    if (value === undefined) process.variables.delete(name)
    else process.variables.set(name, value)
  }
  process.stack.pop()
}
