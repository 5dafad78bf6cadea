import { isList, isObject } from '../../../machinery/json-value.ts'

/** YAML as sigs.k8s.io/yaml writes it: keys sorted, lists not indented, Go's rules of quoting. */
export function writeYaml(value: unknown): string {
  if (isObject(value) && Object.keys(value).length > 0) return block(value, '')
  if (isList(value) && value.length > 0) return block(value, '')
  return `${scalar(value, '', 0)}\n`
}

function block(value: unknown, indent: string): string {
  if (isList(value)) return value.map(item => `${indent}-${entry(item, indent, true, indent.length + 1)}`).join('')
  if (!isObject(value)) return ''
  return Object.keys(value)
    .filter(key => value[key] !== undefined)
    .sort(naturally)
    .map(key => {
      const start = `${indent}${text(key)}:`
      return `${start}${entry(value[key], indent, false, start.length)}`
    })
    .join('')
}

/** What stands after `key:` or `-`. */
function entry(value: unknown, indent: string, isItem: boolean, column: number): string {
  const isFilled =
    (isObject(value) && Object.values(value).some(member => member !== undefined)) ||
    (isList(value) && value.length > 0)
  if (!isFilled) return ` ${scalar(value, indent, column + 1)}\n`
  if (isItem) return ` ${block(value, `${indent}  `).slice(indent.length + 2)}`
  return `\n${block(value, isList(value) ? indent : `${indent}  `)}`
}

function scalar(value: unknown, indent: string, column: number): string {
  if (isList(value)) return '[]'
  if (isObject(value)) return '{}'
  if (typeof value === 'string')
    return value.includes('\n') ? literal(value, indent, column) : folded(text(value), indent, column)
  if (typeof value === 'number') return number(value)
  return value === null || value === undefined ? 'null' : String(value)
}

/** libyaml's best width: a line that is longer is broken at the next blank between words. */
const bestWidth = 80

function folded(written: string, indent: string, start: number): string {
  if (start + written.length <= bestWidth) return written
  const isDouble = written.startsWith('"')
  let column = start
  let lines = ''
  for (let at = 0; at < written.length; at++) {
    const letter = written.charAt(at)
    const isSingleBlank =
      letter === ' ' && written.charAt(at - 1) !== ' ' && (isDouble || written.charAt(at + 1) !== ' ')
    const isInside = at > 1 && at < written.length - 2
    if (isSingleBlank && column > bestWidth && isInside) {
      lines += `\n${indent}  `
      column = indent.length + 2
      if (isDouble && written.charAt(at + 1) === ' ') {
        lines += '\\'
        column++
      }
    } else {
      lines += letter
      column++
    }
  }
  return lines
}

function number(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) < 1e21) return String(value)
  return value
    .toExponential()
    .replace(/e\+?(-?)(\d)$/, 'e$10$2')
    .replace('e', 'e+')
}

/** A text of several lines; with spaces before a line's end only double quotes can hold it. */
function literal(value: string, indent: string, column: number): string {
  if (/ \n|[ \t]$/.test(value) || !/^[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(value))
    return folded(doubleQuoted(value), indent, column)
  const hint = /^[ \n]/.test(value) ? '2' : ''
  const chomp = !value.endsWith('\n') ? '-' : value.endsWith('\n\n') || value === '\n' ? '+' : ''
  const lines = value.replace(/\n$/, '').split('\n')
  return `|${hint}${chomp}\n${lines.map(line => (line === '' ? '' : `${indent}  ${line}`)).join('\n')}`
}

const wordsWithMeaning =
  /^(?:|~|null|Null|NULL|y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF|<<|\.nan|\.NaN|\.NAN|[-+]?\.(?:inf|Inf|INF))$/
const numbers =
  /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/
const baseSixty = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const dates =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/
// Letters that only mean something at the beginning, and what never may stand in plain text.
const unsafeStart = /^(?:[#,[\]{}&*!|>'"%@`]|[-?:](?: |$)|---|\.\.\.)/
const unsafe = /: |:$| #|^ | $/
const printable = /^[\t\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u

/** A string of one line: plain where YAML would read it back as that string, else quoted. */
function text(value: string): string {
  if (!printable.test(value) || value.includes('\n')) return doubleQuoted(value)
  if (wordsWithMeaning.test(value) || numbers.test(value) || baseSixty.test(value) || dates.test(value))
    return doubleQuoted(value)
  if (unsafeStart.test(value) || unsafe.test(value) || value.includes('\t'))
    return value.includes('\t') && !/^\t|\t$/.test(value) ? plainOrSingle(value) : singleQuoted(value)
  return value
}

function plainOrSingle(value: string): string {
  return unsafeStart.test(value) || unsafe.test(value) ? singleQuoted(value) : value
}

function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
}

function doubleQuoted(value: string): string {
  const inner = value.replace(/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|["\\]/gu, rune => {
    const code = rune.codePointAt(0) ?? 0
    if (escapes[rune] !== undefined) return escapes[rune]
    return code < 0x100
      ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
      : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
  })
  return `"${inner}"`
}

const isLetter = (rune: string): boolean => /\p{L}/u.test(rune)
const isDigit = (rune: string | undefined): boolean => rune !== undefined && /\p{Nd}/u.test(rune)

/** The order of keys: numbers within names by their size, other signs before letters (yaml.v2's keyList). */
export function naturally(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  let digits = false
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [l = '', r = ''] = [left[index], right[index]]
    if (l === r) {
      digits = isDigit(l)
      continue
    }
    const [leftIsLetter, rightIsLetter] = [isLetter(l), isLetter(r)]
    if (leftIsLetter && rightIsLetter) return l < r ? -1 : 1
    if (leftIsLetter || rightIsLetter) return (digits ? leftIsLetter : rightIsLetter) ? -1 : 1
    return compareNumbers(left, right, index) || (l < r ? -1 : 1)
  }
  return left.length - right.length
}

function compareNumbers(left: readonly string[], right: readonly string[], from: number): number {
  let before = ''
  if (left[from] === '0' || right[from] === '0') {
    for (let index = from - 1; index >= 0 && isDigit(left[index]); index--) {
      if (left[index] === '0') continue
      before = '1'
      break
    }
  }
  const read = (runes: readonly string[]): string => {
    let end = from
    while (isDigit(runes[end])) end++
    return runes.slice(from, end).join('')
  }
  const [l, r] = [read(left), read(right)]
  return Number(before + l) - Number(before + r) || l.length - r.length
}
