import type { Comprehension, Expr, Issue } from './ast.ts'

/** The variable in which a fold gathers its result: no expression can name it. */
export const accumulator = '@result'

/** The folds of `all`, `exists` and `exists_one`, whatever variables they bind. */
export function quantifier(
  name: string,
  bound: Pick<Comprehension, 'at' | 'range' | 'variable' | 'variable2'>,
  predicate: Expr,
): Comprehension {
  const { at } = bound
  const result: Expr = { kind: 'ident', at, name: accumulator }
  const base = { kind: 'comprehension' as const, ...bound, accumulator, result }
  const literal = (value: boolean | bigint): Expr => ({ kind: 'literal', at, value })
  const operator = (operatorName: string, ...args: Expr[]): Expr => ({ kind: 'call', at, name: operatorName, args })
  switch (name) {
    case 'all': {
      const condition = operator('@not_strictly_false', result)
      return { ...base, init: literal(true), condition, step: operator('_&&_', result, predicate) }
    }
    case 'exists': {
      const condition = operator('@not_strictly_false', operator('!_', result))
      return { ...base, init: literal(false), condition, step: operator('_||_', result, predicate) }
    }
    default: {
      const step = operator('_?_:_', predicate, operator('_+_', result, literal(1n)), result)
      const one = operator('_==_', result, literal(1n))
      return { ...base, init: literal(0n), condition: literal(true), step, result: one }
    }
  }
}

/** The name of a variable that a macro binds. */
export function simpleName(expr: Expr, message: string): string | Issue {
  if (expr.kind === 'ident' && !expr.name.startsWith('.')) return expr.name
  return { at: expr.at, message }
}
