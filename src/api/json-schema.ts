import type { Docs } from '../machinery/docs.ts'
import type { FieldSchema, GroupVersionKind, Schema, TypeSchema, ValueSchema } from '../machinery/schema.ts'

/** A JSON schema (draft 7), as far as we write one. */
export interface JsonSchema {
  $schema?: string
  $ref?: string
  title?: string
  type?: string | string[]
  format?: string
  description?: string
  const?: string
  enum?: readonly string[]
  default?: string | number | boolean
  minimum?: number
  maximum?: number
  required?: string[]
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  examples?: readonly string[]
  additionalProperties?: JsonSchema | false
  items?: JsonSchema
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  if?: JsonSchema
  then?: JsonSchema
  definitions?: Record<string, JsonSchema>
}

/**
 * The schema of a YAML document that holds one object of any of the kinds: what the editor completes, explains and
 * underlines. apiVersion chooses the kinds that are offered, both together the type. The conditions ask whether the two
 * are there first and once: yaml-language-server makes a suggestion of every `required` inside an `if`.
 */
export function jsonSchemaFor(kinds: readonly GroupVersionKind[], schema: Schema, docs: Docs): JsonSchema {
  const definitions: Record<string, JsonSchema> = {}
  const kindsByVersion = new Map<string, string[]>()
  const types: JsonSchema[] = []
  for (const gvk of kinds) {
    const type = schema.schemaOf(gvk)
    if (!type) continue
    define(type, definitions, docs)
    const apiVersion = apiVersionOf(gvk)
    kindsByVersion.set(apiVersion, [...(kindsByVersion.get(apiVersion) ?? []), gvk.kind])
    const isThisKind: JsonSchema = { properties: { apiVersion: { const: apiVersion }, kind: { const: gvk.kind } } }
    types.push({ if: isThisKind, then: { $ref: refTo(type) } })
  }
  const versions = [...kindsByVersion].map(([apiVersion, names]): JsonSchema => {
    const isThisVersion: JsonSchema = { properties: { apiVersion: { const: apiVersion } } }
    return { if: isThisVersion, then: { properties: { kind: { enum: names.sort() } } } }
  })
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: {
      apiVersion: { type: 'string', enum: [...kindsByVersion.keys()].sort() },
      kind: { type: 'string' },
    },
    allOf: [
      { if: { required: ['apiVersion'] }, then: { allOf: versions } },
      { if: { required: ['apiVersion', 'kind'] }, then: { allOf: types } },
    ],
    definitions,
  }
}

function apiVersionOf({ group, version }: GroupVersionKind): string {
  return group ? `${group}/${version}` : version
}

function refTo(type: TypeSchema): string {
  return `#/definitions/${type.name}`
}

/** Defines a type and all that it refers to. */
function define(type: TypeSchema, definitions: Record<string, JsonSchema>, docs: Docs): void {
  if (definitions[type.name]) return
  const properties: Record<string, JsonSchema> = {}
  const definition: JsonSchema = { title: type.structName, type: 'object', properties, additionalProperties: false }
  definitions[type.name] = definition
  const description = docs.ofType(type.name)
  if (description) definition.description = description
  const required = [...type.fields.values()].filter(isDemanded).map(({ name }) => name)
  if (required.length > 0) definition.required = required
  for (const field of type.fields.values()) {
    properties[field.name] = { ...valueSchema(field.value, definitions, docs), ...remarks(type, field, docs) }
  }
}

/** What a user must write: required, and without a default that the server would fill in. */
function isDemanded({ required, default: value }: FieldSchema): boolean {
  return required && value === undefined
}

function remarks(type: TypeSchema, field: FieldSchema, docs: Docs): JsonSchema {
  const description = docs.ofField(type.name, field.name)
  return { ...(description && { description }), ...(field.default !== undefined && { default: field.default }) }
}

function valueSchema(value: ValueSchema, definitions: Record<string, JsonSchema>, docs: Docs): JsonSchema {
  switch (value.type) {
    case 'object':
      return value.object ? objectRef(value.object, definitions, docs) : { type: 'object' }
    case 'array':
      return { type: 'array', items: value.items ? valueSchema(value.items, definitions, docs) : {} }
    case 'map':
      return {
        type: 'object',
        additionalProperties: value.items ? valueSchema(value.items, definitions, docs) : {},
      }
    case 'schema-or-array':
    case 'schema-or-bool':
    case 'schema-or-strings':
      return schemaOr(value, definitions, docs)
    default:
      return scalarSchema(value)
  }
}

function objectRef(type: TypeSchema, definitions: Record<string, JsonSchema>, docs: Docs): JsonSchema {
  define(type, definitions, docs)
  return { $ref: refTo(type) }
}

function schemaOr({ type, object }: ValueSchema, definitions: Record<string, JsonSchema>, docs: Docs): JsonSchema {
  const schema: JsonSchema = object ? objectRef(object, definitions, docs) : {}
  if (type === 'schema-or-bool') return { anyOf: [schema, { type: 'boolean' }] }
  const items: JsonSchema = type === 'schema-or-array' ? schema : { type: 'string' }
  return { anyOf: [schema, { type: 'array', items }] }
}

function scalarSchema({ type, format, enum: words }: ValueSchema): JsonSchema {
  switch (type) {
    case 'integer':
      return format === 'int32' ? { type, minimum: -(2 ** 31), maximum: 2 ** 31 - 1 } : { type }
    case 'number':
    case 'boolean':
      return { type }
    case 'quantity':
      return { type: ['string', 'number'] }
    case 'int-or-string':
      return { type: ['integer', 'string'] }
    case 'time':
    case 'micro-time':
      return { type: 'string', format: 'date-time' }
    case 'raw':
      return {}
    default:
      return words ? { type: 'string', enum: words } : { type: 'string' }
  }
}
