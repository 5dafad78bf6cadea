import type { Files } from './host.ts'
import { patternToRegExp } from './pattern.ts'

/** What tests look at. */
export interface Facts {
  readonly files: Files
  path(path: string): string
  /** `[[`: the right side of `==` is a pattern, `=~` a regular expression. */
  readonly patterns: boolean
}

type Result = boolean | { readonly error: string }

/** Evaluates the words between `[` and `]`. */
export function isTrue(words: readonly string[], facts: Facts): Result {
  const or = words.findIndex((word, index) => index > 0 && (word === '-o' || word === '||'))
  if (or > 0) return either(isTrue(words.slice(0, or), facts), () => isTrue(words.slice(or + 1), facts))
  const and = words.findIndex((word, index) => index > 0 && (word === '-a' || word === '&&'))
  if (and > 0) return both(isTrue(words.slice(0, and), facts), () => isTrue(words.slice(and + 1), facts))
  const [first, second, third] = words
  if (first === '!' && words.length > 1) {
    const result = isTrue(words.slice(1), facts)
    return typeof result === 'boolean' ? !result : result
  }
  if (first === undefined) return false
  if (second === undefined) return first !== ''
  if (third === undefined) return unary(first, second, facts)
  if (words.length > 3) return { error: 'too many arguments' }
  return binary(first, second, third, facts)
}

function either(left: Result, right: () => Result): Result {
  return left === false ? right() : left
}

function both(left: Result, right: () => Result): Result {
  return left === true ? right() : left
}

function unary(operator: string, operand: string, { files, path }: Facts): Result {
  const text = files.read(path(operand))
  switch (operator) {
    case '-z':
      return operand === ''
    case '-n':
      return operand !== ''
    case '-e':
    case '-r':
    case '-w':
      return text !== undefined || files.isDirectory(path(operand))
    case '-f':
      return text !== undefined
    case '-d':
      return files.isDirectory(path(operand))
    case '-s':
      return (text ?? '') !== ''
    case '-x':
      return text !== undefined
    default:
      return { error: `${operator}: unary operator expected` }
  }
}

function binary(left: string, operator: string, right: string, { patterns }: Facts): Result {
  switch (operator) {
    case '=':
    case '==':
      return patterns ? patternToRegExp(right).test(left) : left === right
    case '!=':
      return patterns ? !patternToRegExp(right).test(left) : left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '=~':
      return patterns && left.includes(right)
  }
  const a = integer(left)
  const b = integer(right)
  if (!/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) return { error: `${operator}: binary operator expected` }
  if (a === undefined || b === undefined)
    return { error: `${a === undefined ? left : right}: integer expression expected` }
  return { '-eq': a === b, '-ne': a !== b, '-lt': a < b, '-le': a <= b, '-gt': a > b, '-ge': a >= b }[operator] ?? false
}

function integer(text: string): number | undefined {
  return /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined
}
