import { child, type FieldError, invalid, key } from '../fieldpath.ts'
import { isEqual } from '../object.ts'
import { prune } from './prune.ts'
import { evaluateRules, ruleTree } from './rules.ts'
import { itemsOf, type JsonSchema, metaFields, propertiesOf } from './schema.ts'
import { fieldErrorsOf } from './schema-error.ts'
import { validateValue } from './validate.ts'

/** Defaults must be what their schema asks for: ValidateDefaults of apiextensions-apiserver/pkg/apiserver/schema/defaulting. */
export function validateDefaults(path: string, schema: JsonSchema, isResourceRoot = true): FieldError[] {
  const items = itemsOf(schema)
  const isResource = isResourceRoot || schema['x-kubernetes-embedded-resource'] === true
  return [
    ...(schema.default === undefined || schema.default === null ? [] : defaultErrors(path, schema)),
    ...(items ? validateDefaults(child(path, 'items'), items, false) : []),
    ...propertiesOf(schema).flatMap(([name, inner]) => {
      // Of metadata little may be said, and nothing of its defaults at the root.
      if (isResource && metaFields.has(name)) return []
      return validateDefaults(key(child(path, 'properties'), name), inner, false)
    }),
  ]
}

function defaultErrors(path: string, schema: JsonSchema): FieldError[] {
  const field = child(path, 'default')
  const value = schema.default
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  const errors: FieldError[] = []
  if (!isEqual(prune(value, schema, isEmbedded).value, value)) {
    errors.push(invalid(field, value, 'must not have unknown fields'))
  }
  const found = fieldErrorsOf(field, validateValue(schema, value).errors)
  if (found.length > 0) return [...errors, ...found]
  const rules = ruleTree(schema, false)
  return rules ? [...errors, ...evaluateRules(rules, value, value, field).errors] : errors
}
