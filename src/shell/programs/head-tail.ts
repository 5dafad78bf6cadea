import type { ProgramCall, ShellProgram } from '../host.ts'
import { type Arguments, type Input, linesOf, parseArguments, readAll, textOf } from './filter.ts'

/** How often `tail -f` looks whether its file has grown. */
const followMs = 1_000

/** `-5` means `-n 5`. */
function withCount(argv: readonly string[]): string[] {
  return argv.map(word => word.replace(/^-(\d+)$/, '-n$1'))
}

function cut(inputs: readonly Input[], { options }: Arguments, lines: (text: string) => string): string {
  const titled = (inputs.length > 1 && !options.has('q')) || options.has('v')
  return inputs
    .map(
      ({ name, text }, index) =>
        `${titled ? `${index > 0 ? '\n' : ''}==> ${name ?? 'standard input'} <==\n` : ''}${lines(text)}`,
    )
    .join('')
}

function sources({ operands }: Arguments): readonly string[] {
  return operands.length === 0 ? ['-'] : operands
}

/** head: the first lines; from a stream it takes no more than it needs. */
export const head: ShellProgram = {
  run(call) {
    const args = parseArguments(withCount(call.argv), 'nc')
    const bytes = args.options.get('c')
    const count = Number(args.options.get('n') ?? args.options.get('lines') ?? 10)
    if (args.operands.length === 0 && bytes === undefined && count >= 0) return headOfStream(call, count)
    return readAll(call, sources(args), inputs => {
      const first = (text: string): string => {
        return bytes === undefined ? textOf(linesOf(text).slice(0, count)) : text.slice(0, Number(bytes))
      }
      call.out(cut(inputs, args, first))
      return 0
    })
  },
}

function headOfStream(call: ProgramCall, count: number): ReturnType<ShellProgram['run']> {
  const before = typeof call.memory === 'number' ? call.memory : 0
  const { text, ended } = call.input()
  const pieces = text.split(/(?<=\n)/).slice(0, count - before)
  call.out(pieces.join(''))
  const taken = before + pieces.filter(piece => piece.endsWith('\n')).length
  call.memory = taken
  return ended || taken >= count ? { exit: 0 } : { wait: 'input' }
}

/** tail: the last lines, and with -f what is written afterwards. */
export const tail: ShellProgram = {
  run(call) {
    const args = parseArguments(withCount(call.argv), 'nc')
    const [name] = args.operands
    const follows = args.options.has('f') || args.options.has('F')
    if (follows && name !== undefined && typeof call.memory === 'number') return followOn(call, name, call.memory)
    if (follows && name !== undefined && name !== '/dev/null') {
      const text = call.host.files.read(call.path(name))
      if (text === undefined && !args.options.has('F')) {
        call.err(`tail: cannot open '${name}' for reading: No such file or directory\ntail: no files remaining\n`)
        return { exit: 1 }
      }
      call.out(last(text ?? '', args))
      call.memory = (text ?? '').length
      return { wait: 'time', ms: followMs }
    }
    // `tail -f /dev/null` is how a container is kept alive.
    if (follows && name === '/dev/null') return { wait: 'time', ms: 86_400_000 }
    return readAll(call, sources(args), inputs => {
      call.out(cut(inputs, args, text => last(text, args)))
      return 0
    })
  },
}

function last(text: string, { options }: Arguments): string {
  const bytes = options.get('c')
  if (bytes !== undefined) return bytes.startsWith('+') ? text.slice(Number(bytes) - 1) : text.slice(-Number(bytes))
  const count = options.get('n') ?? options.get('lines') ?? '10'
  const lines = linesOf(text)
  if (count.startsWith('+')) return textOf(lines.slice(Number(count) - 1))
  return Number(count) === 0 ? '' : textOf(lines.slice(-Math.abs(Number(count))))
}

function followOn(call: ProgramCall, name: string, seen: number): ReturnType<ShellProgram['run']> {
  const text = call.host.files.read(call.path(name)) ?? ''
  if (text.length < seen) call.err(`tail: ${name}: file truncated\n`)
  call.out(text.slice(text.length < seen ? 0 : seen))
  call.memory = text.length
  return { wait: 'time', ms: followMs }
}
