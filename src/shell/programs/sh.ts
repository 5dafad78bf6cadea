import { type Command, isCommandResult, type ProgramCall, type ShellProgram } from '../host.ts'

/** What a shell was called with: `sh -c SCRIPT [NAME [ARGUMENT]…]`, `sh FILE [ARGUMENT]…`, or commands from its input. */
export interface ShellArguments {
  readonly script?: string
  readonly file?: string
  /** `$0` and what follows it. */
  readonly name: string
  readonly positional: readonly string[]
  /** `set` for options such as -e and -x, or an empty text. */
  readonly options: string
  readonly error?: string
}

/** Reads a shell's own command line. */
export function shellArguments(argv: readonly string[]): ShellArguments {
  const [name = 'sh', ...words] = argv
  let takesScript = false
  let options = ''
  for (let word = words[0]; word !== undefined && /^[-+]./.test(word); word = words[0]) {
    words.shift()
    if (word === '--') break
    if (word === '-o' || word === '+o') options += `set ${word} ${words.shift() ?? ''}\n`
    else if (!word.startsWith('--')) {
      takesScript ||= word.includes('c')
      const set = word.replace(/[^-+eux]/g, '')
      if (set.length > 1) options += `set ${set}\n`
    }
  }
  if (!takesScript) {
    const [file, ...positional] = words
    return { name: file ?? name, positional, options, ...(file !== undefined && { file }) }
  }
  const [script, zero, ...positional] = words
  if (script === undefined) return { name, positional, options, error: '-c: option requires an argument' }
  return { name: zero ?? name, positional, options, script }
}

/** sh, bash, ash, dash inside of a script: a shell of its own that starts with the environment only. */
export const sh: ShellProgram = {
  run(call) {
    if (isCommandResult(call.answer)) return { exit: call.answer.status }
    const { name, positional, options, script, file, error } = shellArguments(call.argv)
    const start = (text: string): { wait: 'command'; command: Command } => {
      return { wait: 'command', command: { run: { script: options + text, name, positional } } }
    }
    if (error !== undefined) {
      call.err(`${name}: ${error}\n`)
      return { exit: 2 }
    }
    if (script !== undefined) return start(script)
    if (file !== undefined) {
      const text = call.host.files.read(call.path(file))
      if (text !== undefined) return start(text)
      call.err(notFound(call, file))
      return { exit: 127 }
    }
    const { text, ended } = call.input()
    call.memory = (typeof call.memory === 'string' ? call.memory : '') + text
    if (!ended) return { wait: 'input' }
    return start(String(call.memory))
  },
}

function notFound({ argv: [name = 'sh'] }: ProgramCall, file: string): string {
  return name.endsWith('bash')
    ? `${name}: ${file}: No such file or directory\n`
    : `${name}: 0: cannot open ${file}: No such file\n`
}
