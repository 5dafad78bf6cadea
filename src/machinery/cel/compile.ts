import { check } from './checker.ts'
import type { Environment } from './environment.ts'
import { type Bindings, type Budget, plan } from './interpreter.ts'
import { checkLiterals } from './literal-checks.ts'
import { parse } from './parser.ts'
import { printIssues } from './source.ts'
import type { CelType } from './cel-type.ts'
import { type CelValue, isFailure } from './values.ts'

/** PerCallLimit of apiserver/pkg/apis/cel/config.go. */
export const perCallLimit = 1_000_000

/** An expression that can be evaluated, any number of times. */
export interface Expression {
  readonly text: string
  /** What it evaluates to. */
  readonly type: CelType
  /** Every variable that it names. */
  readonly variables: ReadonlySet<string>
  /** The value for these variables; or why there is none, in cel-go's words. `cost` is what it took. */
  evaluate(bindings: Bindings | Readonly<Record<string, CelValue>>, limit?: number): Evaluation
}

export type Evaluation =
  | { readonly value: CelValue; readonly error?: undefined; readonly cost: number }
  | { readonly value?: undefined; readonly error: string; readonly cost: number }

/** What became of compiling: `error` is what the API server prints after `compilation failed: `. */
export type Compiled =
  | { readonly expression: Expression; readonly error?: undefined }
  | { readonly expression?: undefined; readonly error: string }

/** Parses and checks an expression. */
export function compile(text: string, environment: Environment): Compiled {
  const parsed = parse(text)
  if ('error' in parsed) return { error: parsed.error }
  const { source, expr } = parsed
  const outcome = check(environment, expr)
  if ('issues' in outcome) return { error: printIssues(source, outcome.issues) }
  const { checked } = outcome
  const wrongLiterals = checkLiterals(expr, checked)
  if (wrongLiterals.length > 0) return { error: printIssues(source, wrongLiterals) }
  const program = plan(expr, checked)
  return {
    expression: {
      text,
      type: checked.type,
      variables: checked.variables,
      evaluate(bindings, limit = perCallLimit) {
        const budget: Budget = { cost: 0, limit }
        const value = program(typeof bindings === 'function' ? bindings : own(bindings), budget)
        const { cost } = budget
        return isFailure(value) ? { error: value.message, cost } : { value, cost }
      },
    },
  }
}

function own(record: Readonly<Record<string, CelValue>>): Bindings {
  return name => (Object.hasOwn(record, name) ? record[name] : undefined)
}
