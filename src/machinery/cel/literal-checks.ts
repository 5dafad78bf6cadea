import { compileRegex } from '../regex.ts'
import type { Call, Expr, Issue } from './ast.ts'
import type { Checked } from './checker.ts'
import { parseGoDuration, parseRfc3339 } from './go-duration.ts'
import { type CelType, dynType, formatType, unwrapped } from './cel-type.ts'

/**
 * What Kubernetes refuses besides mistakes of types: durations, timestamps and regular expressions that can never be right,
 * and lists and maps of mixed types outside of `format` (cel/validator.go).
 */
export function checkLiterals(expr: Expr, checked: Checked): Issue[] {
  const issues: Issue[] = []
  walk(expr, false, (part, inFormat) => {
    const issue = part.kind === 'call' ? wrongLiteral(part, checked) : undefined
    if (issue) issues.push(issue)
    if (!inFormat) issues.push(...mixedTypes(part, checked))
  })
  return issues
}

function mixedTypes(expr: Expr, checked: Checked): Issue[] {
  const itemType = (value: Expr, optional: boolean): CelType =>
    optional ? unwrapped(checked.typeOf(value)) : checked.typeOf(value)
  if (expr.kind === 'list') {
    const typed = expr.items.map(({ value, optional }) => ({ at: value.at, type: itemType(value, optional) }))
    return mismatches(typed).slice(0, 1)
  }
  if (expr.kind !== 'map') return []
  const keys = expr.entries.map(({ key }) => ({ at: key.at, type: checked.typeOf(key) }))
  const values = expr.entries.map(({ value, optional }) => ({ at: value.at, type: itemType(value, optional) }))
  return [...mismatches(keys), ...mismatches(values)]
}

function mismatches(typed: readonly { at: number; type: CelType }[]): Issue[] {
  const [first, ...others] = typed
  if (!first) return []
  return others
    .filter(({ type }) => !isEquivalent(first.type, type))
    .map(({ at, type }) => ({
      at,
      message: `expected type '${formatType(first.type)}' but found '${formatType(type)}'`,
    }))
}

/** Whether the types are the same but for names of parameters. */
function isEquivalent(a: CelType, b: CelType): boolean {
  return (
    a.kind === b.kind && a.name === b.name && a.params.every((each, i) => isEquivalent(each, b.params[i] ?? dynType))
  )
}

function wrongLiteral(call: Call, checked: Checked): Issue | undefined {
  const { name, target, args } = call
  const isMember = target !== undefined && !checked.isNamespaced(call)
  const [text] = args
  if (text?.kind !== 'literal' || typeof text.value !== 'string') return undefined
  if (name === 'duration' && !isMember && parseGoDuration(text.value) === undefined) {
    return { at: text.at, message: 'invalid duration argument' }
  }
  if (name === 'timestamp' && !isMember && parseRfc3339(text.value) === undefined) {
    return { at: text.at, message: 'invalid timestamp argument' }
  }
  const isRegex = name === 'matches' && compileRegex(text.value).error !== undefined
  return isRegex ? { at: text.at, message: 'invalid matches argument' } : undefined
}

function walk(expr: Expr, inFormat: boolean, visit: (expr: Expr, inFormat: boolean) => void): void {
  visit(expr, inFormat)
  const isFormat = expr.kind === 'call' && expr.name === 'format'
  for (const part of partsOf(expr)) walk(part, inFormat || isFormat, visit)
}

/** The expressions that one is made of. */
function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand]
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args
    case 'list':
      return expr.items.map(({ value }) => value)
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value])
    case 'struct':
      return expr.fields.map(({ value }) => value)
    case 'comprehension':
      return [expr.range, expr.init, expr.condition, expr.step, expr.result]
    default:
      return []
  }
}
