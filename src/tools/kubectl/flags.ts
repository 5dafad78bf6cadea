import { quote } from '../../machinery/go-text.ts'
import { parseDuration, formatDuration } from '../../machinery/duration.ts'
import { UsageError } from './errors.ts'

// Flags as spf13/pflag reads them: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-it`; `--` ends them.

export interface Flag<T> {
  readonly type: string
  readonly usage: string
  readonly short?: string
  readonly initial: T
  /** The initial value as help prints it. */
  readonly shown: string
  /** The value of a flag that stands without one. */
  readonly bare?: string
  readonly required?: boolean
  readonly hidden?: boolean
  /** What to use instead: a warning is printed when the flag is used. */
  readonly deprecated?: string
  /** Adds one more use of the flag to the value so far; throws UsageError with Go's complaint. */
  parse(text: string, before: T | undefined): T
}

export interface FlagOptions<T> {
  readonly short?: string
  readonly default?: T
  readonly bare?: string
  readonly required?: boolean
  readonly hidden?: boolean
  readonly deprecated?: string
}

export type Flags = Readonly<Record<string, Flag<unknown>>>

/** What a flag's declaration gives to `flags.name` of the verb. */
export type FlagValues<F> = { readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never }

/** How a flag is declared: `replicas: flag.int('…', { default: -1 })`. */
export const flag = {
  bool: (usage: string, options: FlagOptions<boolean> = {}): Flag<boolean> => ({
    ...common('bool', usage, options, options.default ?? false, String),
    bare: options.bare ?? 'true',
    parse: parseBool,
  }),
  text: (usage: string, options: FlagOptions<string> = {}): Flag<string> => ({
    ...common('string', usage, options, options.default ?? '', text => `'${text}'`),
    parse: text => text,
  }),
  int: (usage: string, options: FlagOptions<number> = {}): Flag<number> => ({
    ...common('int', usage, options, options.default ?? 0, String),
    parse: parseInteger,
  }),
  /** Times such as 10s or 1h30m, in ms. */
  duration: (usage: string, options: FlagOptions<number> = {}): Flag<number> => ({
    ...common('duration', usage, options, options.default ?? 0, formatDuration),
    parse(text) {
      const { value, error } = parseDuration(text)
      if (error !== undefined) throw new UsageError(error)
      return value
    },
  }),
  /** Values with commas between, and repeated: StringSlice. */
  list: (usage: string, options: FlagOptions<readonly string[]> = {}): Flag<readonly string[]> => ({
    ...common('strings', usage, options, options.default ?? [], values => `[${values.join(',')}]`),
    parse: (text, before = []) => [...before, ...(text === '' ? [] : splitQuoted(text))],
  }),
  /** `name=value` with commas between, and repeated: StringToString. */
  pairs: (
    usage: string,
    options: FlagOptions<Readonly<Record<string, string>>> = {},
  ): Flag<Readonly<Record<string, string>>> => ({
    ...common('stringToString', usage, options, options.default ?? {}, () => '[]'),
    parse(text, before = {}) {
      const pairs = splitQuoted(text).map(part => {
        if (!part.includes('=')) throw new UsageError(`${part} must be formatted as key=value`)
        return [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const
      })
      return { ...before, ...Object.fromEntries(pairs) }
    },
  }),
  /** Repeated values, kept as they are: StringArray. */
  array: (usage: string, options: FlagOptions<readonly string[]> = {}): Flag<readonly string[]> => ({
    ...common('stringArray', usage, options, options.default ?? [], values => `[${values.join(',')}]`),
    parse: (text, before = []) => [...before, text],
  }),
}

function common<T>(type: string, usage: string, options: FlagOptions<T>, initial: T, show: (value: T) => string) {
  const { short, bare, required, hidden, deprecated } = options
  return { type, usage, short, bare, required, hidden, deprecated, initial, shown: show(initial) }
}

const trues = ['1', 't', 'T', 'TRUE', 'true', 'True']
const falses = ['0', 'f', 'F', 'FALSE', 'false', 'False']

function parseBool(text: string): boolean {
  if (trues.includes(text)) return true
  if (falses.includes(text)) return false
  throw new UsageError(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`)
}

function parseInteger(text: string): number {
  const digits = text.replaceAll('_', '')
  if (!/^[-+]?(?:\d+|0[xX][0-9a-fA-F]+)$/.test(digits)) {
    throw new UsageError(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`)
  }
  return Number(digits)
}

/** One line of CSV, as StringSlice reads its value. */
function splitQuoted(text: string): string[] {
  const parts: string[] = []
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gy
  for (const [, quoted, plain] of text.matchAll(pattern)) {
    parts.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
  }
  return parts
}

export interface ParsedFlags {
  /** Values of all flags that were set. */
  readonly values: ReadonlyMap<string, unknown>
  readonly args: readonly string[]
  /** How many arguments stood before `--`; -1 when there was none. */
  readonly dash: number
  /** Deprecated flags that were used. */
  readonly warnings: readonly string[]
}

/** Reads a command line. Throws UsageError in pflag's words. */
export function parseFlags(flags: Flags, argv: readonly string[]): ParsedFlags {
  const values = new Map<string, unknown>()
  const args: string[] = []
  const warnings: string[] = []
  let dash = -1
  const set = (name: string, declared: Flag<unknown>, text: string): void => {
    const shown = declared.short ? `-${declared.short}, --${name}` : `--${name}`
    try {
      values.set(name, declared.parse(text, values.get(name)))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new UsageError(`invalid argument ${quote(text)} for ${quote(shown)} flag: ${error.message}`)
    }
    if (declared.deprecated) warnings.push(`Flag --${name} has been deprecated, ${declared.deprecated}`)
  }
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      dash = args.length
      args.push(...rest)
      break
    }
    if (!word.startsWith('-') || word === '-') args.push(word)
    else if (word.startsWith('--')) readLong(flags, word, rest, set)
    else readShorts(flags, word, rest, set)
  }
  return { values, args, dash, warnings }
}

type SetFlag = (name: string, declared: Flag<unknown>, text: string) => void

function readLong(flags: Flags, word: string, rest: string[], set: SetFlag): void {
  const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
  if (name === '' || name.startsWith('-')) throw new UsageError(`bad flag syntax: ${word}`)
  const declared = Object.hasOwn(flags, name) ? flags[name] : undefined
  if (!declared) throw new UsageError(`unknown flag: --${name}`)
  const text = value ?? declared.bare ?? rest.shift()
  if (text === undefined) throw new UsageError(`flag needs an argument: --${name}`)
  set(name, declared, text)
}

function readShorts(flags: Flags, word: string, rest: string[], set: SetFlag): void {
  for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
    const letter = letters.charAt(0)
    const found = Object.entries(flags).find(([, { short }]) => short === letter)
    if (!found) throw new UsageError(`unknown shorthand flag: '${letter}' in -${letters}`)
    const [name, declared] = found
    const after = letters.slice(1)
    if (after.startsWith('=')) return set(name, declared, after.slice(1))
    if (declared.bare !== undefined) {
      set(name, declared, declared.bare)
      continue
    }
    const text = after === '' ? rest.shift() : after
    if (text === undefined) throw new UsageError(`flag needs an argument: '${letter}' in -${letters}`)
    return set(name, declared, text)
  }
}
