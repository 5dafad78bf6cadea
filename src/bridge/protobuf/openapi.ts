import { bytesField, numberField, textField } from './writer.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * `/openapi/v2` as kubectl reads it: gnostic's openapi.v2.Document (OpenAPIv2.proto). It asks for definitions only, to check
 * what a server cannot check for it (`kind: List`), so that is what is written.
 */
export function encodeOpenApiV2(text: string): Buffer {
  const document: unknown = JSON.parse(text)
  if (!isObject(document)) throw new TypeError('the document is no object')
  const info = isObject(document['info']) ? document['info'] : {}
  return Buffer.concat([
    textField(1, document['swagger']),
    bytesField(2, [textField(1, info['title']), textField(2, info['version'])]),
    bytesField(8, []),
    bytesField(9, namedSchemas(document['definitions'])),
  ])
}

/** NamedSchema: the entries of definitions and of properties. */
function namedSchemas(schemas: unknown): Buffer[] {
  if (!isObject(schemas)) return []
  return Object.entries(schemas).map(([name, schema]) =>
    bytesField(1, [textField(1, name), bytesField(2, schemaOf(schema))]),
  )
}

function schemaOf(schema: unknown): Buffer[] {
  if (!isObject(schema)) return []
  const { type, items, properties, required, additionalProperties } = schema
  return [
    textField(1, schema['$ref']),
    textField(2, schema['format']),
    textField(4, schema['description']),
    ...(Array.isArray(required) ? required.map(name => textField(19, name)) : []),
    ...(isObject(additionalProperties) ? [bytesField(21, [bytesField(1, schemaOf(additionalProperties))])] : []),
    ...(additionalProperties === true ? [bytesField(21, [numberField(2, 1)])] : []),
    ...(typeof type === 'string' ? [bytesField(22, [textField(1, type)])] : []),
    ...(items === undefined ? [] : [bytesField(23, [bytesField(1, schemaOf(items))])]),
    ...(properties === undefined ? [] : [bytesField(25, namedSchemas(properties))]),
    ...extensionsOf(schema),
  ]
}

/** NamedAny: an extension's value is YAML, of which JSON is a part. */
function extensionsOf(schema: Members): Buffer[] {
  return Object.entries(schema)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) => bytesField(31, [textField(1, name), bytesField(2, [textField(2, JSON.stringify(value))])]))
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
