import {
  type Call,
  type Comprehension,
  type Expr,
  type Issue,
  type ListExpr,
  type MapExpr,
  qualifiedName,
  type Select,
  type StructExpr,
} from './ast.ts'
import type { Declarations } from './declarations.ts'
import { type FunctionDeclaration, type Overload, runtimeType } from './functions.ts'
import {
  boolType,
  type CelType,
  dynType,
  errorType,
  formatType,
  intType,
  isOptional,
  isSameType,
  listOf,
  mapOf,
  optionalOf,
  param,
  struct,
  unwrapped,
} from './cel-type.ts'
import { isDynOrError, type Mapping, mostGeneral, substitute, unifyAll } from './unify.ts'

/** What the checker found out of an expression that is sound. */
export interface Checked {
  readonly type: CelType
  typeOf(expr: Expr): CelType
  /** The overloads that a call may mean. */
  overloadsOf(call: Call): readonly Overload[]
  /** The declared name that an identifier or a chain of selections stands for. */
  nameOf(expr: Expr): string | undefined
  /** Whether a call's target is the beginning of the function's name. */
  isNamespaced(call: Call): boolean
  /** The declared names that the expression uses. */
  readonly variables: ReadonlySet<string>
}

/** Checks the types of an expression: cel-go/checker/checker.go. Tells of all mistakes, not of the first only. */
export function check(declarations: Declarations, expr: Expr): { checked: Checked } | { issues: readonly Issue[] } {
  const checker = new Checker(declarations)
  const type = checker.visit(expr)
  if (checker.issues.length > 0) return { issues: checker.issues }
  return { checked: checker.outcome(type) }
}

class Checker {
  readonly issues: Issue[] = []
  private mapping: Mapping = new Map()
  private readonly types = new Map<Expr, CelType>()
  private readonly overloads = new Map<Expr, readonly Overload[]>()
  private readonly names = new Map<Expr, string>()
  private readonly namespaced = new Set<Expr>()
  /** Variables of comprehensions, innermost last. */
  private readonly scopes: Map<string, CelType>[] = []
  private freeVariables = 0

  constructor(private readonly declarations: Declarations) {}

  outcome(type: CelType): Checked {
    const { mapping, types, overloads, names, namespaced } = this
    return {
      type: substitute(mapping, type, true),
      typeOf: expr => substitute(mapping, types.get(expr) ?? dynType, true),
      overloadsOf: call => overloads.get(call) ?? [],
      nameOf: expr => names.get(expr),
      isNamespaced: call => namespaced.has(call),
      variables: new Set(names.values()),
    }
  }

  visit(expr: Expr): CelType {
    const type = this.typeOf(expr)
    this.types.set(expr, type)
    return type
  }

  private typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal':
        return runtimeType(expr.value)
      case 'ident':
        return this.ident(expr, expr.name) ?? this.undeclared(expr.at, expr.name)
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

  private ident(expr: Expr, name: string): CelType | undefined {
    const plain = name.startsWith('.') ? name.slice(1) : name
    const local = name === plain ? this.local(name) : undefined
    if (local) return local
    const declared = this.declarations.variableType(plain)
    if (declared) this.names.set(expr, plain)
    return declared
  }

  private local(name: string): CelType | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const type = this.scopes[i]?.get(name)
      if (type) return type
    }
    return undefined
  }

  private select(expr: Select): CelType {
    const name = qualifiedName(expr)
    if (name !== undefined && !this.local(name.slice(0, name.indexOf('.')))) {
      const declared = this.ident(expr, name)
      if (declared) return declared
    }
    const type = this.field(expr.at, this.visit(expr.operand), expr.field, false)
    return expr.testOnly ? boolType : type
  }

  private field(at: number, operand: CelType, field: string, optional: boolean): CelType {
    const operandType = substitute(this.mapping, operand, false)
    const target = unwrapped(operandType)
    const type = this.fieldType(at, target, field)
    return isOptional(operandType) || optional ? optionalOf(type) : type
  }

  private fieldType(at: number, target: CelType, field: string): CelType {
    switch (target.kind) {
      case 'map':
        return substitute(this.mapping, target.params[1] ?? dynType, false)
      case 'struct':
        return this.structField(at, target.name, field) ?? errorType
      case 'param':
        this.isAssignable(dynType, target)
        return dynType
    }
    if (!isDynOrError(target)) this.report(at, `type '${formatType(target)}' does not support field selection`)
    return dynType
  }

  private structField(at: number, name: string, field: string): CelType | undefined {
    if (!this.declarations.hasStruct(name)) {
      this.report(at, `unexpected failed resolution of '${name}'`)
      return undefined
    }
    const type = this.declarations.fieldType(name, field)
    if (!type) this.report(at, `undefined field '${field}'`)
    return type
  }

  private call(expr: Call): CelType {
    const { name, target, args, at } = expr
    if (name === '_?._') {
      const [operand, field] = args
      const word = field?.kind === 'literal' && typeof field.value === 'string' ? field.value : ''
      return this.field(at, operand ? this.visit(operand) : errorType, word, true)
    }
    const argTypes = args.map(arg => this.visit(arg))
    if (!target) {
      const found = this.declarations.function(name.startsWith('.') ? name.slice(1) : name)
      return found ? this.resolve(expr, found, argTypes, false) : this.undeclared(at, name)
    }
    const prefix = qualifiedName(target)
    const namespaced = prefix === undefined ? undefined : this.declarations.function(`${prefix}.${name}`)
    if (namespaced) {
      this.namespaced.add(expr)
      return this.resolve(expr, namespaced, argTypes, false)
    }
    const targetType = this.visit(target)
    const found = this.declarations.function(name)
    return found ? this.resolve(expr, found, [targetType, ...argTypes], true) : this.undeclared(at, name)
  }

  private resolve(
    expr: Call,
    { name, overloads }: FunctionDeclaration,
    argTypes: CelType[],
    isMember: boolean,
  ): CelType {
    if (name === '_&&_' || name === '_||_') return this.logical(expr, argTypes)
    let result: CelType | undefined
    const fitting: Overload[] = []
    for (const overload of overloads) {
      if (overload.isMember !== isMember) continue
      const fresh: Mapping = new Map()
      const own = overload.args.map(arg => this.instance(fresh, arg))
      if (!this.isAssignableAll(argTypes, own)) continue
      fitting.push(overload)
      const type = substitute(this.mapping, this.instance(fresh, overload.result), false)
      if (!result) result = type
      else if (result.kind !== 'dyn' && !isSameType(type, result)) result = dynType
    }
    this.overloads.set(expr, fitting)
    if (result) return result
    const printed = argTypes.map(type => formatType(substitute(this.mapping, type, true)))
    const signature = isMember ? `${printed[0]}.(${printed.slice(1).join(', ')})` : `(${printed.join(', ')})`
    return this.report(expr.at, `found no matching overload for '${name}' applied to '${signature}'`)
  }

  private logical(expr: Call, argTypes: readonly CelType[]): CelType {
    let type = boolType
    for (const [i, argType] of argTypes.entries()) {
      if (this.isAssignable(argType, boolType)) continue
      const found = formatType(substitute(this.mapping, argType, false))
      type = this.report(expr.args[i]?.at ?? expr.at, `expected type 'bool' but found '${found}'`)
    }
    return type
  }

  /** A signature's type with type parameters of its own. */
  private instance(fresh: Mapping, type: CelType): CelType {
    if (type.kind === 'param') {
      const known = fresh.get(type.name) ?? this.freeVariable()
      fresh.set(type.name, known)
      return known
    }
    if (type.params.length === 0) return type
    return { ...type, params: type.params.map(each => this.instance(fresh, each)) }
  }

  private list({ items }: ListExpr): CelType {
    let joined: CelType | undefined
    for (const { value, optional } of items) joined = this.join(joined, this.itemType(value, optional))
    return listOf(joined ?? this.freeVariable())
  }

  private map({ entries }: MapExpr): CelType {
    let keys: CelType | undefined
    let values: CelType | undefined
    for (const { key, value, optional } of entries) {
      keys = this.join(keys, this.visit(key))
      values = this.join(values, this.itemType(value, optional))
    }
    return mapOf(keys ?? this.freeVariable(), values ?? this.freeVariable())
  }

  /** The type of an item; of `?x` that of what the optional holds. */
  private itemType(value: Expr, optional: boolean): CelType {
    const type = this.visit(value)
    if (!optional) return type
    const known = substitute(this.mapping, type, false)
    if (!isOptional(known) && known.kind !== 'dyn') {
      this.report(value.at, `expected type '${formatType(optionalOf(known))}' but found '${formatType(known)}'`)
    }
    return unwrapped(known)
  }

  /** The type of items of these types: dyn, if they differ. */
  private join(previous: CelType | undefined, current: CelType): CelType {
    if (!previous) return current
    return this.isAssignable(previous, current) ? mostGeneral(previous, current) : dynType
  }

  private struct({ name, at, fields }: StructExpr): CelType {
    const plain = name.startsWith('.') ? name.slice(1) : name
    const known = this.declarations.hasStruct(plain)
    if (!known) {
      const isValue = this.declarations.variableType(plain)
      const message = isValue ? `'${formatType(isValue)}' is not a type` : undefined
      return message === undefined ? this.undeclared(at, name) : this.report(at, message)
    }
    for (const field of fields) {
      const valueType = this.itemType(field.value, field.optional)
      const type = this.structField(field.at, plain, field.name) ?? errorType
      if (this.isAssignable(type, valueType)) continue
      const [wanted, given] = [type, valueType].map(each => formatType(substitute(this.mapping, each, false)))
      this.report(field.at, `expected type of field '${field.name}' is '${wanted}' but provided type is '${given}'`)
    }
    return struct(plain)
  }

  private comprehension(expr: Comprehension): CelType {
    const { range, variable, variable2, accumulator, init, condition, step, result } = expr
    const rangeType = substitute(this.mapping, this.visit(range), false)
    const accumulatorType = this.visit(init)
    const [first, second] = this.bound(range, rangeType, variable2 !== undefined)
    this.scopes.push(new Map([[accumulator, accumulatorType]]))
    const loop = new Map([[variable, first]])
    if (variable2 !== undefined) loop.set(variable2, second)
    this.scopes.push(loop)
    this.expect(condition, this.visit(condition), boolType)
    this.expect(step, this.visit(step), accumulatorType)
    this.scopes.pop()
    const type = this.visit(result)
    this.scopes.pop()
    return substitute(this.mapping, type, false)
  }

  /** The types of the variables that a comprehension over a range binds. */
  private bound(range: Expr, type: CelType, hasSecond: boolean): readonly [first: CelType, second: CelType] {
    const [first = dynType, second = dynType] = type.params
    switch (type.kind) {
      case 'list':
        return hasSecond ? [intType, first] : [first, first]
      case 'map':
        return [first, second]
      case 'dyn':
      case 'error':
      case 'param':
        this.isAssignable(dynType, type)
        return [dynType, dynType]
    }
    const message = `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`
    this.report(range.at, message)
    return [errorType, errorType]
  }

  private expect(expr: Expr, type: CelType, expected: CelType): void {
    if (this.isAssignable(expected, type)) return
    const [wanted, found] = [expected, type].map(each => formatType(substitute(this.mapping, each, false)))
    this.report(expr.at, `expected type '${wanted}' but found '${found}'`)
  }

  private isAssignable(a: CelType, b: CelType): boolean {
    return this.isAssignableAll([a], [b])
  }

  private isAssignableAll(a: readonly CelType[], b: readonly CelType[]): boolean {
    const copy: Mapping = new Map(this.mapping)
    if (!unifyAll(copy, a, b)) return false
    this.mapping = copy
    return true
  }

  private freeVariable(): CelType {
    return param(`_var${this.freeVariables++}`)
  }

  private undeclared(at: number, name: string): CelType {
    return this.report(at, `undeclared reference to '${name}' (in container '')`)
  }

  private report(at: number, message: string): CelType {
    this.issues.push({ at, message })
    return errorType
  }
}
