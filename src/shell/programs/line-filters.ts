import { unescapeEcho } from '../printf.ts'
import type { ShellProgram } from '../host.ts'
import { filter, linesOf, parseArguments, textOf } from './filter.ts'

/** wc: lines, words and bytes, right-aligned when there are several numbers or files. */
export const wc = filter('', (inputs, { options, operands }) => {
  const chosen = ['l', 'w', 'c', 'm'].filter(letter => options.has(letter))
  const wanted = chosen.length > 0 ? chosen : ['l', 'w', 'c']
  const rows = inputs.map(({ name, text }) => ({ name, counts: wanted.map(letter => countOf(text, letter)) }))
  if (rows.length > 1)
    rows.push({ name: 'total', counts: wanted.map((_, i) => rows.reduce((sum, row) => sum + (row.counts[i] ?? 0), 0)) })
  const isPlain = wanted.length === 1 && rows.length === 1
  const largest = Math.max(...rows.flatMap(row => row.counts), 0)
  const width = isPlain ? 1 : operands.length === 0 ? 7 : String(largest).length
  const line = ({ name, counts }: (typeof rows)[number]): string =>
    counts.map(count => String(count).padStart(width)).join(' ') + (name === undefined ? '' : ` ${name}`)
  return { out: textOf(rows.map(line)) }
})

function countOf(text: string, what: string): number {
  if (what === 'l') return text.split('\n').length - 1
  return what === 'w' ? text.split(/\s+/).filter(word => word !== '').length : text.length
}

/** sort: -r -n -h -u -k F[,T] -t C -f -V. */
export const sort = filter('kto', (inputs, { options }) => {
  const lines = inputs.flatMap(({ text }) => linesOf(text))
  const separator = options.get('t')
  const [, from = '1', letters = ''] = /^(\d+)(?:\.\d+)?([a-zA-Z]*)/.exec(options.get('k') ?? '') ?? []
  const has = (letter: string): boolean => options.has(letter) || letters.includes(letter)
  const key = (line: string): string => {
    if (!options.has('k')) return line
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
    return fields.slice(Number(from) - 1).join(separator ?? ' ')
  }
  const compare = (a: string, b: string): number => {
    const [left, right] = has('f') ? [key(a).toLowerCase(), key(b).toLowerCase()] : [key(a), key(b)]
    if (has('n') || has('h') || has('V')) {
      const difference = has('V') ? versions(left, right) : numberOf(left) - numberOf(right)
      if (difference !== 0) return difference
    }
    return left < right ? -1 : left > right ? 1 : 0
  }
  const sorted = [...lines].sort(compare)
  if (has('r')) sorted.reverse()
  const unique = options.has('u')
    ? sorted.filter((line, i) => i === 0 || compare(line, sorted[i - 1] ?? '') !== 0)
    : sorted
  return { out: textOf(unique) }
})

function numberOf(text: string): number {
  const [, digits = '0', unit = ''] = /^\s*(-?[\d.]+)([KMGT]?)/.exec(text) ?? []
  return Number(digits) * 1024 ** ' KMGT'.indexOf(unit || ' ')
}

function versions(a: string, b: string): number {
  const [left, right] = [a, b].map(text => text.match(/\d+|\D+/g) ?? [])
  for (const [index, piece] of (left ?? []).entries()) {
    const other = right?.[index]
    if (other === undefined) return 1
    const difference = Number(piece) - Number(other)
    if (!Number.isNaN(difference) && difference !== 0) return difference
    if (Number.isNaN(difference) && piece !== other) return piece < other ? -1 : 1
  }
  return (left?.length ?? 0) - (right?.length ?? 0)
}

/** uniq: neighbouring lines that are the same; -c -d -u. */
export const uniq = filter('', (inputs, { options }) => {
  const groups: { line: string; count: number }[] = []
  for (const line of inputs.flatMap(({ text }) => linesOf(text))) {
    const last = groups.at(-1)
    if (last?.line === line) last.count++
    else groups.push({ line, count: 1 })
  }
  const kept = groups.filter(({ count }) => (!options.has('d') || count > 1) && (!options.has('u') || count === 1))
  return {
    out: textOf(kept.map(({ line, count }) => (options.has('c') ? `${String(count).padStart(7)} ${line}` : line))),
  }
})

/** cut: -d C -f LIST, -c LIST. */
export const cut = filter('dfcb', (inputs, { options }) => {
  const separator = options.get('d') ?? '\t'
  const fields = options.get('f')
  const chosen = chooser(fields ?? options.get('c') ?? options.get('b') ?? '')
  const line = (text: string): string => {
    if (fields === undefined) return [...text].filter((_, index) => chosen(index + 1)).join('')
    const parts = text.split(separator)
    return parts.length === 1 ? text : parts.filter((_, index) => chosen(index + 1)).join(separator)
  }
  return { out: textOf(inputs.flatMap(({ text }) => linesOf(text).map(line))) }
})

function chooser(list: string): (place: number) => boolean {
  const ranges = list.split(',').map(part => {
    const [from = '', to] = part.split('-')
    return { from: Number(from || 1), to: to === undefined ? Number(from) : Number(to || Infinity) }
  })
  return place => ranges.some(({ from, to }) => place >= from && place <= to)
}

/** tr: characters for characters, -d, -s, ranges and the usual classes. */
export const tr: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, '')
    const [first = '', second = ''] = operands.map(charactersOf)
    const isOther = options.has('c')
    const isIn = (char: string): boolean => first.includes(char) !== isOther
    const last = second.at(-1) ?? ''
    const change = (char: string): string => {
      if (!isIn(char)) return char
      if (options.has('d')) return ''
      return second === '' ? char : isOther ? last : (second[first.indexOf(char)] ?? last)
    }
    const squeezed = options.has('s') ? second || first : ''
    const { text, ended } = call.input()
    let out = ''
    for (const char of text) {
      const next = change(char)
      if (squeezed !== '' && next !== '' && squeezed.includes(next) && out.endsWith(next)) continue
      out += next
    }
    call.out(out)
    return ended ? { exit: 0 } : { wait: 'input' }
  },
}

const classes: Readonly<Record<string, string>> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: ' \t\n\r',
  punct: '!-/:-@[-`{-~',
}

function charactersOf(set: string): string {
  const plain = unescapeEcho(set.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole))
  return plain.replace(/([\s\S])-([\s\S])/g, (whole, from: string, to: string) => {
    const length = to.charCodeAt(0) - from.charCodeAt(0) + 1
    return length > 0 ? Array.from({ length }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i)).join('') : whole
  })
}

/** tac: lines from the last to the first. */
export const tac = filter('', inputs => ({ out: inputs.map(({ text }) => textOf(linesOf(text).reverse())).join('') }))

/** rev: each line backwards. */
export const rev = filter('', inputs => ({
  out: textOf(inputs.flatMap(({ text }) => linesOf(text).map(line => [...line].reverse().join('')))),
}))

/** tee: to files and on. */
export const tee: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, '')
    const { files } = call.host
    if (call.memory === undefined && !options.has('a')) for (const name of operands) files.write(call.path(name), '')
    call.memory = 'open'
    const { text, ended } = call.input()
    for (const name of operands) files.append(call.path(name), text)
    call.out(text)
    return ended ? { exit: 0 } : { wait: 'input' }
  },
}

/** seq: -s S, -w, LAST | FIRST LAST | FIRST STEP LAST. */
export const seq: ShellProgram = {
  run(call) {
    const words = call.argv.slice(1)
    const options = new Map<string, string>()
    while (/^-[sw]/.test(words[0] ?? '')) {
      const word = words.shift() ?? ''
      options.set(word.charAt(1), word.startsWith('-s') ? word.slice(2) || (words.shift() ?? '') : '')
    }
    const bad = words.find(word => word === '' || Number.isNaN(Number(word)))
    if (words.length === 0 || bad !== undefined) {
      const why = bad === undefined ? 'missing operand' : `invalid floating point argument: '${bad}'`
      call.err(`seq: ${why}\nTry 'seq --help' for more information.\n`)
      return { exit: 1 }
    }
    const [from, step, to] =
      words.length === 1
        ? [1, 1, Number(words[0])]
        : words.length === 2
          ? [Number(words[0]), 1, Number(words[1])]
          : words.map(Number)
    const count = Math.min(Math.floor(((to ?? 0) - (from ?? 1)) / (step || 1) + 1e-9) + 1, 100_000)
    const digits = Math.max(...words.map(word => /\.(\d+)/.exec(word)?.[1]?.length ?? 0))
    const numbers = Array.from({ length: Math.max(count, 0) }, (_, i) =>
      ((from ?? 1) + i * (step ?? 1)).toFixed(digits),
    )
    const width = options.has('w') ? Math.max(...numbers.map(number => number.length)) : 0
    const separator = unescapeEcho(options.get('s') ?? '\n')
    if (numbers.length > 0) call.out(`${numbers.map(number => number.padStart(width, '0')).join(separator)}\n`)
    return { exit: 0 }
  },
}
