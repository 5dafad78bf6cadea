import { type CommandResult, isCommandResult, type Outcome, type ProgramCall, type ShellProgram } from '../host.ts'
import { busy } from './endless.ts'
import { formatTime } from './moment.ts'

/** What a program does that runs one command and ends as it does. */
function runs(
  argv: readonly string[],
  call: ProgramCall,
  more: { withinMs?: number; env?: Readonly<Record<string, string>> } = {},
): Outcome {
  const [name = ''] = argv
  const known = call.host.program(name) !== undefined || builtinNames.has(name)
  if (known) return { wait: 'command', command: { run: { argv }, ...more } }
  const [program = ''] = call.argv
  call.err(
    program === 'env' || program === 'xargs'
      ? `${program}: '${name}': No such file or directory\n`
      : `${program}: failed to run command '${name}': No such file or directory\n`,
  )
  return { exit: 127 }
}

/** Commands that the shell has itself and that exist as files as well. */
const builtinNames = new Set(['echo', 'printf', 'test', '[', 'true', 'false', 'pwd', 'kill'])

/** env: the environment, or a command in a changed one; -i, -u NAME, NAME=VALUE. */
export const env: ShellProgram = {
  run(call) {
    if (isCommandResult(call.answer)) return { exit: call.answer.status }
    const words = call.argv.slice(1)
    let variables: Record<string, string> = { ...call.env }
    for (let word = words[0]; word !== undefined; word = words[0]) {
      const equals = word.indexOf('=')
      if (word === '-i' || word === '-') variables = {}
      else if (word === '-u') {
        const [, name = ''] = words
        words.shift()
        variables = Object.fromEntries(Object.entries(variables).filter(([key]) => key !== name))
      } else if (equals > 0) variables[word.slice(0, equals)] = word.slice(equals + 1)
      else break
      words.shift()
    }
    if (words.length > 0) return runs(words, call, { env: variables })
    for (const [name, value] of Object.entries(variables)) call.out(`${name}=${value}\n`)
    return { exit: 0 }
  },
}

/** printenv: all variables, or the values of some. */
export const printenv: ShellProgram = {
  run(call) {
    const names = call.argv.slice(1)
    if (names.length === 0) for (const [name, value] of Object.entries(call.env)) call.out(`${name}=${value}\n`)
    const values = names.map(name => call.env[name])
    for (const value of values) if (value !== undefined) call.out(`${value}\n`)
    return { exit: values.includes(undefined) ? 1 : 0 }
  },
}

const seconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }

/** timeout: a command with a time limit; status 124 when it was too slow. */
export const timeout: ShellProgram = {
  run(call) {
    if (isCommandResult(call.answer)) return { exit: call.answer.timedOut ? 124 : call.answer.status }
    const words = call.argv.slice(1)
    while (/^-/.test(words[0] ?? '')) if (/^-[sk]$/.test(words.shift() ?? '')) words.shift()
    const [limit = '', ...command] = words
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(limit)
    if (!match || command.length === 0) {
      call.err(
        match
          ? "timeout: missing operand\nTry 'timeout --help' for more information.\n"
          : `timeout: invalid time interval '${limit}'\n`,
      )
      return { exit: 125 }
    }
    return runs(command, call, { withinMs: Number(match[1]) * (seconds[match[2] ?? ''] ?? 1) * 1_000 })
  },
}

/** nohup, time-less: runs its command. */
export const nohup: ShellProgram = {
  run(call) {
    if (isCommandResult(call.answer)) return { exit: call.answer.status }
    if (call.argv.length > 1) return runs(call.argv.slice(1), call)
    call.err("nohup: missing operand\nTry 'nohup --help' for more information.\n")
    return { exit: 125 }
  },
}

interface WatchMemory {
  readonly phase: 'ran' | 'slept'
}

/** watch: runs a command again and again and shows each time what it printed. */
export const watch: ShellProgram = {
  run(call) {
    const words = call.argv.slice(1)
    let interval = 2
    for (let word = words[0]; word !== undefined && word.startsWith('-'); word = words[0]) {
      words.shift()
      const value = /^-n(.*)$/.exec(word)?.[1]
      if (value !== undefined) interval = Number(value || words.shift())
    }
    const script = words.join(' ')
    if (script === '') {
      call.err('Usage:\n watch [options] command\n')
      return { exit: 1 }
    }
    if (!isCommandResult(call.answer)) {
      call.memory = { phase: 'slept' } satisfies WatchMemory
      return {
        wait: 'command',
        command: { run: { script: `{ ${script}\n} 2>&1`, name: 'sh', positional: [] }, capture: true },
      }
    }
    const moment = formatTime(call.host.now, '%a %b %e %H:%M:%S %Y')
    const left = `Every ${interval.toFixed(1)}s: ${script}`
    const right = `${call.host.hostName}: ${moment}`
    call.out(
      `\x1b[H\x1b[2J${left.padEnd(Math.max(80 - right.length, left.length + 2))}${right}\n\n${call.answer.output}`,
    )
    return { wait: 'time', ms: interval * 1_000 }
  },
}

interface XargsMemory {
  readonly input: string
  /** Commands that are still to be run, once all input is there. */
  readonly rest?: readonly (readonly string[])[]
  readonly status: number
}

/** xargs: -n COUNT, -I PLACE, -r, -t, -0, -d C; commands run one after the other. */
export const xargs: ShellProgram = {
  run(call) {
    const before = isXargsMemory(call.memory) ? call.memory : { input: '', status: 0 }
    if (before.rest)
      return nextOf(
        call,
        before.rest,
        statusAfter(before.status, isCommandResult(call.answer) ? call.answer : undefined),
      )
    const { text, ended } = call.input()
    const input = before.input + text
    call.memory = { input, status: 0 } satisfies XargsMemory
    if (!ended) return { wait: 'input' }
    return nextOf(call, commandsOf(call.argv, input), 0)
  },
}

function statusAfter(status: number, result: CommandResult | undefined): number {
  return result === undefined || result.status === 0 ? status : result.status === 127 ? 127 : 123
}

function nextOf(call: ProgramCall, commands: readonly (readonly string[])[], status: number): Outcome {
  const [command, ...rest] = commands
  if (!command) return { exit: status }
  call.memory = { input: '', rest, status } satisfies XargsMemory
  return runs(command, call)
}

function isXargsMemory(memory: unknown): memory is XargsMemory {
  return typeof memory === 'object' && memory !== null && 'input' in memory
}

function commandsOf(argv: readonly string[], input: string): string[][] {
  const words = argv.slice(1)
  const options = new Map<string, string>()
  for (let word = words[0]; word !== undefined && /^-./.test(word); word = words[0]) {
    words.shift()
    const letter = word.charAt(1)
    options.set(letter, 'nIdLPs'.includes(letter) ? word.slice(2) || (words.shift() ?? '') : '')
  }
  const command = words.length > 0 ? words : ['echo']
  const separator = options.has('0')
    ? '\0'
    : options.has('d')
      ? options.get('d') === '\\n'
        ? '\n'
        : (options.get('d') ?? '')
      : undefined
  const place = options.get('I')
  const lines = input
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  if (place !== undefined) return lines.map(line => command.map(word => word.replaceAll(place, line)))
  const items =
    separator === undefined
      ? (input.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []).map(item => item.replace(/^(["'])(.*)\1$/, '$2'))
      : input.split(separator).filter(item => item !== '')
  if (items.length === 0) return options.has('r') ? [] : [command]
  const size = Number(options.get('n') ?? options.get('L') ?? items.length)
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => [
    ...command,
    ...items.slice(i * size, (i + 1) * size),
  ])
}

/** yes: a line again and again, as long as somebody reads it. */
export const yes: ShellProgram = {
  run(call) {
    const line = `${call.argv.slice(1).join(' ') || 'y'}\n`
    call.out(line.repeat(1_000))
    // Who reads it has soon enough; for those who throw it away, fewer and fewer lines will do.
    const rounds = typeof call.memory === 'number' ? call.memory : 0
    call.memory = rounds + 1
    return { wait: 'time', ms: Math.min(2 ** Math.max(rounds - 30, 0), 3_600_000), load: busy }
  },
}
