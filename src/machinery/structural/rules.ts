import { perCallLimit } from '../cel/compile.ts'
import { fromJson } from '../cel/json.ts'
import type { Shape } from '../cel/shape.ts'
import { type CelValue, none, Optional } from '../cel/values.ts'
import {
  child,
  duplicate,
  errorText,
  type FieldError,
  forbidden,
  index,
  invalid,
  key,
  noField,
  omitted,
  required,
} from '../fieldpath.ts'
import { byteLength } from '../go-text.ts'
import { isList, isObject } from '../json-value.ts'
import { isEqual } from '../object.ts'
import { type CompiledRule, compileRules } from './compile-rules.ts'
import { correlatedItems, correlatesFields } from './correlation.ts'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf, type ValidationRule } from './schema.ts'
import { shapeOfSchema } from './shape-of-schema.ts'

/** RuntimeCELCostBudget of apiserver/pkg/apis/cel/config.go. */
const runtimeBudget = 10_000_000
/** MaxEvaluatedMessageExpressionSizeBytes. */
const maxMessageBytes = 5 * 1024

/** The rules of a schema and of those below it: cel/validation.go, Validator. */
export interface RuleTree {
  readonly schema: JsonSchema
  readonly shape: Shape
  readonly rules: readonly CompiledRule[]
  readonly items?: RuleTree
  readonly properties: ReadonlyMap<string, RuleTree>
  readonly additional?: RuleTree
}

export interface RuleOutcome {
  readonly errors: readonly FieldError[]
  readonly warnings: readonly string[]
}

/** Compiles all rules in a schema; undefined when it has none. */
export function ruleTree(schema: JsonSchema, isResourceRoot: boolean, name = 'selfType'): RuleTree | undefined {
  if (!hasRules(schema)) return undefined
  const shape = shapeOfSchema(schema, isResourceRoot, name)
  if (!shape) return undefined
  const items = itemsOf(schema)
  const additional = additionalOf(schema)
  const below = (inner: JsonSchema, innerName: string): RuleTree | undefined =>
    ruleTree(inner, inner['x-kubernetes-embedded-resource'] === true, innerName)
  const itemTree = items && below(items, `${name}.@idx`)
  const additionalTree = additional && below(additional, `${name}.@elem`)
  const properties = propertiesOf(schema).flatMap(([property, inner]): [string, RuleTree][] => {
    const tree = below(inner, `${name}.${property}`)
    return tree ? [[property, tree]] : []
  })
  return {
    ...{ schema, shape, rules: compileRules(schema, shape), properties: new Map(properties) },
    ...(itemTree && { items: itemTree }),
    ...(additionalTree && { additional: additionalTree }),
  }
}

function hasRules(schema: JsonSchema): boolean {
  if (schema['x-kubernetes-validations']?.length) return true
  const below = [itemsOf(schema), additionalOf(schema), ...propertiesOf(schema).map(([, inner]) => inner)]
  return below.some(inner => inner !== undefined && hasRules(inner))
}

/** Evaluates all rules for a value. Transition rules are left out where there is no old value. */
export function evaluateRules(tree: RuleTree, value: unknown, old?: unknown, path = ''): RuleOutcome {
  const run = new Run()
  run.visit(tree, path, value, old, old !== undefined && isEqual(value, old))
  return { errors: run.errors, warnings: run.warnings }
}

class Run {
  readonly errors: FieldError[] = []
  readonly warnings: string[] = []
  private budget = runtimeBudget

  /** `isKept`: neither the value nor what it is in has changed, so rules that were broken before stay broken in peace. */
  visit(tree: RuleTree, path: string, value: unknown, old: unknown, isKept: boolean): void {
    if (value === null || value === undefined || this.budget < 0) return
    this.rules(tree, path, value, old, isKept)
    if (isList(value)) this.list(tree, path, value, old, isKept)
    else if (isObject(value)) this.fields(tree, path, value, old, isKept)
  }

  private list(tree: RuleTree, path: string, value: readonly unknown[], old: unknown, isKept: boolean): void {
    if (!tree.items) return
    const oldItem = correlatedItems(tree.schema, old)
    for (const [i, item] of value.entries()) {
      const before = oldItem(item)
      this.visit(tree.items, index(path, i), item, before, before === undefined ? isKept : isEqual(item, before))
    }
  }

  private fields(
    tree: RuleTree,
    path: string,
    value: Readonly<Record<string, unknown>>,
    old: unknown,
    isKept: boolean,
  ): void {
    const before = correlatesFields(tree.schema) && isObject(old) ? old : {}
    for (const name of Object.keys(value).sort()) {
      const property = tree.properties.get(name)
      const inner = property ?? tree.additional
      if (!inner) continue
      const previous = Object.hasOwn(before, name) ? before[name] : undefined
      const same = previous === undefined ? isKept : isEqual(value[name], previous)
      this.visit(inner, property ? child(path, name) : key(path, name), value[name], previous, same)
    }
  }

  private rules({ rules, schema, shape }: RuleTree, path: string, value: unknown, old: unknown, isKept: boolean): void {
    if (rules.length === 0) return
    const self = fromJson(value, shape)
    const oldSelf = old === undefined || old === null ? undefined : fromJson(old, shape)
    const type = schema.type ?? ''
    for (const compiled of rules) {
      if (this.budget <= 0) {
        const why = 'validation failed due to running out of cost budget, no further validation rules will be run'
        this.stop(invalid(path || noField, type, why))
        return
      }
      if (!this.rule(compiled, { path, type, self, oldSelf, value, isKept })) return
    }
  }

  /** Whether to go on with the next rule. */
  private rule(compiled: CompiledRule, place: Place): boolean {
    const { program, rule, usesOldSelf, error: compileError } = compiled
    const { path, type, self, oldSelf } = place
    const field = path || noField
    if (compileError !== undefined) {
      this.errors.push(invalid(field, type, `rule compile error: ${compileError}`))
      return true
    }
    const isOptional = rule.optionalOldSelf ?? false
    if (!program || (usesOldSelf && oldSelf === undefined && !isOptional)) return true
    const bindings = bindingsOf(self, oldSelf, isOptional)
    const { value, error, cost } = program.evaluate(bindings, perCallLimit)
    this.budget -= cost
    if (this.budget < 0) {
      const why = 'validation failed due to running out of cost budget, no further validation rules will be run'
      return this.stop(invalid(field, type, why))
    }
    if (error !== undefined) return this.failed(error, rule, field, type)
    if (value === true) return true
    return this.broken(compiled, place, bindings)
  }

  private failed(error: string, rule: ValidationRule, field: string, type: string): boolean {
    const shown = ruleText(rule)
    if (error.startsWith('no such overload')) {
      const why = `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${shown}`
      this.errors.push(invalid(field, type, why))
      return true
    }
    if (error.startsWith('operation cancelled: actual cost limit exceeded')) {
      const why = `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${shown}`
      return this.stop(invalid(field, type, why))
    }
    this.errors.push(invalid(field, type, `${error} evaluating rule: ${shown}`))
    return true
  }

  private broken(compiled: CompiledRule, place: Place, bindings: Readonly<Record<string, CelValue>>): boolean {
    const { rule, usesOldSelf, fieldPath } = compiled
    const inside = fieldPath === '' ? place.path : child(place.path, fieldPath)
    const field = inside || noField
    const { text, stop } = this.messageOf(compiled, bindings)
    if (stop !== undefined) return this.stop(invalid(field, place.type, stop))
    const value = place.type === 'object' || place.type === 'array' ? omitted : place.value
    const error = errorFor(rule.reason, field, value, text ?? defaultMessage(rule))
    if (place.isKept && !usesOldSelf) this.warnings.push(errorText(error))
    else this.errors.push(error)
    return true
  }

  /** What the rule's own expression says; `stop` if nothing more may be evaluated. */
  private messageOf(
    { message, rule }: CompiledRule,
    bindings: Readonly<Record<string, CelValue>>,
  ): { text?: string; stop?: string } {
    if (!message) return {}
    const { value, error, cost } = message.evaluate(bindings, perCallLimit)
    if (cost > this.budget) {
      return {
        stop: 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
      }
    }
    if (error?.startsWith('operation cancelled: actual cost limit exceeded')) {
      const source = JSON.stringify(rule.messageExpression)
      return {
        stop: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${source}`,
      }
    }
    this.budget -= cost
    const text = typeof value === 'string' ? value.trim() : ''
    const isFit = text !== '' && !text.includes('\n') && byteLength(text) <= maxMessageBytes
    return isFit ? { text } : {}
  }

  private stop(error: FieldError): false {
    this.errors.push(error)
    this.budget = -1
    return false
  }
}

interface Place {
  readonly path: string
  readonly type: string
  readonly self: CelValue
  readonly oldSelf: CelValue | undefined
  readonly value: unknown
  readonly isKept: boolean
}

function bindingsOf(
  self: CelValue,
  oldSelf: CelValue | undefined,
  isOptional: boolean,
): Readonly<Record<string, CelValue>> {
  if (isOptional) return { self, oldSelf: oldSelf === undefined ? none : new Optional(oldSelf) }
  return oldSelf === undefined ? { self } : { self, oldSelf }
}

function errorFor(reason: string | undefined, field: string, value: unknown, detail: string): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail)
    case 'FieldValueRequired':
      return required(field, detail)
    case 'FieldValueDuplicate':
      return { ...duplicate(field, value), detail }
    default:
      return invalid(field, value, detail)
  }
}

function defaultMessage(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`
}

function ruleText({ rule, message }: ValidationRule): string {
  return (message ? message : rule).trim()
}
