import { formatPrintf } from '../printf.ts'
import type { ShellProgram } from '../host.ts'
import { AwkError, type Expression, parseAwk, type Rule, type Statement } from './awk-parser.ts'
import { isValid } from './expressions.ts'
import { linesOf, parseArguments, readAll } from './filter.ts'

type Value = string | number

/** What a program has while it runs. */
interface Run {
  readonly variables: Map<string, Value>
  readonly arrays: Map<string, Map<string, Value>>
  fields: string[]
  line: string
  out: string
  ends: 'next' | 'exit' | undefined
}

/** awk: patterns and actions over fields, -F, -v; for (key in array) is its only loop, and functions are its own. */
export const awk: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'Fv')
    const [source, ...files] = operands
    if (source === undefined) {
      call.err('usage: awk [-F fs][-v var=value][prog][file ...]\n')
      return { exit: 2 }
    }
    let rules: readonly Rule[] = []
    try {
      rules = parseAwk(source)
    } catch (error) {
      if (!(error instanceof AwkError)) throw error
      call.err(
        `awk: ${error.message} at source line 1\n context is\n\t>>> ${source} <<<\nawk: bailing out at source line 1\n`,
      )
      return { exit: 2 }
    }
    const [name = '', value = ''] = (options.get('v') ?? '').split('=')
    const separator = (options.get('F') ?? ' ').replace(/\\t/g, '\t')
    const needsInput = rules.some(({ when }) => when !== 'BEGIN')
    const finish = (text: string): number => {
      call.out(
        runAll(
          rules,
          text,
          new Map<string, Value>([['FS', separator], ...(name === '' ? [] : [[name, value] as const])]),
        ),
      )
      return 0
    }
    if (!needsInput) return { exit: finish('') }
    return readAll(call, files.length > 0 ? files : ['-'], inputs => finish(inputs.map(({ text }) => text).join('')))
  },
}

function runAll(rules: readonly Rule[], text: string, given: ReadonlyMap<string, Value>): string {
  const defaults: readonly (readonly [string, Value])[] = [
    ['OFS', ' '],
    ['ORS', '\n'],
    ['NR', 0],
  ]
  const run: Run = {
    variables: new Map([...defaults, ...given]),
    arrays: new Map(),
    ...{ fields: [], line: '', out: '', ends: undefined },
  }
  for (const rule of rules) if (rule.when === 'BEGIN' && rule.action) carryOut(run, rule.action)
  const body = rules.filter(({ when }) => when !== 'BEGIN' && when !== 'END')
  for (const [index, line] of linesOf(text).entries()) {
    if (run.ends === 'exit') break
    run.ends = undefined
    run.variables.set('NR', index + 1)
    setLine(run, line)
    for (const { when, action } of body) {
      if (run.ends !== undefined) break
      if (typeof when === 'object' && !isTrue(run, when)) continue
      if (action) carryOut(run, action)
      else run.out += `${run.line}\n`
    }
  }
  run.ends = undefined
  for (const rule of rules) if (rule.when === 'END' && rule.action) carryOut(run, rule.action)
  return run.out
}

function setLine(run: Run, line: string): void {
  run.line = line
  run.fields = split(line, textOf(run.variables.get('FS') ?? ' '))
  run.variables.set('NF', run.fields.length)
}

function split(text: string, separator: string): string[] {
  if (text === '') return []
  if (separator === ' ') return text.trim() === '' ? [] : text.trim().split(/\s+/)
  return text.split(separator.length === 1 ? separator : regexOf(separator))
}

function carryOut(run: Run, statement: Statement): void {
  if (run.ends !== undefined) return
  switch (statement.type) {
    case 'block':
      for (const each of statement.statements) carryOut(run, each)
      return
    case 'print': {
      const values = statement.args.map(each => textOf(valueOf(run, each)))
      const [format = '', ...rest] = values
      if (statement.isFormatted) run.out += formatPrintf(format, rest)
      else if (values.length === 0) run.out += `${run.line}\n`
      else run.out += values.join(textOf(run.variables.get('OFS') ?? ' ')) + textOf(run.variables.get('ORS') ?? '\n')
      return
    }
    case 'if':
      if (isTrue(run, statement.test)) carryOut(run, statement.yes)
      else if (statement.no) carryOut(run, statement.no)
      return
    case 'in':
      for (const key of [...(run.arrays.get(statement.array)?.keys() ?? [])]) {
        run.variables.set(statement.name, key)
        carryOut(run, statement.body)
      }
      return
    case 'expression':
      valueOf(run, statement.of)
      return
    default:
      run.ends = statement.type
  }
}

function isTrue(run: Run, expression: Expression): boolean {
  const value = valueOf(run, expression)
  if (typeof value === 'number') return value !== 0
  const isFromInput = expression.type === 'field' && isNumber(value)
  return isFromInput ? Number(value) !== 0 : value !== ''
}

function valueOf(run: Run, expression: Expression): Value {
  switch (expression.type) {
    case 'number':
    case 'text':
      return expression.value
    case 'pattern':
      return Number(regexOf(expression.source).test(run.line))
    case 'group':
      return valueOf(run, expression.of)
    case 'name':
      if (!expression.index) return run.variables.get(expression.name) ?? ''
      return run.arrays.get(expression.name)?.get(textOf(valueOf(run, expression.index))) ?? ''
    case 'field': {
      const index = numberOf(valueOf(run, expression.index))
      return index === 0 ? run.line : (run.fields[index - 1] ?? '')
    }
    case 'not':
      return Number(!isTrue(run, expression.of))
    case 'minus':
      return -numberOf(valueOf(run, expression.of))
    case 'choice':
      return valueOf(run, isTrue(run, expression.test) ? expression.yes : expression.no)
    case 'assign': {
      const value = valueOf(run, expression.value)
      const { operator, to } = expression
      const result = operator === '=' ? value : calculate(operator.charAt(0), valueOf(run, to), value)
      assign(run, to, result)
      return result
    }
    case 'step': {
      const before = numberOf(valueOf(run, expression.to))
      assign(run, expression.to, before + expression.by)
      return expression.isPrefix ? before + expression.by : before
    }
    case 'binary':
      return combine(run, expression.operator, expression.left, expression.right)
    case 'call':
      return callFunction(run, expression.name, expression.args)
  }
}

function assign(run: Run, to: Expression, value: Value): void {
  if (to.type === 'field') {
    const index = numberOf(valueOf(run, to.index))
    if (index === 0) return setLine(run, textOf(value))
    while (run.fields.length < index) run.fields.push('')
    run.fields[index - 1] = textOf(value)
    run.line = run.fields.join(textOf(run.variables.get('OFS') ?? ' '))
    run.variables.set('NF', run.fields.length)
  } else if (to.type === 'name' && to.index) {
    const array = run.arrays.get(to.name) ?? new Map<string, Value>()
    run.arrays.set(to.name, array.set(textOf(valueOf(run, to.index)), value))
  } else if (to.type === 'name') run.variables.set(to.name, value)
}

function combine(run: Run, operator: string, left: Expression, right: Expression): Value {
  if (operator === '&&') return Number(isTrue(run, left) && isTrue(run, right))
  if (operator === '||') return Number(isTrue(run, left) || isTrue(run, right))
  const a = valueOf(run, left)
  if (operator === '~' || operator === '!~') {
    const source = right.type === 'pattern' ? right.source : textOf(valueOf(run, right))
    return Number(regexOf(source).test(textOf(a)) === (operator === '~'))
  }
  if (operator === 'in') return Number(right.type === 'name' && run.arrays.get(right.name)?.has(textOf(a)) === true)
  const b = valueOf(run, right)
  if (operator === ' ') return textOf(a) + textOf(b)
  if (!/^[<>=!]/.test(operator)) return calculate(operator, a, b)
  const areNumbers = isNumber(a) && isNumber(b)
  const order = areNumbers ? numberOf(a) - numberOf(b) : textOf(a) < textOf(b) ? -1 : Number(textOf(a) > textOf(b))
  const results: Readonly<Record<string, boolean>> = {
    ...{ '<': order < 0, '<=': order <= 0, '==': order === 0 },
    ...{ '!=': order !== 0, '>': order > 0, '>=': order >= 0 },
  }
  return Number(results[operator] === true)
}

function calculate(operator: string, left: Value, right: Value): number {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  return operator === '%' ? a % b : a ** b
}

function callFunction(run: Run, name: string, args: readonly Expression[]): Value {
  const value = (index: number): Value => {
    const arg = args[index]
    return arg ? valueOf(run, arg) : ''
  }
  const text = (index: number): string => textOf(value(index))
  const [first, second, third] = args
  switch (name) {
    case 'length':
      if (!first) return run.line.length
      return first.type === 'name' && run.arrays.has(first.name)
        ? (run.arrays.get(first.name)?.size ?? 0)
        : text(0).length
    case 'substr': {
      const from = Math.max(numberOf(value(1)), 1) - 1
      return third ? text(0).slice(from, from + numberOf(value(2))) : text(0).slice(from)
    }
    case 'index':
      return text(0).indexOf(text(1)) + 1
    case 'toupper':
      return text(0).toUpperCase()
    case 'tolower':
      return text(0).toLowerCase()
    case 'int':
      return Math.trunc(numberOf(value(0)))
    case 'sprintf':
      return formatPrintf(
        text(0),
        args.slice(1).map(each => textOf(valueOf(run, each))),
      )
    case 'split': {
      const parts = split(text(0), third ? text(2) : textOf(run.variables.get('FS') ?? ' '))
      if (second?.type === 'name') run.arrays.set(second.name, new Map(parts.map((part, at) => [String(at + 1), part])))
      return parts.length
    }
    default: {
      const source = first?.type === 'pattern' ? first.source : text(0)
      const target: Expression = third ?? { type: 'field', index: { type: 'number', value: 0 } }
      const before = textOf(valueOf(run, target))
      const count =
        name === 'sub' ? Number(regexOf(source).test(before)) : [...before.matchAll(regexOf(source, 'g'))].length
      const replacement = text(1).replace(/\$/g, '$$$$').replace(/&/g, '$$&')
      if (count > 0) assign(run, target, before.replace(regexOf(source, name === 'gsub' ? 'g' : ''), replacement))
      return count
    }
  }
}

/** A pattern of awk; one that is none matches nothing. */
function regexOf(source: string, flags = ''): RegExp {
  return isValid(source) ? new RegExp(source, flags) : /(?!)/
}

function isNumber(value: Value): boolean {
  return typeof value === 'number' || /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(value)
}

function numberOf(value: Value): number {
  if (typeof value === 'number') return value
  return Number(/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/i.exec(value)?.[0] ?? 0)
}

/** Numbers as `%.6g` writes them. */
function textOf(value: Value): string {
  if (typeof value === 'string') return value
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
}
