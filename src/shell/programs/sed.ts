import type { ShellProgram } from '../host.ts'
import { basicToExtended } from './expressions.ts'
import { linesOf, parseArguments, readAll } from './filter.ts'

/** Which lines a command is for: a number, the last one, or a match; two of them are a range. */
type Address = { readonly line: number } | { readonly last: true } | { readonly match: RegExp }

interface Edit {
  readonly from?: Address
  readonly to?: Address
  readonly negated: boolean
  readonly name: 's' | 'd' | 'p' | 'q' | 'a' | 'i' | 'c' | '='
  readonly text: string
  readonly pattern?: RegExp
  readonly prints: boolean
}

/** sed: s, d, p, q, a, i, c and = with addresses; -n, -e, -E, -i. Groups, branches and the hold space are left out. */
export const sed: ShellProgram = {
  run(call) {
    const argv = call.argv.map(word => (/^-i\..*/.test(word) ? '-i' : word))
    const { options, operands } = parseArguments(joinScripts(argv), 'ef')
    const names = [...operands]
    const script = options.get('e') ?? names.shift()
    if (script === undefined) {
      call.err('Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n')
      return { exit: 1 }
    }
    const edits = editsOf(script, options.has('E') || options.has('r'))
    if (typeof edits === 'string') {
      call.err(`sed: -e expression #1, ${edits}\n`)
      return { exit: 1 }
    }
    const quiet = options.has('n')
    if (options.has('i')) {
      return readAll(call, names, inputs => {
        for (const { name, text } of inputs)
          if (name !== undefined) call.host.files.write(call.path(name), apply(edits, text, quiet))
        return 0
      })
    }
    return readAll(call, names.length > 0 ? names : ['-'], inputs => {
      call.out(apply(edits, inputs.map(({ text }) => text).join(''), quiet))
      return 0
    })
  },
}

/** Several -e become one with lines of its own. */
function joinScripts(argv: readonly string[]): string[] {
  const scripts = argv.flatMap((word, index) => (word === '-e' ? [argv[index + 1] ?? ''] : []))
  if (scripts.length < 2) return [...argv]
  const rest = argv.filter((word, index) => word !== '-e' && argv[index - 1] !== '-e')
  return [rest[0] ?? 'sed', '-e', scripts.join('\n'), ...rest.slice(1)]
}

function editsOf(script: string, isExtended: boolean): Edit[] | string {
  const edits: Edit[] = []
  let rest = script.trim()
  while (rest !== '') {
    const first = addressAt(rest, isExtended)
    rest = first.rest
    const second = first.address && rest.startsWith(',') ? addressAt(rest.slice(1), isExtended) : undefined
    rest = (second?.rest ?? rest).trimStart()
    const negated = rest.startsWith('!')
    if (negated) rest = rest.slice(1).trimStart()
    const parsed = editAt(rest, isExtended)
    if (typeof parsed === 'string') return `char ${script.length - rest.length + 1}: ${parsed}`
    const from = first.address ? { from: first.address } : {}
    edits.push({ ...from, ...(second?.address && { to: second.address }), negated, ...parsed.edit })
    rest = parsed.rest.replace(/^[;\s]+/, '')
  }
  return edits
}

function addressAt(text: string, isExtended: boolean): { address?: Address; rest: string } {
  const number = /^\d+/.exec(text)?.[0]
  if (number !== undefined) return { address: { line: Number(number) }, rest: text.slice(number.length) }
  if (text.startsWith('$')) return { address: { last: true }, rest: text.slice(1) }
  if (!text.startsWith('/')) return { rest: text }
  const [pattern = '', rest] = upTo(text.slice(1), '/')
  const match = regExp(pattern, isExtended, '')
  return rest === undefined || !match ? { rest: text } : { address: { match }, rest }
}

type ParsedEdit = { readonly edit: Pick<Edit, 'name' | 'text' | 'pattern' | 'prints'>; readonly rest: string }

function editAt(text: string, isExtended: boolean): ParsedEdit | string {
  const name = text.charAt(0)
  if (name === '') return 'missing command'
  if (name === 'd' || name === 'p' || name === 'q' || name === '=') {
    return { edit: { name, text: '', prints: false }, rest: text.slice(1) }
  }
  if (name === 'a' || name === 'i' || name === 'c') {
    const end = text.indexOf('\n')
    const words = text.slice(1, end < 0 ? undefined : end).replace(/^\s*\\?\s*/, '')
    return { edit: { name, text: words, prints: false }, rest: end < 0 ? '' : text.slice(end) }
  }
  if (name !== 's') return `unknown command: \`${name}'`
  const delimiter = text.charAt(1)
  const [source = '', afterSource] = upTo(text.slice(2), delimiter)
  const [by = '', afterBy] = upTo(afterSource ?? '', delimiter)
  if (afterSource === undefined || afterBy === undefined) return "unterminated `s' command"
  const flags = /^[gpiI\d]*/.exec(afterBy)?.[0] ?? ''
  const pattern = regExp(source, isExtended, (flags.includes('g') ? 'g' : '') + (/[iI]/.test(flags) ? 'i' : ''))
  if (!pattern) return 'Invalid preceding regular expression'
  return { edit: { name, text: by, pattern, prints: flags.includes('p') }, rest: afterBy.slice(flags.length) }
}

/** Text up to a delimiter that no backslash protects, and what follows it. */
function upTo(text: string, delimiter: string): [string, string | undefined] {
  let found = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === delimiter) return [found, text.slice(i + 1)]
    if (char === '\\' && text.charAt(i + 1) === delimiter) found += text.charAt(++i)
    else if (char === '\\') found += char + text.charAt(++i)
    else found += char
  }
  return [found, undefined]
}

function regExp(source: string, isExtended: boolean, flags: string): RegExp | undefined {
  return basicToExtended(source, isExtended, flags)
}

function apply(edits: readonly Edit[], text: string, quiet: boolean): string {
  const lines = linesOf(text)
  const active = new Set<Edit>()
  let out = ''
  for (const [index, original] of lines.entries()) {
    let line = original
    let [after, isGone, isLast] = ['', false, false]
    for (const edit of edits) {
      if (isChosen(edit, line, index + 1, lines.length, active) === edit.negated) continue
      if (edit.name === 's' && edit.pattern) {
        const changed = substitute(line, edit.pattern, edit.text)
        if (edit.prints && changed !== line) out += `${changed}\n`
        line = changed
      } else if (edit.name === 'p') out += `${line}\n`
      else if (edit.name === '=') out += `${index + 1}\n`
      else if (edit.name === 'i') out += `${edit.text}\n`
      else if (edit.name === 'a') after += `${edit.text}\n`
      else if (edit.name === 'q') isLast = true
      else {
        if (edit.name === 'c') out += `${edit.text}\n`
        isGone = true
        break
      }
    }
    out += (quiet || isGone ? '' : `${line}\n`) + after
    if (isLast) break
  }
  return out
}

function substitute(line: string, pattern: RegExp, by: string): string {
  return line.replace(pattern, (...found: unknown[]) => {
    const groups = found.filter((_, i) => i < found.length).map(String)
    return by.replace(/\\(\d|n|t|&|\\)|&/g, (whole, escaped: string | undefined) => {
      if (escaped === undefined) return groups[0] ?? ''
      if (/\d/.test(escaped)) return groups[Number(escaped)] ?? ''
      return escaped === 'n' ? '\n' : escaped === 't' ? '\t' : whole.slice(1)
    })
  })
}

function isChosen(edit: Edit, line: string, number: number, count: number, active: Set<Edit>): boolean {
  const { from, to } = edit
  if (!from) return true
  if (!to) return fits(from, line, number, count)
  if (active.has(edit)) {
    if (fits(to, line, number, count) || ('line' in to && number >= to.line)) active.delete(edit)
    return true
  }
  if (!fits(from, line, number, count)) return false
  if (!('line' in to && to.line <= number)) active.add(edit)
  return true
}

function fits(address: Address, line: string, number: number, count: number): boolean {
  if ('line' in address) return address.line === number
  return 'last' in address ? number === count : address.match.test(line)
}
