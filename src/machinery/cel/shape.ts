import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  stringType,
  struct,
  timestampType,
} from './cel-type.ts'

/** What a schema says of a value, as far as expressions care: apiserver/pkg/cel/types.go, DeclType. */
export type Shape =
  | { readonly form: 'scalar'; readonly type: Scalar }
  | { readonly form: 'list'; readonly items: Shape; readonly listType?: { readonly keys: readonly string[] } }
  | { readonly form: 'map'; readonly values: Shape }
  | { readonly form: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, ShapeField> }

/** `time` and `date` are texts that become timestamps. */
export type Scalar = 'bool' | 'int' | 'double' | 'string' | 'bytes' | 'time' | 'date' | 'duration' | 'dyn'

/** A field by the name that expressions use, which may be escaped. */
export interface ShapeField {
  readonly name: string
  readonly shape: Shape
}

const scalars: Readonly<Record<Scalar, CelType>> = {
  bool: boolType,
  int: intType,
  double: doubleType,
  string: stringType,
  bytes: bytesType,
  time: timestampType,
  date: timestampType,
  duration: durationType,
  dyn: dynType,
}

export function typeOfShape(shape: Shape): CelType {
  switch (shape.form) {
    case 'scalar':
      return scalars[shape.type]
    case 'list':
      return listOf(typeOfShape(shape.items))
    case 'map':
      return mapOf(stringType, typeOfShape(shape.values))
    case 'object':
      return struct(shape.name)
  }
}

/** The fields of every object in a shape, for an environment. */
export function structsOf(shape: Shape): ReadonlyMap<string, ReadonlyMap<string, CelType>> {
  const structs = new Map<string, ReadonlyMap<string, CelType>>()
  gather(shape, structs)
  return structs
}

function gather(shape: Shape, structs: Map<string, ReadonlyMap<string, CelType>>): void {
  if (shape.form === 'list') gather(shape.items, structs)
  if (shape.form === 'map') gather(shape.values, structs)
  if (shape.form !== 'object' || structs.has(shape.name)) return
  const fields = [...shape.fields].map(([name, field]) => [name, typeOfShape(field.shape)] as const)
  structs.set(shape.name, new Map(fields))
  for (const field of shape.fields.values()) gather(field.shape, structs)
}

/** Words of CEL that cannot be the names of fields. */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** A property's name as expressions write it, or undefined if they cannot: apiserver/pkg/cel/escaping.go. */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_.\-/]*$/.test(name)) return undefined
  if (reserved.has(name)) return `__${name}__`
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__')
}
