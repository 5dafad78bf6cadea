import type { Outcome, ProgramCall, ShellProgram } from '../host.ts'
import { basicToExtended } from './expressions.ts'
import { type Arguments, linesOf, parseArguments, readAll } from './filter.ts'

/** grep: with no file it passes each line on as it comes, so that it can follow a stream. */
export const grep: ShellProgram = {
  run(call) {
    const args = parseArguments(call.argv, 'eABCm')
    const operands = [...args.operands]
    const pattern = args.options.get('e') ?? operands.shift()
    if (pattern === undefined) {
      call.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
      return { exit: 2 }
    }
    const expressions = expressionsOf(pattern, args, args.options.has('E') || call.argv[0] === 'egrep')
    const matcher = expressions && matcherOf(expressions, args)
    if (!expressions || !matcher) {
      call.err(`grep: Invalid regular expression\n`)
      return { exit: 2 }
    }
    if (args.options.has('o')) return onlyMatches(call, args, operands, expressions)
    if (operands.length > 0 || needsAll(args)) {
      return readAll(call, operands.length > 0 ? operands : ['-'], inputs => {
        const prefix = inputs.length > 1 && !args.options.has('h')
        const found = inputs.map(({ name, text }) =>
          report(linesOf(text), prefix ? `${name ?? '(standard input)'}:` : '', args, matcher),
        )
        if (!args.options.has('q')) call.out(found.map(each => each.text).join(''))
        return found.some(each => each.count > 0) ? 0 : 1
      })
    }
    return stream(call, args, matcher)
  },
}

type Matcher = (line: string) => boolean

function expressionsOf(pattern: string, { options }: Arguments, isExtended: boolean): readonly RegExp[] | undefined {
  const flags = options.has('i') ? 'i' : ''
  const expressions = pattern.split('\n').flatMap(line => {
    const plain = options.has('F') ? line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : line
    const whole = (source: string): string =>
      options.has('w') ? `\\b(?:${source})\\b` : options.has('x') ? `^(?:${source})$` : source
    const source = basicToExtended(plain, isExtended || options.has('F'), flags)?.source
    return source === undefined ? [] : [new RegExp(whole(source), flags)]
  })
  return expressions.length === pattern.split('\n').length ? expressions : undefined
}

function matcherOf(expressions: readonly RegExp[], { options }: Arguments): Matcher {
  const isInverted = options.has('v')
  return line => expressions.some(expression => expression.test(line)) !== isInverted
}

/** -o: what matched, each on a line of its own. */
function onlyMatches(
  call: ProgramCall,
  { options }: Arguments,
  operands: readonly string[],
  expressions: readonly RegExp[],
): Outcome {
  return readAll(call, operands.length > 0 ? operands : ['-'], inputs => {
    let count = 0
    for (const { name, text } of inputs) {
      for (const [index, line] of linesOf(text).entries()) {
        const found = expressions.flatMap(({ source, flags }) => [...line.matchAll(new RegExp(source, `${flags}g`))])
        for (const [match] of found.sort((a, b) => a.index - b.index)) {
          if (match === '') continue
          count++
          const place = inputs.length > 1 && !options.has('h') ? `${name ?? '(standard input)'}:` : ''
          call.out(`${place}${options.has('n') ? `${index + 1}:` : ''}${match}\n`)
        }
      }
    }
    return count > 0 ? 0 : 1
  })
}

function needsAll({ options }: Arguments): boolean {
  return ['c', 'A', 'B', 'C', 'q', 'l', 'm', 'L'].some(letter => options.has(letter))
}

function report(
  lines: readonly string[],
  prefix: string,
  { options }: Arguments,
  matches: Matcher,
): { text: string; count: number } {
  const most = Number(options.get('m') ?? Infinity)
  const hits = lines.flatMap((line, index) => (matches(line) ? [index] : [])).slice(0, most)
  if (options.has('c')) return { text: `${prefix}${hits.length}\n`, count: hits.length }
  if (options.has('l')) return { text: hits.length > 0 ? `${prefix.slice(0, -1)}\n` : '', count: hits.length }
  const before = Number(options.get('B') ?? options.get('C') ?? 0)
  const after = Number(options.get('A') ?? options.get('C') ?? 0)
  const shown = new Map<number, boolean>()
  for (const hit of hits) {
    for (let i = Math.max(hit - before, 0); i <= Math.min(hit + after, lines.length - 1); i++)
      shown.set(i, shown.get(i) ?? false)
    shown.set(hit, true)
  }
  let last = -1
  let text = ''
  for (const [index, isHit] of [...shown].sort(([a], [b]) => a - b)) {
    if (last >= 0 && index > last + 1 && before + after > 0) text += '--\n'
    const number = options.has('n') ? `${index + 1}${isHit ? ':' : '-'}` : ''
    text += `${prefix}${number}${lines[index] ?? ''}\n`
    last = index
  }
  return { text, count: hits.length }
}

/** What a streaming grep remembers: the line that is not over, lines so far, and whether one matched. */
interface Progress {
  readonly rest: string
  readonly lines: number
  readonly matched: boolean
}

function stream(
  call: Parameters<ShellProgram['run']>[0],
  { options }: Arguments,
  matches: Matcher,
): ReturnType<ShellProgram['run']> {
  const before = isProgress(call.memory) ? call.memory : { rest: '', lines: 0, matched: false }
  const { text, ended } = call.input()
  const pieces = (before.rest + text).split('\n')
  const rest = ended ? '' : (pieces.pop() ?? '')
  if (ended && pieces.at(-1) === '') pieces.pop()
  let { matched } = before
  for (const [index, line] of pieces.entries()) {
    if (!matches(line)) continue
    matched = true
    call.out(`${options.has('n') ? `${before.lines + index + 1}:` : ''}${line}\n`)
  }
  call.memory = { rest, lines: before.lines + pieces.length, matched } satisfies Progress
  return ended ? { exit: matched ? 0 : 1 } : { wait: 'input' }
}

function isProgress(memory: unknown): memory is Progress {
  return typeof memory === 'object' && memory !== null && 'rest' in memory
}
