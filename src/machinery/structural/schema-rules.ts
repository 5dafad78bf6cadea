import { child, type FieldError, forbidden, index, invalid, key, notSupported, required } from '../fieldpath.ts'
import { type CompiledRule, compileRules } from './compile-rules.ts'
import { fieldAt } from './field-path.ts'
import { listRules } from './list-rules.ts'
import { additionalOf, itemsOf, type JsonSchema, metaFields, propertiesOf, type ValidationRule } from './schema.ts'
import { shapeOfSchema } from './shape-of-schema.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const unsupported = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const

/** What holds at a place in the schema. */
interface Place {
  readonly isRoot: boolean
  /** Why there may be no defaults; '' for no reason that is told. */
  readonly noDefaults?: string
  readonly insideMeta: boolean
  /** The part of the schema in which old and new values cannot be matched. */
  readonly uncorrelatable?: string
  /** Whether rules are compiled: not inside of logic and not if the structure is wrong. */
  readonly compiles: boolean
}

interface Findings {
  readonly schema: FieldError[]
  readonly cel: FieldError[]
}

/**
 * Checks a schema as such: ValidateCustomResourceDefinitionOpenAPISchema of
 * apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go.
 */
export function validateSchema(path: string, schema: JsonSchema, compiles: boolean): FieldError[] {
  const { schema: own, cel } = visit(path, schema, { isRoot: true, insideMeta: false, compiles })
  return [...own, ...cel]
}

function visit(path: string, schema: JsonSchema, place: Place): Findings {
  const findings: Findings = { schema: standardErrors(path, schema, place), cel: [] }
  const descend = (innerPath: string, inner: JsonSchema, innerPlace: Partial<Place>): void => {
    const found = visit(innerPath, inner, { ...place, isRoot: false, ...innerPlace })
    findings.schema.push(...found.schema)
    findings.cel.push(...found.cel)
  }
  structure(path, schema, place, descend)
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const field = child(path, 'x-kubernetes-preserve-unknown-fields')
    findings.schema.push(invalid(field, false, 'must be true or undefined'))
  }
  findings.schema.push(...listRules(path, schema))
  const rules = schema['x-kubernetes-validations'] ?? []
  rules.forEach((rule, i) => {
    findings.schema.push(...ruleErrors(index(child(path, 'x-kubernetes-validations'), i), schema, rule))
  })
  if (rules.length > 0 && findings.schema.length === 0 && place.compiles) {
    findings.cel.push(...celErrors(path, schema, place))
  }
  return findings
}

type Descend = (path: string, schema: JsonSchema, place: Partial<Place>) => void

function structure(path: string, schema: JsonSchema, place: Place, descend: Descend): void {
  const additional = additionalOf(schema)
  if (additional) {
    const noDefaults = 'inside additionalProperties applying to object metadata'
    descend(child(path, 'additionalProperties'), additional, place.insideMeta ? { noDefaults } : {})
  }
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true
  const mapType = schema['x-kubernetes-map-type']
  const isUnknownMap = mapType !== undefined && mapType !== 'granular' && mapType !== 'atomic'
  for (const [name, inner] of propertiesOf(schema)) {
    const isMeta = (place.isRoot || isEmbedded) && metaFields.has(name)
    descend(key(child(path, 'properties'), name), inner, {
      ...(isUnknownMap && { uncorrelatable: place.uncorrelatable ?? path }),
      ...(isMeta && { insideMeta: true }),
      ...(isMeta && place.isRoot && { noDefaults: `in top-level ${name}` }),
    })
  }
  const { not, allOf = [], oneOf = [], anyOf = [] } = schema
  if (not) descend(child(path, 'not'), not, { compiles: false })
  for (const [name, schemas] of Object.entries({ allOf, oneOf, anyOf })) {
    schemas.forEach((inner, i) => descend(index(child(path, name), i), inner, { compiles: false }))
  }
  const items = itemsOf(schema)
  if (!items) return
  const isMap = schema['x-kubernetes-list-type'] === 'map'
  descend(child(path, 'items'), items, isMap ? {} : { uncorrelatable: place.uncorrelatable ?? path })
}

function standardErrors(path: string, schema: JsonSchema, place: Place): FieldError[] {
  const errors: FieldError[] = []
  if (schema.type && !types.includes(schema.type)) {
    errors.push(notSupported(child(path, 'type'), schema.type, types))
  }
  if (schema.default !== undefined && place.noDefaults !== undefined) {
    errors.push(forbidden(child(path, 'default'), `must not be set ${place.noDefaults}`))
  }
  for (const name of unsupported) {
    if (name in schema) errors.push(forbidden(child(path, name), `${name} is not supported`))
  }
  if (schema.type === 'null') {
    errors.push(forbidden(child(path, 'type'), 'type cannot be set to null, use nullable as an alternative'))
  }
  if (Array.isArray(schema.items)) {
    errors.push(forbidden(child(path, 'items'), 'items must be a schema object and not an array'))
  }
  if (place.insideMeta && schema['x-kubernetes-embedded-resource']) {
    const field = child(path, 'x-kubernetes-embedded-resource')
    errors.push(forbidden(field, 'must not be used inside of resource meta'))
  }
  if ('uniqueItems' in schema && schema.uniqueItems === true) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    errors.push(forbidden(child(path, 'uniqueItems'), why))
  }
  const hasProperties = Object.keys(schema.properties ?? {}).length > 0
  if (hasProperties && schema.additionalProperties !== undefined && schema.additionalProperties !== true) {
    const why = 'additionalProperties and properties are mutual exclusive'
    errors.push(forbidden(child(path, 'additionalProperties'), why))
  }
  return errors
}

/** What is wrong with a rule before it is compiled. */
function ruleErrors(path: string, schema: JsonSchema, rule: ValidationRule): FieldError[] {
  const { message = '', messageExpression, reason, fieldPath } = rule
  const errors: FieldError[] = []
  const hasLines = (text: string): boolean => /[\n\r]/.test(text)
  const text = rule.rule.trim()
  if (text === '') errors.push(required(child(path, 'rule'), 'rule is not specified'))
  else if (message !== '' && message.trim() === '') {
    errors.push(invalid(child(path, 'message'), message, 'must be non-empty if specified'))
  } else if (hasLines(message.trim())) {
    errors.push(invalid(child(path, 'message'), message, 'must not contain line breaks'))
  } else if (hasLines(text) && message.trim() === '') {
    errors.push(required(child(path, 'message'), 'message must be specified if rule contains line breaks'))
  }
  if (messageExpression && messageExpression.trim() === '') {
    errors.push(required(child(path, 'messageExpression'), 'messageExpression must be non-empty if specified'))
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    errors.push(notSupported(child(path, 'reason'), reason, reasons))
  }
  if (!fieldPath) return errors
  const field = child(path, 'fieldPath')
  if (fieldPath.trim() === '') errors.push(invalid(field, fieldPath, 'must be non-empty if specified'))
  if (hasLines(fieldPath)) errors.push(invalid(field, fieldPath, 'must not contain line breaks'))
  if (fieldAt(fieldPath, schema).error !== undefined) errors.push(invalid(field, fieldPath, 'must be a valid path'))
  return errors
}

function celErrors(path: string, schema: JsonSchema, place: Place): FieldError[] {
  const shape = shapeOfSchema(schema, place.isRoot || schema['x-kubernetes-embedded-resource'] === true, 'selfType')
  if (!shape) return []
  return compileRules(schema, shape).flatMap((compiled, i) =>
    compiledErrors(index(child(path, 'x-kubernetes-validations'), i), compiled, place.uncorrelatable),
  )
}

function compiledErrors(path: string, compiled: CompiledRule, uncorrelatable: string | undefined): FieldError[] {
  const { rule, error, messageError, usesOldSelf } = compiled
  const errors: FieldError[] = []
  if (error !== undefined) errors.push(invalid(child(path, 'rule'), goRule(rule), error))
  if (messageError !== undefined) errors.push(invalid(child(path, 'messageExpression'), goRule(rule), messageError))
  if (usesOldSelf && uncorrelatable !== undefined) {
    const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`
    errors.push(invalid(child(path, 'rule'), rule.rule, why))
  } else if (!usesOldSelf && rule.optionalOldSelf !== undefined) {
    const why = 'may not be set if oldSelf is not used in rule'
    errors.push(invalid(child(path, 'optionalOldSelf'), rule.optionalOldSelf, why))
  }
  return errors
}

/** A rule as Go writes the internal struct, which has no names of its own for JSON. */
function goRule({ rule, message, messageExpression, reason, fieldPath, optionalOldSelf }: ValidationRule): object {
  return {
    Rule: rule,
    Message: message ?? '',
    MessageExpression: messageExpression ?? '',
    Reason: reason ?? null,
    FieldPath: fieldPath ?? '',
    OptionalOldSelf: optionalOldSelf ?? null,
  }
}
