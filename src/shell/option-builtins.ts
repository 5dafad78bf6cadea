import type { ProcessState } from './state.ts'
import { type Builtin, complain, type Step } from './step.ts'
import { write } from './streams.ts'

/** Builtins about the shell itself: its options, aliases, and the options of scripts. */
export const optionBuiltins: Readonly<Record<string, Builtin>> = { set, alias, unalias, getopts, shopt: () => 0 }

type Option = keyof ProcessState['options']

const letters: Readonly<Record<string, Option>> = { e: 'errexit', x: 'xtrace', u: 'nounset' }
const names: readonly Option[] = ['errexit', 'xtrace', 'nounset', 'pipefail']

function set(step: Step, [, ...words]: readonly string[]): number {
  const { shell, process, host } = step
  if (words.length === 0) {
    const variables = [...process.variables].sort(([a], [b]) => (a < b ? -1 : 1))
    write(shell, process, 1, variables.map(([name, value]) => `${name}=${quoted(value)}\n`).join(''), host)
    return 0
  }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--' || !/^[-+]/.test(word)) {
      process.positional = word === '--' ? words : [word, ...words]
      break
    }
    const on = word.startsWith('-')
    for (const letter of word.slice(1)) {
      const name = letter === 'o' ? names.find(each => each === words[0]) : letters[letter]
      if (letter === 'o') words.shift()
      if (name) process.options[name] = on
    }
  }
  return 0
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replace(/'/g, "'\\''")}'`
}

function alias(step: Step, [, ...words]: readonly string[]): number {
  const { shell, process, host } = step
  const show = (name: string, text: string): void => {
    write(shell, process, 1, `alias ${name}='${text}'\n`, host)
  }
  if (words.length === 0) for (const [name, text] of process.aliases) show(name, text)
  let status = 0
  for (const word of words) {
    const equals = word.indexOf('=')
    const text = process.aliases.get(word)
    if (equals > 0) process.aliases.set(word.slice(0, equals), word.slice(equals + 1))
    else if (text !== undefined) show(word, text)
    else {
      complain(step, `alias: ${word}: not found`)
      status = 1
    }
  }
  return status
}

function unalias({ process }: Step, [, ...words]: readonly string[]): number {
  if (words[0] === '-a') process.aliases.clear()
  for (const word of words) process.aliases.delete(word)
  return 0
}

/** getopts: `OPTIND` counts words; where it stands within a word is kept beside it. */
function getopts(step: Step, [, spec = '', name = '', ...given]: readonly string[]): number {
  const { process } = step
  const words = given.length > 0 ? given : process.positional
  const index = Number(process.variables.get('OPTIND') ?? '1')
  const at = Number(process.variables.get('__OPTAT') ?? '1')
  const word = words[index - 1]
  const end = (): number => {
    process.variables.set(name, '?')
    return 1
  }
  if (word === undefined || !/^-./.test(word)) return end()
  if (word === '--') {
    process.variables.set('OPTIND', String(index + 1))
    return end()
  }
  const letter = word.charAt(at)
  const isLast = at + 1 >= word.length
  const next = (words_: number, at_: number): void => {
    process.variables.set('OPTIND', String(index + words_))
    process.variables.set('__OPTAT', String(at_))
  }
  process.variables.delete('OPTARG')
  const place = spec.indexOf(letter)
  if (letter === ':' || place < 0) {
    if (!spec.startsWith(':')) complain(step, `illegal option -- ${letter}`)
    process.variables.set(name, '?')
    if (spec.startsWith(':')) process.variables.set('OPTARG', letter)
    next(isLast ? 1 : 0, isLast ? 1 : at + 1)
    return 0
  }
  process.variables.set(name, letter)
  if (spec[place + 1] !== ':') {
    next(isLast ? 1 : 0, isLast ? 1 : at + 1)
    return 0
  }
  const value = isLast ? words[index] : word.slice(at + 1)
  if (value === undefined) {
    complain(step, `option requires an argument -- ${letter}`)
    process.variables.set(name, '?')
  } else process.variables.set('OPTARG', value)
  next(isLast ? 2 : 1, 1)
  return 0
}
