import type { Expression } from '../cel/compile.ts'
import { compile } from '../cel/compile.ts'
import { type Environment, environmentWith } from '../cel/environment.ts'
import { type Shape, structsOf, typeOfShape } from '../cel/shape.ts'
import { optionalOf } from '../cel/cel-type.ts'
import { fieldAt } from './field-path.ts'
import type { JsonSchema, ValidationRule } from './schema.ts'

/** A rule that was compiled, or why it could not be: compilation.go, CompilationResult. */
export interface CompiledRule {
  readonly rule: ValidationRule
  readonly program?: Expression
  readonly error?: string
  readonly message?: Expression
  readonly messageError?: string
  readonly usesOldSelf: boolean
  /** Where its errors are told, below the value that it is about. */
  readonly fieldPath: string
}

/** Compiles the rules of one schema: apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go. */
export function compileRules(schema: JsonSchema, shape: Shape): readonly CompiledRule[] {
  const rules = schema['x-kubernetes-validations'] ?? []
  if (rules.length === 0) return []
  const environments = new Map<boolean, Environment>()
  const environmentFor = (isOptional: boolean): Environment => {
    const known = environments.get(isOptional) ?? environmentOf(shape, isOptional)
    environments.set(isOptional, known)
    return known
  }
  return rules.map(rule => compileRule(schema, rule, environmentFor(rule.optionalOldSelf ?? false)))
}

function environmentOf(shape: Shape, isOptional: boolean): Environment {
  const self = typeOfShape(shape)
  const oldSelf = isOptional ? optionalOf(self) : self
  return environmentWith({ variables: { self, oldSelf }, structs: structsOf(shape) })
}

function compileRule(schema: JsonSchema, rule: ValidationRule, environment: Environment): CompiledRule {
  const none = { rule, usesOldSelf: false, fieldPath: '' }
  if (rule.rule.trim() === '') return none
  const { expression, error } = compile(rule.rule, environment)
  if (!expression) return { ...none, error: `compilation failed: ${error}` }
  const { kind } = expression.type
  if (kind !== 'bool') return { ...none, error: 'cel expression must evaluate to a bool' }
  const path = rule.fieldPath ? (fieldAt(rule.fieldPath, schema).value?.path ?? '') : ''
  return {
    rule,
    program: expression,
    usesOldSelf: expression.variables.has('oldSelf'),
    fieldPath: path,
    ...compileMessage(rule.messageExpression, environment),
  }
}

function compileMessage(
  text: string | undefined,
  environment: Environment,
): Pick<CompiledRule, 'message' | 'messageError'> {
  if (!text) return {}
  const { expression, error } = compile(text, environment)
  if (!expression) return { messageError: `messageExpression compilation failed: ${error}` }
  if (expression.type.kind !== 'string') return { messageError: 'messageExpression must evaluate to a string' }
  return { message: expression }
}
