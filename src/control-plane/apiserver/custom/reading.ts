import { type Decoded as DecodedValue, decode } from '../../../machinery/decode.ts'
import type { JsonDocument } from '../../../machinery/json-text.ts'
import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import type { Schema, TypeSchema } from '../../../machinery/schema.ts'
import { withDefaults } from '../../../machinery/structural/defaults.ts'
import { prune } from '../../../machinery/structural/prune.ts'
import type { JsonSchema } from '../../../machinery/structural/schema.ts'

/** Types of objects of which nothing is known but their metadata, by the schema that they are of. A memo. */
const bareTypes = new WeakMap<Schema, TypeSchema>()

/** Any kind's type without its own fields. */
function bareType(schema: Schema): TypeSchema | undefined {
  const known = bareTypes.get(schema)
  if (known) return known
  const whole = schema.typeNamed('io.k8s.api.core.v1.ConfigMap')
  if (!whole) return undefined
  const fields = new Map([...whole.fields].filter(([name]) => ['apiVersion', 'kind', 'metadata'].includes(name)))
  const bare = { ...whole, fields, filled: whole.filled.filter(({ name }) => fields.has(name)), kinds: [] }
  bareTypes.set(schema, bare)
  return bare
}

/**
 * Reads an object of a custom resource: its metadata as those of every object, the rest pruned and defaulted by its own
 * schema (schemaCoercingDecoder and unstructuredDefaulter of pkg/apiserver/customresource_handler.go).
 */
export function readCustom(schema: Schema, structural: JsonSchema, document: JsonDocument): DecodedValue {
  const { value } = document
  const fields: JsonObject = isObject(value) ? value : {}
  const { apiVersion, kind, metadata, ...content } = fields
  const type = bareType(schema)
  const bare = type ? decode(type, { ...document, value: { apiVersion, kind, metadata } }) : undefined
  const pruned = prune(content, structural, true)
  const filled = withDefaults(pruned.value, structural)
  const head = isObject(bare?.value) ? bare.value : { apiVersion, kind, metadata }
  const strict = [...(bare?.strict ?? []), ...pruned.unknown.map(path => `unknown field "${path}"`)]
  const object = { ...head, ...(isObject(filled) ? filled : {}) }
  return { value: object, strict, ...(bare?.error !== undefined && { error: bare.error }) }
}
