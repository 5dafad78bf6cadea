import {
  child,
  duplicate,
  type FieldError,
  forbidden,
  index,
  invalid,
  required,
  tooMany,
} from '../../machinery/fieldpath.ts'
import { validateDefaults } from '../../machinery/structural/default-rules.ts'
import { fieldAt } from '../../machinery/structural/field-path.ts'
import { validateSchema } from '../../machinery/structural/schema-rules.ts'
import { validateStructural } from '../../machinery/structural/structural-rules.ts'
import type {
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  CustomResourceValidation,
  JSONSchemaProps,
} from '../generated/apiextensions.v1.ts'

/** What one version of a custom resource says: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go. */

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']
const maxSelectableFields = 8

const rootFields = [
  ...['description', 'type', 'format', 'title', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
  ...['maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'multipleOf', 'required', 'items'],
  ...['properties', 'externalDocs', 'example', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations'],
]
const rootFieldNames =
  '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]'

export function deprecationErrors(
  path: string,
  { deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
): FieldError[] {
  if (deprecationWarning === undefined) return []
  const field = child(path, 'deprecationWarning')
  if (!deprecated) return [invalid(field, deprecationWarning, 'can only be set for deprecated versions')]
  const errors: FieldError[] = []
  if (deprecationWarning.length > 256) {
    errors.push(invalid(field, deprecationWarning, 'must be <= 256 characters long'))
  }
  if (deprecationWarning === '') errors.push(invalid(field, deprecationWarning, 'must not be an empty string'))
  const control = deprecationWarning.search(/[\x00-\x1f\x7f]/)
  if (control >= 0) {
    const why = `must only contain printable UTF-8 characters; non-printable character found at index ${control}`
    errors.push(invalid(field, deprecationWarning, why))
  }
  return errors
}

/** The schema: whether it is structural, its defaults, and what it says as such. */
export function validationErrors(
  path: string,
  validation: CustomResourceValidation | undefined,
  hasStatus: boolean,
): FieldError[] {
  const schema = validation?.openAPIV3Schema
  if (!schema) return []
  const field = child(path, 'openAPIV3Schema')
  const errors = hasStatus ? rootErrors(field, schema) : []
  if (schema.nullable) errors.push(forbidden(child(field, 'nullable'), 'nullable cannot be true at the root'))
  const structural = validateStructural(field, schema)
  const defaults = structural.length === 0 ? validateDefaults(field, schema) : []
  const isSound = structural.length === 0 && defaults.length === 0
  return [...errors, ...structural, ...defaults, ...validateSchema(field, schema, isSound)]
}

/** With a status of its own, the schema of the status must be told from the rest. */
function rootErrors(field: string, schema: JSONSchemaProps): FieldError[] {
  if (schema.type && schema.type !== 'object') {
    const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalid(child(field, 'type'), schema.type, why)]
  }
  const strange = Object.entries(schema).find(([name, value]) => value !== undefined && !rootFields.includes(name))
  if (!strange || strange[0] === 'nullable') return []
  const why = `only ${rootFieldNames} fields are allowed at the root of the schema if the status subresource is enabled`
  return [invalid(field, schema, why)]
}

export function subresourceErrors(path: string, subresources: CustomResourceSubresources | undefined): FieldError[] {
  const scale = subresources?.scale
  if (!scale) return []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  return [
    ...replicasErrors(`${path}.scale.specReplicasPath`, specReplicasPath, ['.spec']),
    ...replicasErrors(`${path}.scale.statusReplicasPath`, statusReplicasPath, ['.status']),
    ...(labelSelectorPath
      ? replicasErrors(`${path}.scale.labelSelectorPath`, labelSelectorPath, ['.spec', '.status'])
      : []),
  ]
}

function replicasErrors(field: string, path: string, roots: readonly string[]): FieldError[] {
  if (!path) return [required(field)]
  const errors = pathErrors(field, path)
  if (errors.length > 0 || roots.some(root => path.startsWith(`${root}.`))) return errors
  const where = roots.length > 1 ? `either ${roots.join(' or ')}` : roots.join('')
  return [invalid(field, path, `should be a json path under ${where}`)]
}

function pathErrors(field: string, path: string): FieldError[] {
  return path.startsWith('.') ? [] : [invalid(field, path, 'must be a simple json path starting with .')]
}

export function columnErrors(
  path: string,
  { additionalPrinterColumns = [] }: CustomResourceDefinitionVersion,
): FieldError[] {
  return additionalPrinterColumns.flatMap(({ name, type, format, jsonPath }, i) => {
    const field = index(path, i)
    const errors: FieldError[] = []
    const typeWords = `must be one of ${columnTypes.join(',')}`
    if (!name) errors.push(required(child(field, 'name')))
    if (!type) errors.push(required(child(field, 'type'), typeWords))
    else if (!columnTypes.includes(type)) errors.push(invalid(child(field, 'type'), type, typeWords))
    if (format && !columnFormats.includes(format)) {
      errors.push(invalid(child(field, 'format'), format, `must be one of ${columnFormats.join(',')}`))
    }
    if (!jsonPath) errors.push(required(child(field, 'JSONPath')))
    else errors.push(...pathErrors(child(field, 'JSONPath'), jsonPath))
    return errors
  })
}

export function selectableFieldErrors(
  path: string,
  { selectableFields = [], schema }: CustomResourceDefinitionVersion,
): FieldError[] {
  if (selectableFields.length === 0) return []
  const root = schema?.openAPIV3Schema
  if (!root) return [invalid(path, '', 'may only be set when `version.schema.openAPIV3Schema` is not included')]
  const errors: FieldError[] = []
  const seen = new Set<string>()
  selectableFields.forEach(({ jsonPath }, i) => {
    const field = child(index(path, i), 'jsonPath')
    if (!jsonPath) {
      errors.push(required(field))
      return
    }
    const { value, error } = fieldAt(jsonPath, root, false)
    if (!value) {
      errors.push(invalid(field, jsonPath, `is an invalid path: ${error}`))
      return
    }
    if (/^metadata(\.|$)/.test(value.path)) {
      errors.push(invalid(field, jsonPath, 'must not point to fields in metadata'))
    }
    if (!['string', 'boolean', 'integer'].includes(value.schema.type ?? '')) {
      const why =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(invalid(field, jsonPath, why))
    }
    if (seen.has(value.path)) errors.push(duplicate(field, jsonPath))
    seen.add(value.path)
  })
  if (seen.size > maxSelectableFields) errors.push(tooMany(path, seen.size, maxSelectableFields))
  return errors
}
