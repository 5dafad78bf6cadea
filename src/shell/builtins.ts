import { optionBuiltins } from './option-builtins.ts'
import { parse } from './parser.ts'
import { absolute } from './paths.ts'
import { processBuiltins } from './process-builtins.ts'
import { nodeFrame } from './processes.ts'
import type { Builtin, Step } from './step.ts'
import type { ProcessState } from './state.ts'
import { write } from './streams.ts'
import { formatPrintf, unescapeEcho } from './printf.ts'
import { isTrue } from './test-expression.ts'
import { rootHome } from './home.ts'

/** Builtins by name. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo: (step, [, ...words]) => echo(step, words),
  printf: (step, [, format = '', ...values]) => out(step, formatPrintf(format, values)),
  test: (step, argv) => test(step, argv.slice(1)),
  '[': (step, argv) => (argv.at(-1) === ']' ? test(step, argv.slice(1, -1)) : fail(step, "[: missing `]'", 2)),
  cd: changeDirectory,
  pwd: step => out(step, `${step.process.cwd}\n`),
  export: exportVariables,
  unset({ process }, [, ...names]) {
    for (const name of names) {
      process.variables.delete(name)
      process.exported.delete(name)
      process.functions.delete(name)
    }
    return 0
  },
  local: declareLocals,
  ...optionBuiltins,
  ...processBuiltins,
  shift({ process }, [, count = '1']) {
    process.positional = process.positional.slice(Number(count))
    return 0
  },
  read: readLine,
  exit(step, [, status]) {
    const { process } = step
    process.status = status === undefined ? process.status : Number(status) & 255
    process.stack.length = 0
    process.leaving = true
    return undefined
  },
  return: ({ process }, [, status]) => {
    unwind(process, frame => frame.type === 'function' || frame.type === 'source', false)
    return status === undefined ? undefined : Number(status) & 255
  },
  break: ({ process }, [, count]) => leaveLoops(process, Number(count ?? 1), true),
  continue: ({ process }, [, count]) => leaveLoops(process, Number(count ?? 1), false),
  eval: (step, [, ...words]) => source(step, words.join(' ')),
  source: sourceFile,
  '.': sourceFile,
  type: (step, [, ...names]) => Math.max(0, ...names.map(name => describe(step, name, true))),
  command(step, [, option, ...names]) {
    if (option === '-v' || option === '-V')
      return Math.max(0, ...names.map(name => describe(step, name, option === '-V')))
    return fail(step, 'command: only -v and -V are known here', 2)
  },
}

function out({ shell, process, host }: Step, text: string): number {
  return write(shell, process, 1, text, host) ? 0 : 141
}

function fail({ shell, process, host }: Step, message: string, status = 1): number {
  write(shell, process, 2, `${process.complainsAs ?? process.name}: ${message}\n`, host)
  return status
}

function echo(step: Step, words: readonly string[]): number {
  let [first, ...rest] = words
  let newline = '\n'
  let escapes = false
  while (first !== undefined && /^-[neE]+$/.test(first)) {
    if (first.includes('n')) newline = ''
    escapes = first.includes('e')
    ;[first, ...rest] = rest
  }
  const text = first === undefined ? '' : [first, ...rest].join(' ')
  return out(step, (escapes ? unescapeEcho(text) : text) + newline)
}

function test(step: Step, words: readonly string[], patterns = false): number {
  const { process, host } = step
  const result = isTrue(words, { files: host.files, path: path => absolute(process.cwd, path), patterns })
  return typeof result === 'boolean' ? (result ? 0 : 1) : fail(step, `[: ${result.error}`, 2)
}

/** `read -r -p PROMPT -t SECONDS NAME…`: options that take a value are passed over, a prompt is shown at a terminal. */
function readLine({ shell, process, host }: Step, [, ...words]: readonly string[]): undefined {
  const names: string[] = []
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!/^-./.test(word)) names.push(word)
    else if (/[ptndu]$/.test(word)) {
      const value = words.shift() ?? ''
      if (word.endsWith('p') && shell.tty) write(shell, process, 2, value, host)
    }
  }
  process.stack.push({ type: 'read', names: names.length > 0 ? names : ['REPLY'], text: '', fd: 0 })
  return undefined
}

function changeDirectory(step: Step, [, target]: readonly string[]): number {
  const { process, host } = step
  const wanted = target === undefined ? (process.variables.get('HOME') ?? rootHome) : target
  const path = wanted === '-' ? (process.variables.get('OLDPWD') ?? process.cwd) : absolute(process.cwd, wanted)
  if (!host.files.isDirectory(path)) {
    const isFile = host.files.read(path) !== undefined
    return fail(step, `cd: ${wanted}: ${isFile ? 'Not a directory' : 'No such file or directory'}`)
  }
  process.variables.set('OLDPWD', process.cwd)
  process.cwd = path
  return wanted === '-' ? out(step, `${path}\n`) : 0
}

function exportVariables({ process }: Step, [, ...words]: readonly string[]): number {
  for (const word of words) {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (equals >= 0) process.variables.set(name, word.slice(equals + 1))
    process.exported.add(name)
  }
  return 0
}

function declareLocals({ process }: Step, [, ...words]: readonly string[]): number {
  const frame = process.stack.findLast(candidate => candidate.type === 'function')
  for (const word of words) {
    const [name = '', ...value] = word.split('=')
    if (frame?.type === 'function' && !frame.locals.has(name)) frame.locals.set(name, process.variables.get(name))
    process.variables.set(name, value.join('='))
  }
  return 0
}

function source(step: Step, text: string): number | undefined {
  const parsed = parse(text)
  if (!parsed.ok) return fail(step, parsed.error, 2)
  step.process.stack.push(nodeFrame(parsed.script))
  return undefined
}

function sourceFile(step: Step, [, path = '']: readonly string[]): number | undefined {
  const text = step.host.files.read(absolute(step.process.cwd, path))
  if (text === undefined) return fail(step, `${path}: No such file or directory`)
  step.process.stack.push({ type: 'source' })
  return source(step, text)
}

/** Takes frames off down to the one that is looked for, or through it; redirections on the way are undone in order. */
function unwind(
  process: ProcessState,
  isTarget: (frame: ProcessState['stack'][number]) => boolean,
  through: boolean,
): void {
  const index = process.stack.findLastIndex(isTarget)
  const above = process.stack.splice(Math.max(through ? index : index + 1, 0))
  process.stack.push(...above.filter(frame => frame.type === 'restore'))
}

function leaveLoops(process: ProcessState, count: number, through: boolean): number {
  const isLoop = (frame: ProcessState['stack'][number]): boolean =>
    frame.type === 'node' && (frame.node.type === 'for' || frame.node.type === 'while')
  for (let left = count; left > 0; left--) {
    if (!process.stack.some(isLoop)) break
    unwind(process, isLoop, through || left > 1)
  }
  return 0
}

function describe(step: Step, name: string, verbose: boolean): number {
  const { process, host } = step
  const what = process.functions.has(name) ? 'function' : Object.hasOwn(builtins, name) ? 'shell builtin' : undefined
  if (what !== undefined) return out(step, verbose ? `${name} is a ${what}\n` : `${name}\n`)
  if (!host.program(name)) return verbose ? fail(step, `type: ${name}: not found`) : 1
  const path = name.includes('/') ? name : `/usr/bin/${name}`
  return out(step, verbose ? `${name} is ${path}\n` : `${path}\n`)
}
