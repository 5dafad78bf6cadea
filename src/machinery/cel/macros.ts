import type { Call, Comprehension, Expr, Issue } from './ast.ts'
import { accumulator, quantifier, simpleName } from './folds.ts'
import { twoVariableMacro } from './two-variable-macros.ts'

/**
 * What a macro's call stands for, an error of its arguments, or undefined if it is none: cel-go/parser/macro.go, and the
 * macros of the optional types and of the lists library.
 */
export function expandMacro(call: Call): Expr | Issue | undefined {
  const { name, target, args } = call
  if (!target) return name === 'has' && args.length === 1 ? has(call) : undefined
  const [first, second, third] = args
  if (first && second && !third) return twoArguments(call, target, first, second)
  if (first && second && third && args.length === 3 && name === 'map') return map(call, target, first, third, second)
  return twoVariableMacro(call, target)
}

function twoArguments(call: Call, target: Expr, first: Expr, second: Expr): Expr | Issue | undefined {
  switch (call.name) {
    case 'all':
      return quantified(call, target, first, second)
    case 'exists':
      return quantified(call, target, first, second)
    case 'exists_one':
    case 'existsOne':
      return quantified(call, target, first, second)
    case 'map':
      return map(call, target, first, second, undefined)
    case 'filter':
      return map(call, target, first, first, second)
    case 'optMap':
    case 'optFlatMap':
      return optionalMap(call, target, first, second)
    case 'sortBy':
      return sortBy(call, target, first, second)
  }
  return undefined
}

function has({ args: [argument], at }: Call): Expr | Issue {
  if (argument?.kind === 'select' && !argument.testOnly) return { ...argument, at, testOnly: true }
  return { at: argument?.at ?? 0, message: 'invalid argument to has() macro' }
}

function quantified({ name, at }: Call, range: Expr, variable: Expr, predicate: Expr): Expr | Issue {
  const word = simpleName(variable, 'argument must be a simple name')
  return typeof word === 'string' ? quantifier(name, { at, range, variable: word }, predicate) : word
}

function map({ at }: Call, range: Expr, variable: Expr, value: Expr, filter: Expr | undefined): Expr | Issue {
  const word = simpleName(variable, 'argument is not an identifier')
  if (typeof word !== 'string') return word
  const result: Expr = { kind: 'ident', at, name: accumulator }
  const item: Expr = { kind: 'list', at, items: [{ value, optional: false }] }
  const grown: Expr = { kind: 'call', at, name: '_+_', args: [result, item] }
  return {
    ...{ kind: 'comprehension', at, range, variable: word, accumulator, result },
    init: { kind: 'list', at, items: [] },
    condition: { kind: 'literal', at, value: true },
    step: filter ? { kind: 'call', at, name: '_?_:_', args: [filter, grown, result] } : grown,
  }
}

/** `x.optMap(v, e)`: e of the value that x has, if it has one. */
function optionalMap({ name, at }: Call, target: Expr, variable: Expr, value: Expr): Expr | Issue {
  const word = simpleName(variable, `${name}() variable name must be a simple identifier`)
  if (typeof word !== 'string') return word
  const method = (method: string): Expr => ({ kind: 'call', at, name: method, target, args: [] })
  const bound = bind(at, word, method('value'), value)
  const some: Expr = name === 'optMap' ? { kind: 'call', at, name: 'optional.of', args: [bound] } : bound
  const nothing: Expr = { kind: 'call', at, name: 'optional.none', args: [] }
  return { kind: 'call', at, name: '_?_:_', args: [method('hasValue'), some, nothing] }
}

/** `list.sortBy(v, key)` sorts by keys that are worked out once: ext/lists.go. */
function sortBy(call: Call, target: Expr, variable: Expr, key: Expr): Expr | Issue {
  const { at } = call
  const sorted = '@__sortBy_input__'
  const input: Expr = { kind: 'ident', at, name: sorted }
  const keys = map(call, input, variable, key, undefined)
  if (!('kind' in keys)) return keys
  return bind(at, sorted, target, { kind: 'call', at, name: '@sortByAssociatedKeys', target: input, args: [keys] })
}

/** A variable for the length of an expression: a fold over nothing. */
function bind(at: number, name: string, value: Expr, inner: Expr): Comprehension {
  return {
    ...{ kind: 'comprehension', at, range: { kind: 'list', at, items: [] }, variable: '#unused', accumulator: name },
    init: value,
    condition: { kind: 'literal', at, value: false },
    step: { kind: 'ident', at, name },
    result: inner,
  }
}
