import type { Call, Expr, Issue } from './ast.ts'
import { accumulator, quantifier, simpleName } from './folds.ts'

const names = new Set([
  'all',
  'exists',
  'existsOne',
  'exists_one',
  'transformList',
  'transformMap',
  'transformMapEntry',
])

/** The macros that bind an index or key and a value: ext/comprehensions.go. */
export function twoVariableMacro(call: Call, target: Expr): Expr | Issue | undefined {
  const { name, at, args } = call
  const [first, second, third, fourth] = args
  if (!names.has(name) || !first || !second || !third || args.length > 4) return undefined
  const isQuantifier = !name.startsWith('transform')
  if (isQuantifier && fourth) return undefined
  const words = variables(first, second)
  if (!Array.isArray(words)) return words
  const [variable, variable2] = words
  const bound = { at, range: target, variable, variable2 }
  if (isQuantifier) return quantifier(name === 'existsOne' ? 'exists_one' : name, bound, third)
  const [filter, value] = fourth ? [third, fourth] : [undefined, third]
  const result: Expr = { kind: 'ident', at, name: accumulator }
  const grown = growth(name, at, result, variable, value)
  return {
    ...{ kind: 'comprehension', ...bound, accumulator, result },
    init: name === 'transformList' ? { kind: 'list', at, items: [] } : { kind: 'map', at, entries: [] },
    condition: { kind: 'literal', at, value: true },
    step: filter ? { kind: 'call', at, name: '_?_:_', args: [filter, grown, result] } : grown,
  }
}

function growth(name: string, at: number, result: Expr, variable: string, value: Expr): Expr {
  if (name === 'transformList') {
    const item: Expr = { kind: 'list', at, items: [{ value, optional: false }] }
    return { kind: 'call', at, name: '_+_', args: [result, item] }
  }
  const key: Expr = { kind: 'ident', at, name: variable }
  const args = name === 'transformMap' ? [result, key, value] : [result, value]
  return { kind: 'call', at, name: 'cel.@mapInsert', args }
}

function variables(first: Expr, second: Expr): [string, string] | Issue {
  const one = simpleName(first, 'argument must be a simple name')
  if (typeof one !== 'string') return one
  const two = simpleName(second, 'argument must be a simple name')
  if (typeof two !== 'string') return two
  return one === two ? { at: second.at, message: `duplicate variable name: ${one}` } : [one, two]
}
