/** The types of CEL, as the checker knows them: cel-go/common/types/types.go. */
export interface CelType {
  readonly kind: TypeKind
  /** What declares it: `int`, `list`, the name of a struct or of an opaque type, the name of a type parameter. */
  readonly name: string
  readonly params: readonly CelType[]
}

export type TypeKind =
  | 'dyn'
  | 'error'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'list'
  | 'map'
  | 'type'
  | 'opaque'
  | 'struct'
  | 'param'

function simple(kind: TypeKind, name: string = kind): CelType {
  return { kind, name, params: [] }
}

export const dynType = simple('dyn')
export const errorType = simple('error')
export const boolType = simple('bool')
export const intType = simple('int')
export const uintType = simple('uint')
export const doubleType = simple('double')
export const stringType = simple('string')
export const bytesType = simple('bytes')
export const nullType = simple('null', 'null_type')
export const timestampType = simple('timestamp', 'google.protobuf.Timestamp')
export const durationType = simple('duration', 'google.protobuf.Duration')
export const paramA = simple('param', 'A')
export const paramB = simple('param', 'B')

export function listOf(items: CelType): CelType {
  return { kind: 'list', name: 'list', params: [items] }
}

export function mapOf(keys: CelType, values: CelType): CelType {
  return { kind: 'map', name: 'map', params: [keys, values] }
}

/** The type of a type: of `int` in `type(x) == int`. */
export function typeOfType(of?: CelType): CelType {
  return { kind: 'type', name: 'type', params: of ? [of] : [] }
}

export function optionalOf(value: CelType): CelType {
  return opaque('optional_type', value)
}

/** A type of which expressions know the name only: `kubernetes.Quantity`. */
export function opaque(name: string, ...params: CelType[]): CelType {
  return { kind: 'opaque', name, params }
}

export function struct(name: string): CelType {
  return simple('struct', name)
}

export function param(name: string): CelType {
  return simple('param', name)
}

export function isOptional(type: CelType): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type'
}

/** The type inside an optional one; any other as it is. */
export function unwrapped(type: CelType): CelType {
  return isOptional(type) ? (type.params[0] ?? dynType) : type
}

export function isSameType(a: CelType, b: CelType): boolean {
  if (a === b) return true
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false
  return a.params.every((each, i) => isSameType(each, b.params[i] as CelType))
}

const printed: Partial<Record<TypeKind, string>> = {
  duration: 'duration',
  timestamp: 'timestamp',
  error: '!error!',
  null: 'null',
}

/** How messages of the checker name a type: checker/format.go. */
export function formatType(type: CelType): string {
  const word = printed[type.kind]
  if (word !== undefined) return word
  if (type.params.length === 0) return type.name
  return `${type.name}(${type.params.map(formatType).join(', ')})`
}
