import type { Docs } from '../../../machinery/docs.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from '../../../machinery/schema.ts'

/** The two forms of OpenAPI differ in where schemas stand and in what they may say beside a reference. */
export type Form = 'v2' | 'v3'

/** A schema as OpenAPI writes it. */
export type OpenApiSchema = Readonly<Record<string, unknown>>

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'

/** Types that stand for one JSON value of their own form: what OpenAPI calls them, by their Go type. */
const leafNames: Readonly<Record<string, string>> = {
  'v1.Time': `${meta}.Time`,
  'v1.MicroTime': `${meta}.MicroTime`,
  'v1.FieldsV1': `${meta}.FieldsV1`,
  'resource.Quantity': quantity,
  'intstr.IntOrString': intOrString,
  'runtime.RawExtension': 'io.k8s.apimachinery.pkg.runtime.RawExtension',
  'v1.JSON': `${extensions}.JSON`,
  'v1.JSONSchemaPropsOrArray': `${extensions}.JSONSchemaPropsOrArray`,
  'v1.JSONSchemaPropsOrBool': `${extensions}.JSONSchemaPropsOrBool`,
  'v1.JSONSchemaPropsOrStringArray': `${extensions}.JSONSchemaPropsOrStringArray`,
}

const versionFields = [
  ...['major', 'minor', 'gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'],
]
const emulationFields = ['emulationMajor', 'emulationMinor', 'minCompatibilityMajor', 'minCompatibilityMinor']

/** Their schemas: the OpenAPISchemaType and OpenAPIV3OneOfTypes of the Go types. */
const leaves: ReadonlyMap<string, Readonly<Record<Form, OpenApiSchema>>> = new Map([
  [`${meta}.Time`, both({ type: 'string', format: 'date-time' })],
  [`${meta}.MicroTime`, both({ type: 'string', format: 'date-time' })],
  [`${meta}.FieldsV1`, both({ type: 'object' })],
  [`${meta}.Patch`, both({ type: 'object' })],
  [quantity, { v2: { type: 'string' }, v3: { oneOf: [{ type: 'string' }, { type: 'number' }] } }],
  [
    intOrString,
    {
      v2: { type: 'string', format: 'int-or-string' },
      v3: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    },
  ],
  ['io.k8s.apimachinery.pkg.version.Info', both(stringFields([...versionFields, ...emulationFields], versionFields))],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', both({ type: 'object' })],
  [`${extensions}.JSON`, both({})],
  [`${extensions}.JSONSchemaPropsOrArray`, both({})],
  [`${extensions}.JSONSchemaPropsOrBool`, both({})],
  [`${extensions}.JSONSchemaPropsOrStringArray`, both({})],
])

/** What `/version` answers: a struct that is in no group. */
function stringFields(names: readonly string[], required: readonly string[]): OpenApiSchema {
  const properties = Object.fromEntries(
    [...names].sort().map(name => [name, { ...(required.includes(name) && { default: '' }), type: 'string' }]),
  )
  return { type: 'object', properties, required }
}

function both(schema: OpenApiSchema): Record<Form, OpenApiSchema> {
  return { v2: schema, v3: schema }
}

/** Where a reference to a type points. */
export function refTo(name: string, form: Form): string {
  return form === 'v3' ? `#/components/schemas/${name}` : `#/definitions/${name}`
}

/** The schema of a type that stands for one value; undefined of types with fields. */
export function leafSchema(name: string, form: Form): OpenApiSchema | undefined {
  return leaves.get(name)?.[form]
}

/**
 * The schema of a type as an API server publishes it: kube-openapi's generator over the Go types. OpenAPI 3 tells
 * defaults and wraps references that have something beside them; OpenAPI 2 does neither.
 */
export function typeSchema(type: TypeSchema, docs: Docs, form: Form): OpenApiSchema {
  const properties: Record<string, OpenApiSchema> = {}
  for (const name of [...type.fields.keys()].sort()) {
    const field = type.fields.get(name)
    if (field) properties[name] = fieldSchema(type, field, docs, form)
  }
  const required = [...type.fields.values()].filter(field => field.required).map(({ name }) => name)
  const description = docs.ofType(type.name)
  return {
    ...(description !== '' && { description }),
    type: 'object',
    ...(type.fields.size > 0 && { properties }),
    ...(required.length > 0 && { required }),
    ...(type.kinds.length > 0 && { 'x-kubernetes-group-version-kind': type.kinds }),
    ...(type.mapType && { 'x-kubernetes-map-type': type.mapType }),
    ...(type.unions && { 'x-kubernetes-unions': type.unions }),
  }
}

function fieldSchema(type: TypeSchema, field: FieldSchema, docs: Docs, form: Form): OpenApiSchema {
  const description = docs.ofField(type.name, field.name)
  const told = form === 'v3' ? defaultOf(field) : undefined
  return beside(valueSchema(field.value, form), form, {
    ...(description !== '' && { description }),
    ...(told !== undefined && { default: told }),
    ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
    ...(field.listMapKeys && { 'x-kubernetes-list-map-keys': field.listMapKeys }),
    ...(field.mapType && { 'x-kubernetes-map-type': field.mapType }),
    ...(field.patchStrategy && { 'x-kubernetes-patch-strategy': field.patchStrategy.join(',') }),
    ...(field.patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
  })
}

const zeros: Readonly<Record<string, unknown>> = { string: '', integer: 0, number: 0, boolean: false, object: {} }

/** Zeros are told of structs and of what Go always writes. */
function defaultOf({ default: value, zeroDefault, required, presence, value: { type } }: FieldSchema): unknown {
  if (value !== undefined || zeroDefault) return value ?? zeros[type]
  const isAlways = required && presence === 'always' && type !== 'object'
  return isAlways ? zeros[type] : undefined
}

/** In OpenAPI 3 nothing may stand beside a reference, so it is wrapped (kube-openapi/pkg/builder3/util). */
function beside(schema: OpenApiSchema, form: Form, more: OpenApiSchema): OpenApiSchema {
  if (!('$ref' in schema) || form === 'v2' || Object.keys(more).length === 0) return { ...more, ...schema }
  return { ...more, allOf: [schema] }
}

function valueSchema(value: ValueSchema, form: Form): OpenApiSchema {
  const { type, format, items, object, enum: words, goType } = value
  const leaf = leafNames[goType]
  if (leaf !== undefined) return { $ref: refTo(leaf, form) }
  switch (type) {
    case 'object':
      return object ? { $ref: refTo(object.name, form) } : { type }
    case 'array':
      return { type, ...(items && { items: innerSchema(items, form) }) }
    case 'map':
      return { type: 'object', ...(items && { additionalProperties: innerSchema(items, form) }) }
    case 'bytes':
      return { type: 'string', format: 'byte' }
    case 'integer':
    case 'number':
    case 'boolean':
    case 'string':
      return { type, ...(format !== undefined && { format }), ...(words && { enum: words }) }
    default:
      return { type: 'object' }
  }
}

/** Items and values have the zero of their type as default, those of lists and leaves excepted. */
function innerSchema(value: ValueSchema, form: Form): OpenApiSchema {
  const schema = valueSchema(value, form)
  const zero = form === 'v3' && leafNames[value.goType] === undefined ? zeros[value.type] : undefined
  return zero === undefined ? schema : beside(schema, form, { default: zero })
}

/** The types that a type names directly. */
export function typesIn(type: TypeSchema): (TypeSchema | string)[] {
  return [...type.fields.values()].flatMap(({ value }) => typesOfValue(value))
}

function typesOfValue(value: ValueSchema): (TypeSchema | string)[] {
  const leaf = leafNames[value.goType]
  if (leaf !== undefined) return [leaf]
  if (value.object) return [value.object]
  return value.items ? typesOfValue(value.items) : []
}
