import { escapeName, type Shape, type ShapeField } from '../cel/shape.ts'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from './schema.ts'

/**
 * What expressions see of values of a schema; undefined where it says too little: apiserver/pkg/cel/common/schemas.go.
 * `name` is the name of the struct that an object is.
 */
export function shapeOfSchema(schema: JsonSchema, isResourceRoot: boolean, name: string): Shape | undefined {
  if (schema['x-kubernetes-int-or-string']) return { form: 'scalar', type: 'dyn' }
  switch (isResourceRoot ? 'object' : schema.type) {
    case 'array':
      return listShape(schema, name)
    case 'object':
      return objectShape(isResourceRoot ? withMetadata(schema) : schema, name)
    case 'string':
      return { form: 'scalar', type: textTypes[schema.format ?? ''] ?? 'string' }
    case 'boolean':
      return { form: 'scalar', type: 'bool' }
    case 'number':
      return { form: 'scalar', type: 'double' }
    case 'integer':
      return { form: 'scalar', type: 'int' }
    default:
      return undefined
  }
}

const textTypes: Readonly<Record<string, 'bytes' | 'duration' | 'date' | 'time'>> = {
  byte: 'bytes',
  duration: 'duration',
  date: 'date',
  'date-time': 'time',
}

function isEmbedded(schema: JsonSchema): boolean {
  return schema['x-kubernetes-embedded-resource'] === true
}

function listShape(schema: JsonSchema, name: string): Shape | undefined {
  const items = itemsOf(schema)
  const shape = items && shapeOfSchema(items, isEmbedded(items), `${name}.@idx`)
  if (!shape) return undefined
  const type = schema['x-kubernetes-list-type']
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map(key => escapeName(key) ?? key)
  return { form: 'list', items: shape, ...((type === 'set' || type === 'map') && { listType: { keys } }) }
}

function objectShape(schema: JsonSchema, name: string): Shape | undefined {
  const additional = additionalOf(schema)
  if (additional) {
    const values = shapeOfSchema(additional, isEmbedded(additional), `${name}.@elem`)
    return values && { form: 'map', values }
  }
  const fields = new Map<string, ShapeField>()
  for (const [property, inner] of propertiesOf(schema)) {
    const escaped = escapeName(property)
    const shape = shapeOfSchema(inner, isEmbedded(inner), `${name}.${property}`)
    if (shape && escaped !== undefined) fields.set(escaped, { name: property, shape })
  }
  return { form: 'object', name, fields }
}

/** Names and kinds of resources can always be asked for. */
function withMetadata(schema: JsonSchema): JsonSchema {
  const properties = {
    ...schema.properties,
    kind: { type: 'string' },
    apiVersion: { type: 'string' },
    metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
  }
  return { ...schema, type: 'object', properties }
}
