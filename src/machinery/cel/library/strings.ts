import { quote } from '../../go-text.ts'
import { concatCost, containsCost, traversalCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, global, member, type Overload } from '../functions.ts'
import { boolType, dynType, intType, listOf, stringType } from '../cel-type.ts'
import { type CelList, type CelValue, list, type Result } from '../values.ts'
import { formatText } from './format-text.ts'

const text = [stringType]
const twoTexts = [stringType, stringType]
const texts = listOf(stringType)

/** A text is walked through and another of about its size made: library/cost.go. */
function rebuildCost(args: readonly CelValue[]): number {
  const size = typeof args[0] === 'string' ? [...args[0]].length : 1
  return Math.ceil(size * 0.2)
}

function joinCost(_args: readonly CelValue[], result: Result): number {
  return typeof result === 'string' ? Math.ceil([...result].length * 0.2) : 1
}

function onText(call: (value: string) => Result): Overload {
  return member(text, stringType, call, traversalCost)
}

function outOfRange(index: bigint): Result {
  return fail(`index out of range: ${index}`)
}

function charAt(value: string, index: bigint): Result {
  const points = [...value]
  if (index < 0n || index > points.length) return outOfRange(index)
  return points[Number(index)] ?? ''
}

function indexOf(value: string, part: string, from = 0n): Result {
  const points = [...value]
  const sought = [...part]
  if (from < 0n || from >= BigInt(points.length)) {
    if (part === '' && from === 0n) return 0n
    return from < 0n || from > BigInt(points.length) ? outOfRange(from) : part === '' ? from : -1n
  }
  if (part === '') return from
  for (let i = Number(from); i <= points.length - sought.length; i++) {
    if (sought.every((point, j) => points[i + j] === point)) return BigInt(i)
  }
  return -1n
}

function lastIndexOf(value: string, part: string, from?: bigint): Result {
  const points = [...value]
  const sought = [...part]
  if (from !== undefined && (from < 0n || from > BigInt(points.length))) return outOfRange(from)
  if (part === '') return from ?? BigInt(points.length)
  const last = points.length - sought.length
  for (let i = Math.min(last, from === undefined ? last : Number(from)); i >= 0; i--) {
    if (sought.every((point, j) => points[i + j] === point)) return BigInt(i)
  }
  return -1n
}

function replace(value: string, old: string, by: string, count = -1n): Result {
  if (count < 0n) return value.replaceAll(old, () => by)
  // An empty text is found before every character and at the end, as by strings.Replace.
  const parts = old === '' ? ['', ...value] : value.split(old)
  const times = Math.min(Number(count), old === '' ? parts.length : parts.length - 1)
  let result = parts[0] ?? ''
  for (const [i, part] of parts.slice(1).entries()) result += (i < times ? by : old) + part
  return old === '' && times === parts.length ? result + by : result
}

function split(value: string, by: string, limit = -1n): Result {
  if (limit === 0n) return list([])
  const parts = by === '' ? [...value] : value.split(by)
  if (limit < 0n || BigInt(parts.length) <= limit) return list(parts)
  const kept = Number(limit)
  return list([...parts.slice(0, kept - 1), parts.slice(kept - 1).join(by)])
}

function substring(value: string, start: bigint, end?: bigint): Result {
  const points = [...value]
  const last = end ?? BigInt(points.length)
  if (end !== undefined && start > end) return fail(`invalid substring range. start: ${start}, end: ${end}`)
  if (start < 0n || start > BigInt(points.length)) return outOfRange(start)
  if (last < 0n || last > BigInt(points.length)) return outOfRange(last)
  return points.slice(Number(start), Number(last)).join('')
}

function ascii(pattern: RegExp, change: (letter: string) => string): (value: string) => Result {
  return value => value.replace(pattern, change)
}

function joinItems(items: CelList, by = ''): Result {
  const parts: string[] = []
  for (const item of items) {
    if (typeof item !== 'string') return fail(`join: invalid input: ${String(item)}`)
    parts.push(item)
  }
  return parts.join(by)
}

/** cel-go's ext.Strings at version 2 and the string functions of its standard library. */
export const strings: readonly FunctionDeclaration[] = [
  define(
    'contains',
    member(twoTexts, boolType, (value: string, part: string) => value.includes(part), containsCost),
  ),
  define(
    'endsWith',
    member(twoTexts, boolType, (value: string, part: string) => value.endsWith(part), traversalCost),
  ),
  define(
    'startsWith',
    member(twoTexts, boolType, (value: string, part: string) => value.startsWith(part), traversalCost),
  ),
  define('charAt', member([stringType, intType], stringType, charAt)),
  define(
    'indexOf',
    member(twoTexts, intType, indexOf, traversalCost),
    member([...twoTexts, intType], intType, indexOf, traversalCost),
  ),
  define(
    'lastIndexOf',
    member(twoTexts, intType, lastIndexOf, traversalCost),
    member([...twoTexts, intType], intType, lastIndexOf, traversalCost),
  ),
  define('lowerAscii', onText(ascii(/[A-Z]/g, letter => letter.toLowerCase()))),
  define('upperAscii', onText(ascii(/[a-z]/g, letter => letter.toUpperCase()))),
  define(
    'trim',
    onText(value => value.trim()),
  ),
  define(
    'replace',
    member([...twoTexts, stringType], stringType, replace, rebuildCost),
    member([...twoTexts, stringType, intType], stringType, replace, rebuildCost),
  ),
  define(
    'split',
    member(twoTexts, texts, split, rebuildCost),
    member([...twoTexts, intType], texts, split, rebuildCost),
  ),
  define(
    'substring',
    member([stringType, intType], stringType, substring, traversalCost),
    member([stringType, intType, intType], stringType, substring, traversalCost),
  ),
  define(
    'join',
    member([texts], stringType, joinItems, joinCost),
    member([texts, stringType], stringType, joinItems, joinCost),
  ),
  define('format', member([stringType, listOf(dynType)], stringType, formatText, traversalCost)),
  define(
    'strings.quote',
    global(text, stringType, (value: string) => quote(value), concatCost),
  ),
]
