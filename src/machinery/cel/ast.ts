import type { CelValue } from './values.ts'

/** A parsed expression: cel-go/common/ast. Macros are expanded. `at` is the place in the text, in code points. */
export type Expr = Literal | Ident | Select | Call | ListExpr | MapExpr | StructExpr | Comprehension

export interface Literal {
  readonly kind: 'literal'
  readonly at: number
  readonly value: CelValue
}

export interface Ident {
  readonly kind: 'ident'
  readonly at: number
  readonly name: string
}

export interface Select {
  readonly kind: 'select'
  readonly at: number
  readonly operand: Expr
  readonly field: string
  /** `has(x.field)` */
  readonly testOnly: boolean
}

export interface Call {
  readonly kind: 'call'
  readonly at: number
  /** Operators have names such as `_+_`. */
  readonly name: string
  readonly target?: Expr
  readonly args: readonly Expr[]
}

export interface ListExpr {
  readonly kind: 'list'
  readonly at: number
  readonly items: readonly { readonly value: Expr; readonly optional: boolean }[]
}

export interface MapExpr {
  readonly kind: 'map'
  readonly at: number
  readonly entries: readonly {
    readonly at: number
    readonly key: Expr
    readonly value: Expr
    readonly optional: boolean
  }[]
}

export interface StructExpr {
  readonly kind: 'struct'
  readonly at: number
  readonly name: string
  readonly fields: readonly {
    readonly at: number
    readonly name: string
    readonly value: Expr
    readonly optional: boolean
  }[]
}

/** What macros such as `all` and `map` become: a fold over a list or map. */
export interface Comprehension {
  readonly kind: 'comprehension'
  readonly at: number
  readonly range: Expr
  readonly variable: string
  readonly variable2?: string
  readonly accumulator: string
  readonly init: Expr
  /** The loop ends when this is false. */
  readonly condition: Expr
  readonly step: Expr
  readonly result: Expr
}

/** An error of parsing or checking, with its place in code points. */
export interface Issue {
  readonly at: number
  readonly message: string
}

/** `a.b.c` of identifiers and selections, which may name a type or a function. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name
  if (expr.kind !== 'select' || expr.testOnly) return undefined
  const prefix = qualifiedName(expr.operand)
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`
}
