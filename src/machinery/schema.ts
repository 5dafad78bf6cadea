/**
 * The schema of the API at run time: of every type its fields, and of every field what a reader or writer of objects
 * needs to know. The data comes from the build step (src/api/schema); src/api/schema.ts binds the two. Everything is
 * resolved when the schema is made, so that a walk follows plain references.
 */

/** The forms that a value can have in JSON. Those from `time` on are written as one JSON value but checked by their own rules. */
export type ValueType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'bytes'
  | 'array'
  | 'map'
  | 'object'
  | 'time'
  | 'micro-time'
  | 'quantity'
  | 'int-or-string'
  | 'raw'
  | 'schema-or-array'
  | 'schema-or-bool'
  | 'schema-or-strings'

/** What a field, an item of an array or a value of a map holds. */
export interface ValueSchema {
  readonly type: ValueType
  /** int32, int64 or double for numbers. */
  readonly format?: string
  readonly enum?: readonly string[]
  /** Items of an array, values of a map. */
  readonly items?: ValueSchema
  /** The fields of an object, and of the schemas in `schema-or-…`. */
  readonly object?: TypeSchema
  /** The Go type as upstream's error messages print it: `int32`, `[]v1.Container`. */
  readonly goType: string
}

/**
 * What becomes of a field that is unset or zero (0, '', false, [], {}) when Go writes the object. `omit-zero`: it is left
 * out either way. `keep`: a pointer, of which a zero is written. `always`: the zero is written even if the field is unset.
 * `null`: likewise, but null if it is unset.
 */
export type Presence = 'omit-zero' | 'keep' | 'always' | 'null'

export interface FieldSchema {
  readonly name: string
  /** Its place in the Go struct. */
  readonly position: number
  readonly value: ValueSchema
  readonly presence: Presence
  readonly required: boolean
  /** What the server sets if the field is unset; zeros are not listed. */
  readonly default?: string | number | boolean
  /**
   * OpenAPI tells that it defaults to its zero: of a struct, or of a scalar although it is optional (keys of lists are
   * completed with that).
   */
  readonly zeroDefault?: boolean
  /** How server-side apply treats the list: atomic (default), set or map. */
  readonly listType?: 'atomic' | 'set' | 'map'
  readonly listMapKeys?: readonly string[]
  readonly mapType?: 'atomic' | 'granular'
  /** How a strategic merge patch treats the field: merge, replace, retainKeys. */
  readonly patchStrategy?: readonly string[]
  readonly patchMergeKey?: string
}

export interface TypeSchema {
  /** The OpenAPI name: io.k8s.api.core.v1.PodSpec. */
  readonly name: string
  /** The last part of it, which is the name of the Go struct: PodSpec. */
  readonly structName: string
  /** In the order of the Go struct, which is the order in which the API server writes them. */
  readonly fields: ReadonlyMap<string, FieldSchema>
  /** Fields that every object has, also if nobody set them: zeros that Go writes, and defaults. */
  readonly filled: readonly FieldSchema[]
  readonly mapType?: 'atomic' | 'granular'
  /** Of which fields one excludes the others: `x-kubernetes-unions` as OpenAPI has it. */
  readonly unions?: readonly object[]
  /** The kinds that have this type. */
  readonly kinds: readonly GroupVersionKind[]
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

export interface Schema {
  /** The type of a kind. */
  schemaOf(gvk: GroupVersionKind): TypeSchema | undefined
  /** A type by its OpenAPI name. */
  typeNamed(name: string): TypeSchema | undefined
  readonly types: ReadonlyMap<string, TypeSchema>
}

/** A value in the build step's output: like ValueSchema, but with types by name. */
export interface ValueData {
  type: ValueType
  format?: string
  enum?: readonly string[]
  items?: ValueData
  /** OpenAPI name. */
  object?: string
  goType: string
}

/** Everything of a field but its name. Equal descriptions are stored once. */
export interface FieldData {
  value: ValueData
  presence: Presence
  required?: boolean
  default?: string | number | boolean
  zeroDefault?: boolean
  listType?: 'atomic' | 'set' | 'map'
  listMapKeys?: readonly string[]
  mapType?: 'atomic' | 'granular'
  patchStrategy?: readonly string[]
  patchMergeKey?: string
}

export interface TypeData {
  /** Field name → index into `fields`. */
  fields: Record<string, number>
  kinds?: GroupVersionKind[]
  mapType?: 'atomic' | 'granular'
  unions?: readonly object[]
}

/** The build step's output. */
export interface SchemaData {
  fields: FieldData[]
  types: Record<string, TypeData>
}

interface TypeShell extends TypeSchema {
  readonly fields: Map<string, FieldSchema>
  readonly filled: FieldSchema[]
}

/** Makes the schema that the data describes. */
export function createSchema(data: SchemaData): Schema {
  const types = new Map<string, TypeShell>()
  const kinds = new Map<string, TypeSchema>()
  for (const [name, type] of Object.entries(data.types)) {
    const shell = shellOf(name, type)
    types.set(name, shell)
    for (const gvk of shell.kinds) kinds.set(keyOf(gvk), shell)
  }
  const fieldOf = fieldReader(data.fields, types)
  for (const [name, type] of types) fill(type, data.types[name]?.fields ?? {}, fieldOf)
  return {
    types,
    schemaOf: gvk => kinds.get(keyOf(gvk)),
    typeNamed: name => types.get(name),
  }
}

function keyOf({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`
}

/** A type without its fields: types refer to one another in circles. */
function shellOf(name: string, { kinds = [], mapType, unions }: TypeData): TypeShell {
  const structName = name.slice(name.lastIndexOf('.') + 1)
  return { name, structName, fields: new Map(), filled: [], mapType, unions, kinds }
}

function fill(type: TypeShell, fields: Record<string, number>, fieldOf: FieldReader): void {
  for (const [position, [name, index]] of Object.entries(fields).entries()) {
    const field = fieldOf(name, position, index)
    type.fields.set(name, field)
    if (field.presence === 'always' || field.presence === 'null' || field.default) type.filled.push(field)
  }
}

type FieldReader = (name: string, position: number, index: number) => FieldSchema

function fieldReader(descriptions: readonly FieldData[], types: ReadonlyMap<string, TypeSchema>): FieldReader {
  const values = descriptions.map(({ value }) => resolve(value, types))
  return (name, position, index) => {
    // An index that is out of range is a mistake of the build step, which its tests would notice.
    const { value: _, required = false, ...rest } = descriptions[index] as FieldData
    return { name, position, value: values[index] as ValueSchema, required, ...rest }
  }
}

function resolve(value: ValueData, types: ReadonlyMap<string, TypeSchema>): ValueSchema {
  const { items, object, ...rest } = value
  return {
    ...rest,
    items: items && resolve(items, types),
    object: object === undefined ? undefined : types.get(object),
  }
}
