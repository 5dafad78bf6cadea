import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '../../../api/generated/apiextensions.v1.ts'
import { type FieldError, invalid, noField } from '../../../machinery/fieldpath.ts'
import { type ApiObject, isEqual } from '../../../machinery/object.ts'
import { validateListTypes } from '../../../machinery/structural/list-types.ts'
import { evaluateRules, type RuleTree, ruleTree } from '../../../machinery/structural/rules.ts'
import { type JsonSchema, propertyOf } from '../../../machinery/structural/schema.ts'
import { fieldErrorsOf } from '../../../machinery/structural/schema-error.ts'
import { validateValue } from '../../../machinery/structural/validate.ts'
import { isQualifiedName } from '../../../machinery/validation.ts'
import { fieldsOf } from '../record.ts'
import { scaleErrors } from './scale.ts'

/** What checks the objects of one version of a custom resource: pkg/registry/customresource/strategy.go. */
export interface CustomStrategy {
  validateCreate(object: ApiObject): FieldError[]
  validateUpdate(object: ApiObject, old: ApiObject): FieldError[]
  validateStatusUpdate(object: ApiObject, old: ApiObject): FieldError[]
  warnings(object: ApiObject, old: ApiObject | undefined): string[]
}

/** Findings after which rules are not evaluated: hasBlockingErr. */
const blocking = new Set<FieldError['type']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

const notChecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

export function strategyFor(
  _definition: CustomResourceDefinition,
  { schema, subresources }: CustomResourceDefinitionVersion,
): CustomStrategy {
  const root: JsonSchema = schema?.openAPIV3Schema ?? {}
  const scale = subresources?.scale
  let rules: RuleTree | undefined
  let isCompiled = false
  const compiled = (): RuleTree | undefined => {
    if (!isCompiled) rules = ruleTree(root, true)
    isCompiled = true
    return rules
  }
  const withRules = (errors: FieldError[], object: ApiObject, old: ApiObject | undefined): FieldError[] => {
    const tree = compiled()
    if (!tree) return errors
    if (errors.some(({ type }) => blocking.has(type))) return [...errors, invalid(noField, null, notChecked)]
    return [...errors, ...evaluateRules(tree, object, old).errors]
  }
  return {
    validateCreate(object) {
      const found = fieldErrorsOf('', validateValue(root, object).errors)
      const errors = [...found, ...scaleErrors(scale, object, true), ...validateListTypes(root, object)]
      return withRules(errors, object, undefined)
    },
    validateUpdate(object, old) {
      const found = fieldErrorsOf('', validateValue(root, object, '', old).errors)
      const errors = [...found, ...scaleErrors(scale, object, true), ...newListErrors(root, object, old)]
      return withRules(errors, object, old)
    },
    validateStatusUpdate(object, old) {
      const status = propertyOf(root, 'status')
      const [next, before] = [fieldsOf(object).status, fieldsOf(old).status]
      const found = status && next !== undefined ? validateValue(status, next, '', before).errors : []
      const lists = status ? newListErrors(status, next, before, 'status') : []
      return withRules([...fieldErrorsOf('status', found), ...scaleErrors(scale, object, false), ...lists], object, old)
    },
    warnings: (object, old) => finalizerWarnings(object.metadata.finalizers, old?.metadata.finalizers),
  }
}

/** Of lists that were wrong before nothing is said. */
function newListErrors(schema: JsonSchema, value: unknown, old: unknown, path = ''): FieldError[] {
  return validateListTypes(schema, old, path).length > 0 ? [] : validateListTypes(schema, value, path)
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

function finalizerWarnings(finalizers: readonly string[] = [], old: readonly string[] = []): string[] {
  return finalizers
    .filter(finalizer => !old.includes(finalizer))
    .sort()
    .flatMap(finalizer => {
      const place = `metadata.finalizers: ${JSON.stringify(finalizer)}:`
      const warnings = isQualifiedName(finalizer).map(why => `${place} ${why}`)
      if (finalizer.includes('/') || standardFinalizers.includes(finalizer)) return warnings
      const form = finalizer.includes('.') ? ' including a path (/)' : ''
      const why = `prefer a domain-qualified finalizer name${form} to avoid accidental conflicts with other finalizer writers`
      return [...warnings, `${place} ${why}`]
    })
}

/** Whether two versions differ in anything but metadata. */
export function differs(object: ApiObject, old: ApiObject): boolean {
  const { metadata: _, ...after } = fieldsOf(object)
  const { metadata: __, ...before } = fieldsOf(old)
  return !isEqual(after, before)
}
