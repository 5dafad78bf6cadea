import type { Outcome, ProgramCall, ShellProgram } from '../host.ts'

/** What a filter does with its whole input. */
export interface Filtered {
  readonly out: string
  readonly status?: number
}

/** Options and operands of a command line, as getopt reads them; `valued` lists letters that take a value. */
export interface Arguments {
  readonly options: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** Reads a command line: `-n 3`, `-n3`, `-rn`, `--lines=3`. */
export function parseArguments(argv: readonly string[], valued: string): Arguments {
  const options = new Map<string, string>()
  const operands: string[] = []
  const words = argv.slice(1)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      operands.push(...words)
      break
    }
    if (word.startsWith('--')) {
      const [name = '', ...value] = word.slice(2).split('=')
      options.set(name, value.join('='))
    } else if (word.startsWith('-') && word !== '-') {
      for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
        const letter = letters.charAt(0)
        if (!valued.includes(letter)) options.set(letter, '')
        else {
          options.set(letter, letters.slice(1) || (words.shift() ?? ''))
          break
        }
      }
    } else operands.push(word)
  }
  return { options, operands }
}

/**
 * A program that reads files, or its input where none is named, to the end and then prints. `name: path: No such file or
 * directory` and status 1 for what is not there.
 */
export function filter(valued: string, work: (texts: readonly Input[], args: Arguments) => Filtered): ShellProgram {
  return {
    run(call) {
      const args = parseArguments(call.argv, valued)
      return readAll(call, filesOf(args), inputs => {
        const { out, status = 0 } = work(inputs, args)
        call.out(out)
        return status
      })
    },
  }
}

export interface Input {
  /** Name of the file, or undefined for stdin. */
  readonly name: string | undefined
  readonly text: string
}

function filesOf({ operands }: Arguments): readonly string[] {
  return operands.length === 0 ? ['-'] : operands
}

/** Reads all inputs, waiting for stdin where it is among them, then finishes with a status. */
export function readAll(call: ProgramCall, names: readonly string[], finish: (inputs: Input[]) => number): Outcome {
  let stdin = typeof call.memory === 'string' ? call.memory : ''
  if (names.includes('-')) {
    const { text, ended } = call.input()
    stdin += text
    call.memory = stdin
    if (!ended) return { wait: 'input' }
  }
  const [program = ''] = call.argv
  let failed = false
  const inputs: Input[] = []
  for (const name of names) {
    const path = call.path(name)
    const text = name === '-' ? stdin : call.host.files.read(path)
    if (text !== undefined) {
      inputs.push({ name: name === '-' ? undefined : name, text })
      continue
    }
    failed = true
    call.err(`${program}: ${unreadable(call, name, call.host.files.isDirectory(path))}\n`)
  }
  const status = finish(inputs)
  return { exit: failed ? Math.max(status, 1) : status }
}

function unreadable({ argv, host }: ProgramCall, name: string, isDirectory: boolean): string {
  if (host.isBusybox === true && argv[0] !== 'grep') {
    return isDirectory ? 'read error: Is a directory' : `can't open '${name}': No such file or directory`
  }
  return `${name}: ${isDirectory ? 'Is a directory' : 'No such file or directory'}`
}

/** Lines of a text without their ends; a last line without an end counts. */
export function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Lines with their ends. */
export function textOf(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('')
}
