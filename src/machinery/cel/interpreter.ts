import type { Call, Comprehension, Expr, ListExpr, MapExpr, Select, StructExpr } from './ast.ts'
import type { Checked } from './checker.ts'
import { namedTypes } from './declarations.ts'
import { fail, fits, noSuchOverload, type Overload, runtimeType } from './functions.ts'
import { optionalIndex, optionalSelect, index, selectField } from './access.ts'
import { struct } from './cel-type.ts'
import {
  CelList,
  CelMap,
  type CelValue,
  isFailure,
  list,
  mapFrom,
  type MapKey,
  Optional,
  type Result,
  TypeValue,
  Uint,
} from './values.ts'

/** What an evaluation may cost and has cost: cel-go/interpreter/runtimecost.go. */
export interface Budget {
  cost: number
  readonly limit: number
}

/** Variables by name. A value may be made when it is asked for. */
export type Bindings = (name: string) => Result | undefined

interface Frame {
  readonly bindings: Bindings
  readonly budget: Budget
  /** Variables of comprehensions. */
  readonly slots: Result[]
}

type Step = (frame: Frame) => Result

const exceeded = fail('operation cancelled: actual cost limit exceeded')

/** An expression made ready to run: cel-go/interpreter/planner.go. */
export type Program = (bindings: Bindings, budget: Budget) => Result

export function plan(expr: Expr, checked: Checked): Program {
  const step = new Planner(checked).plan(expr)
  return (bindings, budget) => {
    const result = step({ bindings, budget, slots: [] })
    return budget.cost > budget.limit ? exceeded : result
  }
}

/** Adds to the cost; once there is no budget left, every step fails and every loop ends. */
function charge({ budget }: Frame, cost: number): boolean {
  budget.cost += cost
  return budget.cost > budget.limit
}

class Planner {
  private readonly scope: { name: string; slot: number }[] = []
  private slots = 0

  constructor(private readonly checked: Checked) {}

  plan(expr: Expr): Step {
    switch (expr.kind) {
      case 'literal':
        return () => expr.value
      case 'ident':
        return this.ident(expr, expr.name)
      case 'select':
        return this.select(expr)
      case 'call':
        return this.call(expr)
      case 'list':
        return this.list(expr)
      case 'map':
        return this.map(expr)
      case 'struct':
        return this.struct(expr)
      case 'comprehension':
        return this.comprehension(expr)
    }
  }

  private ident(expr: Expr, name: string): Step {
    const declared = this.checked.nameOf(expr)
    const local = declared === undefined ? this.scope.findLast(each => each.name === name) : undefined
    if (local) {
      const { slot } = local
      return frame => (charge(frame, 1) ? exceeded : (frame.slots[slot] ?? exceeded))
    }
    const global = declared ?? name
    const missing = fail(`no such attribute(s): ${global}`)
    const type = namedTypes.get(global)
    const constant = type && new TypeValue(type)
    return frame => (charge(frame, 1) ? exceeded : (frame.bindings(global) ?? constant ?? missing))
  }

  private select(expr: Select): Step {
    const declared = this.checked.nameOf(expr)
    if (declared !== undefined) return this.ident(expr, declared)
    const { field, testOnly } = expr
    const operand = this.plan(expr.operand)
    if (testOnly) {
      return frame => {
        const value = operand(frame)
        if (isFailure(value)) return value
        if (value instanceof Optional) return value.value instanceof CelMap && value.value.has(field)
        return value instanceof CelMap ? value.has(field) : noSuchOverload
      }
    }
    return frame => {
      const value = operand(frame)
      if (isFailure(value)) return value
      return charge(frame, 1) ? exceeded : selectField(value, field)
    }
  }

  private call(expr: Call): Step {
    const { name, target, args } = expr
    const isNamespaced = this.checked.isNamespaced(expr)
    const steps = [...(target && !isNamespaced ? [target] : []), ...args].map(arg => this.plan(arg))
    const [first, second, third] = steps
    if (first && second) {
      if (name === '_&&_') return logical(first, second, false)
      if (name === '_||_') return logical(first, second, true)
      if (name === '_?_:_' && third) return conditional(first, second, third)
      const access = accesses[name]
      if (access) return binary(first, second, access)
    }
    if (name === '@not_strictly_false' && first) return frame => first(frame) !== false
    return applied(this.checked.overloadsOf(expr), steps, name)
  }

  private list({ items }: ListExpr): Step {
    const steps = items.map(({ value, optional }) => ({ step: this.plan(value), optional }))
    return frame => {
      const values: CelValue[] = []
      for (const { step, optional } of steps) {
        const value = step(frame)
        if (isFailure(value)) return value
        if (!optional) values.push(value)
        else if (!(value instanceof Optional)) return noSuchOverload
        else if (value.value !== undefined) values.push(value.value)
      }
      return charge(frame, 10) ? exceeded : list(values)
    }
  }

  private map({ entries }: MapExpr): Step {
    const steps = entries.map(({ key, value, optional }) => ({
      key: this.plan(key),
      value: this.plan(value),
      optional,
    }))
    return frame => {
      const values: [MapKey, CelValue][] = []
      for (const { key, value, optional } of steps) {
        const name = key(frame)
        if (isFailure(name)) return name
        const held = value(frame)
        if (isFailure(held)) return held
        if (!isKey(name)) return fail(`unsupported key type: ${runtimeType(name).name}`)
        if (optional && !(held instanceof Optional)) return noSuchOverload
        const entry = optional && held instanceof Optional ? held.value : held
        if (entry !== undefined) values.push([name, entry])
      }
      return charge(frame, 30) ? exceeded : mapFrom(values)
    }
  }

  private struct({ name, fields }: StructExpr): Step {
    const steps = fields.map(field => ({ ...field, step: this.plan(field.value) }))
    const type = struct(name)
    return frame => {
      const values: [MapKey, CelValue][] = []
      for (const field of steps) {
        const held = field.step(frame)
        if (isFailure(held)) return held
        const value = field.optional && held instanceof Optional ? held.value : held
        if (value !== undefined) values.push([field.name, value])
      }
      return charge(frame, 40) ? exceeded : mapFrom(values, type)
    }
  }

  private comprehension(expr: Comprehension): Step {
    const { variable, variable2, accumulator } = expr
    const [range, init] = [this.plan(expr.range), this.plan(expr.init)]
    const total = this.declare(accumulator)
    const first = this.declare(variable)
    const second = variable2 === undefined ? undefined : this.declare(variable2)
    const [condition, step] = [this.plan(expr.condition), this.plan(expr.step)]
    this.scope.length -= second === undefined ? 1 : 2
    const result = this.plan(expr.result)
    this.scope.length -= 1
    return frame => {
      const over = range(frame)
      if (isFailure(over)) return over
      const { slots } = frame
      slots[total] = init(frame)
      if (!(over instanceof CelList) && !(over instanceof CelMap)) return noSuchOverload
      for (const [one, two] of entriesOf(over, second !== undefined)) {
        slots[first] = one
        if (second !== undefined && two !== undefined) slots[second] = two
        if (condition(frame) === false) break
        slots[total] = step(frame)
        if (frame.budget.cost > frame.budget.limit) return exceeded
      }
      return result(frame)
    }
  }

  private declare(name: string): number {
    const slot = this.slots++
    this.scope.push({ name, slot })
    return slot
  }
}

/** What the variables of a comprehension are bound to: items and keys, or indices with items and keys with values. */
function* entriesOf(over: CelList | CelMap, hasSecond: boolean): Generator<readonly [CelValue, Result | undefined]> {
  if (over instanceof CelList) {
    for (let i = 0; i < over.size; i++) yield hasSecond ? [BigInt(i), over.at(i)] : [over.at(i), undefined]
  } else {
    for (const key of over.keys()) yield [key, hasSecond ? over.get(key) : undefined]
  }
}

const accesses: Readonly<Record<string, (container: CelValue, key: CelValue) => Result>> = {
  '_[_]': index,
  '_[?_]': optionalIndex,
  '_?._': optionalSelect,
}

function binary(first: Step, second: Step, apply: (a: CelValue, b: CelValue) => Result): Step {
  return frame => {
    const left = first(frame)
    if (isFailure(left)) return left
    const right = second(frame)
    if (isFailure(right)) return right
    return charge(frame, 1) ? exceeded : apply(left, right)
  }
}

/** One side that decides is enough, even if the other fails. */
function logical(first: Step, second: Step, decisive: boolean): Step {
  return frame => {
    const left = first(frame)
    if (left === decisive) return decisive
    const right = second(frame)
    if (right === decisive) return decisive
    if (isFailure(left)) return left
    if (isFailure(right)) return right
    return typeof left === 'boolean' && typeof right === 'boolean' ? !decisive : noSuchOverload
  }
}

function conditional(condition: Step, yes: Step, no: Step): Step {
  return frame => {
    const value = condition(frame)
    if (isFailure(value)) return value
    if (typeof value !== 'boolean') return noSuchOverload
    return value ? yes(frame) : no(frame)
  }
}

function applied(overloads: readonly Overload[], steps: readonly Step[], name: string): Step {
  return frame => {
    const args: CelValue[] = []
    for (const step of steps) {
      const value = step(frame)
      if (isFailure(value)) return value
      args.push(value)
    }
    const overload = overloads.find(each => each.args.every((type, i) => fits(type, args[i] as CelValue)))
    if (!overload?.call) return /^[_!-]/.test(name) ? noSuchOverload : mismatch(name, args)
    const result = overload.call(...args)
    const cost = overload.cost ? overload.cost(args, result) : 1
    return charge(frame, cost) ? exceeded : result
  }
}

function mismatch(name: string, args: readonly CelValue[]): Result {
  return fail(`no such overload: ${name}(${args.map(arg => runtimeType(arg).name).join(', ')})`)
}

function isKey(value: CelValue): value is MapKey {
  return ['string', 'boolean', 'bigint'].includes(typeof value) || value instanceof Uint
}
