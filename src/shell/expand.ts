import { evaluate } from './arithmetic.ts'
import type { Files } from './host.ts'
import { escapePattern, hasPattern, patternSource, patternToRegExp, unescapePattern } from './pattern.ts'
import type { Node, Operation, Part, Word } from './syntax.ts'
import { rootHome } from './home.ts'

/** What expansion reads and changes. */
export interface Scope {
  get(name: string): string | undefined
  set(name: string, value: string): void
  readonly positional: readonly string[]
  readonly cwd: string
  readonly files: Files
  /** Outputs of the command substitutions, in the order in which `substitutionsIn` names them. */
  readonly substituted: readonly string[]
  /** Notes a mistake, in bash's words; the command is not carried out. */
  fail(message: string): void
}

/** Scripts whose output the words need, in order: they are run before the words are expanded. */
export function substitutionsIn(words: readonly Word[]): Node[] {
  return words.flatMap(word => word.flatMap(substitutionsOf))
}

function substitutionsOf(part: Part): Node[] {
  if (part.type === 'substitution') return [part.script]
  if (part.type !== 'parameter' || !part.operation) return []
  return substitutionsIn([part.operation.word, part.operation.replacement ?? []])
}

/** Expands words to fields: parameters, substitutions, arithmetic, braces, splitting and file names. */
export function expandWords(words: readonly Word[], scope: Scope): string[] {
  const expansion = new Expansion(scope)
  return words.flatMap(word => braces(word).flatMap(each => expansion.fields(each)))
}

/** Expands a word to one string: no splitting, no file names (assignments, redirections, case). */
export function expandWord(word: Word, scope: Scope): string {
  return unescapePattern(new Expansion(scope).joined(word))
}

/** As `expandWord`, but quoted characters keep a backslash, so that they are not read as part of a pattern. */
export function expandPattern(word: Word, scope: Scope): string {
  return new Expansion(scope).joined(word)
}

/** Expands one word after the other to strings or patterns, with the substitutions shared out in order. */
export function wordExpander(scope: Scope): (word: Word, isPattern: boolean) => string {
  const expansion = new Expansion(scope)
  return (word, isPattern) => (isPattern ? expansion.joined(word) : unescapePattern(expansion.joined(word)))
}

class Expansion {
  private next = 0

  constructor(private readonly scope: Scope) {}

  joined(word: Word): string {
    return word
      .map(part => this.texts(part))
      .map((texts, index) => (word[index]?.type === 'text' ? texts.join('') : texts.join(' ')))
      .join('')
  }

  fields(word: Word): string[] {
    const fields: string[] = []
    let current: string | undefined
    for (const [index, part] of word.entries()) {
      if (part.type === 'text') {
        current = (current ?? '') + (part.quoted ? escapePattern(part.text) : this.tilde(part.text, index))
        continue
      }
      const texts = this.texts(part)
      if (part.quoted) {
        const [first, ...rest] = texts
        if (first !== undefined) current = (current ?? '') + first
        for (const text of rest) {
          fields.push(current ?? '')
          current = text
        }
        continue
      }
      for (const text of texts) current = splitInto(fields, current, text)
    }
    if (current !== undefined) fields.push(current)
    return fields.flatMap(field => this.fileNames(field))
  }

  /** The values of a part, with backslashes before what is not special; `"$@"` has several. */
  private texts(part: Part): string[] {
    const guard = part.quoted ? escapePattern : (text: string): string => text.replace(/\\/g, '\\\\')
    switch (part.type) {
      case 'text':
        return [guard(part.text)]
      case 'substitution':
        return [guard(this.scope.substituted[this.next++] ?? '')]
      case 'arithmetic':
        return [this.arithmetic(part.expression)]
      case 'parameter':
        return this.parameter(part.name, part.quoted, part.operation).map(guard)
    }
  }

  private arithmetic(expression: string): string {
    const scope = this.scope
    const text = expression.replace(/\$\{?([A-Za-z_]\w*|[0-9#?])\}?/g, (_, name: string) => scope.get(name) ?? '0')
    const result = evaluate(text, scope)
    if ('value' in result) return String(result.value)
    scope.fail(result.error)
    return ''
  }

  private parameter(name: string, quoted: boolean, operation: Operation | undefined): string[] {
    const { scope } = this
    if (name === '@' || name === '*') {
      if (operation?.operator === 'length') return [String(scope.positional.length)]
      return quoted && name === '*' ? [scope.positional.join(' ')] : [...scope.positional]
    }
    const value = scope.get(name)
    return operation ? [this.operate(name, value, operation)] : value === undefined ? [''] : [value]
  }

  private operate(name: string, value: string | undefined, { operator, word, replacement }: Operation): string {
    const operand = (): string => unescapePattern(this.joined(word))
    const isUnset = value === undefined || (operator.startsWith(':') && value === '')
    const text = value ?? ''
    switch (operator) {
      case 'length':
        return String(text.length)
      case '-':
      case ':-':
        return isUnset ? operand() : text
      case '+':
      case ':+':
        return isUnset ? '' : operand()
      case '=':
      case ':=':
        if (isUnset) this.scope.set(name, operand())
        return this.scope.get(name) ?? ''
      case '?':
      case ':?':
        if (isUnset) this.scope.fail(`${name}: ${operand() || 'parameter null or not set'}`)
        return text
      case '#':
      case '##':
        return text.replace(new RegExp(`^${patternSource(this.joined(word), operator === '##')}`, 's'), '')
      case '%':
      case '%%':
        return trimEnd(text, this.joined(word), operator === '%%')
      case '/':
      case '//': {
        const pattern = new RegExp(patternSource(this.joined(word), true), operator === '//' ? 'gs' : 's')
        const by = unescapePattern(this.joined(replacement ?? []))
        return text.replace(pattern, () => by)
      }
    }
  }

  private tilde(text: string, index: number): string {
    if (index !== 0 || !/^~(\/|$)/.test(text)) return text
    return (this.scope.get('HOME') ?? rootHome) + text.slice(1)
  }

  private fileNames(field: string): string[] {
    if (!hasPattern(field)) return [unescapePattern(field)]
    const found = matchFiles(field, this.scope.cwd, this.scope.files)
    return found.length > 0 ? found : [unescapePattern(field)]
  }
}

/** Takes the shortest or longest end off that matches. */
function trimEnd(text: string, pattern: string, longest: boolean): string {
  const matcher = patternToRegExp(pattern)
  const starts = Array.from({ length: text.length + 1 }, (_, i) => (longest ? i : text.length - i))
  const start = starts.find(at => matcher.test(text.slice(at)))
  return start === undefined ? text : text.slice(0, start)
}

/** Splits unquoted text at white space into fields; the first joins what came before it. */
function splitInto(fields: string[], current: string | undefined, text: string): string | undefined {
  const pieces = text.split(/[ \t\n]+/)
  const [first = '', ...rest] = pieces
  if (rest.length === 0) return first === '' ? current : (current ?? '') + first
  if (first !== '' || current !== undefined) fields.push((current ?? '') + first)
  const last = rest.pop() ?? ''
  fields.push(...rest)
  return last === '' ? undefined : last
}

/** Brace expansion of unquoted text: `{a,b}` and `{1..5}`. */
function braces(word: Word): Word[] {
  for (const [index, part] of word.entries()) {
    if (part.type !== 'text' || part.quoted) continue
    const match = /^([\s\S]*?)\{([^{}\s]*(?:,|\.\.)[^{}\s]*)\}([\s\S]*)$/.exec(part.text)
    if (!match) continue
    const [, before = '', inner = '', after = ''] = match
    const choices = rangeOf(inner) ?? (inner.includes(',') ? inner.split(',') : undefined)
    if (!choices) continue
    return choices.flatMap(choice => {
      const text: Part = { type: 'text', text: before + choice + after, quoted: false }
      return braces([...word.slice(0, index), text, ...word.slice(index + 1)])
    })
  }
  return [word]
}

/** More than this makes no sense at a prompt and would fill the memory. */
const maxRange = 100_000

function rangeOf(inner: string): string[] | undefined {
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(inner)
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])$/.exec(inner)
  if (!numbers && !letters) return undefined
  const from = numbers ? Number(numbers[1]) : (letters?.[1] ?? '').charCodeAt(0)
  const to = numbers ? Number(numbers[2]) : (letters?.[2] ?? '').charCodeAt(0)
  const step = Math.max(Math.abs(Number(numbers?.[3] ?? 1)), 1)
  const count = Math.min(Math.floor(Math.abs(to - from) / step) + 1, maxRange)
  const values = Array.from({ length: count }, (_, i) => from + Math.sign(to - from) * i * step)
  return values.map(value => (numbers ? String(value) : String.fromCharCode(value)))
}

/** Files that a pattern matches, sorted. */
function matchFiles(pattern: string, cwd: string, files: Files): string[] {
  const isAbsolute = pattern.startsWith('/')
  let found = [isAbsolute ? '/' : '']
  for (const segment of pattern.split('/').filter(part => part !== '')) {
    found = found.flatMap(base => {
      const join = (name: string): string => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`)
      if (!hasPattern(segment)) return [join(unescapePattern(segment))]
      const directory = base === '' ? cwd : base.startsWith('/') ? base : `${cwd}/${base}`
      const matcher = patternToRegExp(segment)
      const names = files.list(directory) ?? []
      return names.filter(name => (!name.startsWith('.') || segment.startsWith('.')) && matcher.test(name)).map(join)
    })
  }
  const exists = (path: string): boolean => {
    const full = path.startsWith('/') ? path : `${cwd}/${path}`
    return files.isDirectory(full) || files.read(full) !== undefined
  }
  return found.filter(exists).sort((a, b) => (a < b ? -1 : 1))
}
