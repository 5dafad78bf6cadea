import { schema as builtIn } from '../../../api/schema.ts'
import type { Docs } from '../../../machinery/docs.ts'
import { isList, isObject, type JsonObject, member } from '../../../machinery/json-value.ts'
import type { FieldSchema, TypeSchema, ValueSchema, ValueType } from '../../../machinery/schema.ts'

/** A type that a server publishes in OpenAPI, with what it says of its fields. */
export interface PublishedType {
  readonly type: TypeSchema
  readonly docs: Docs
}

/** The type of a kind in an OpenAPI document, told by the group, version and kind that it carries. */
export function publishedType(
  document: JsonObject,
  gvk: { readonly group: string; readonly version: string; readonly kind: string },
  docs: Docs,
): PublishedType | undefined {
  const schemas = at(document, 'components', 'schemas')
  if (!isObject(schemas)) return undefined
  const found = Object.entries(schemas).find(([, schema]) => isOf(schema, gvk))
  if (!found || !isObject(found[1])) return undefined
  const texts = new Map<string, string>()
  const type = typeOf(found[0], found[0], found[1], texts)
  return {
    type,
    docs: {
      ofType: name => texts.get(name) ?? docs.ofType(name),
      ofField: (owner, field) => texts.get(`${owner}#${field}`) ?? docs.ofField(owner, field),
    },
  }
}

function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((held, name) => (isObject(held) ? member(held, name) : undefined), value)
}

function isOf(schema: unknown, { group, version, kind }: { group: string; version: string; kind: string }): boolean {
  const gvks = at(schema, 'x-kubernetes-group-version-kind')
  return (
    isList(gvks) &&
    gvks.some(gvk => at(gvk, 'group') === group && at(gvk, 'version') === version && at(gvk, 'kind') === kind)
  )
}

function textIn(schema: JsonObject): string {
  return typeof schema.description === 'string' ? schema.description : ''
}

function typeOf(name: string, structName: string, schema: JsonObject, texts: Map<string, string>): TypeSchema {
  texts.set(name, textIn(schema))
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = isList(schema.required) ? schema.required : []
  const fields = new Map<string, FieldSchema>()
  for (const [position, [field, inner]] of Object.entries(properties).entries()) {
    if (!isObject(inner)) continue
    texts.set(`${name}#${field}`, textIn(inner))
    const value = valueOf(`${name}.${field}`, inner, texts)
    fields.set(field, { name: field, position, value, presence: 'keep', required: required.includes(field) })
  }
  return {
    name,
    structName: structName === name ? (name.split('.').at(-1) ?? name) : structName,
    fields,
    filled: [],
    kinds: [],
  }
}

const scalars: Readonly<Record<string, ValueType>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
}

function valueOf(name: string, schema: JsonObject, texts: Map<string, string>): ValueSchema {
  const reference = referenceIn(schema)
  const referred = reference === undefined ? undefined : builtIn.typeNamed(reference)
  if (referred) return { type: 'object', object: referred, goType: referred.structName }
  const choices = isList(schema.enum) ? schema.enum.map(String) : undefined
  const scalar = scalars[typeof schema.type === 'string' ? schema.type : '']
  if (scalar) return { type: scalar, goType: scalar, ...(choices && { enum: choices }) }
  if (schema['x-kubernetes-int-or-string'] === true) return { type: 'int-or-string', goType: 'intstr.IntOrString' }
  if (schema.type === 'array' && isObject(schema.items)) {
    return { type: 'array', items: valueOf(name, schema.items, texts), goType: '[]Object' }
  }
  if (schema.type === 'object' && isObject(schema.additionalProperties)) {
    return { type: 'map', items: valueOf(name, schema.additionalProperties, texts), goType: 'map[string]Object' }
  }
  if (schema.type !== 'object') return { type: 'raw', goType: 'Object' }
  return { type: 'object', object: typeOf(name, 'Object', schema, texts), goType: 'Object' }
}

/** `#/components/schemas/NAME`, also where it stands alone in an allOf beside a description. */
function referenceIn(schema: JsonObject): string | undefined {
  const [only] = isList(schema.allOf) ? schema.allOf : []
  const reference = schema.$ref ?? at(only, '$ref')
  return typeof reference === 'string' ? reference.replace('#/components/schemas/', '') : undefined
}
