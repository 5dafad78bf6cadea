import type { FieldData, Presence, SchemaData, TypeData, ValueData, ValueType } from '../../machinery/schema.ts'
import { leafTypes, type RawType, type RawTypes, type RawValue } from './facts.ts'

/**
 * `go-facts.json`: of every type its fields in the order of the Go struct; each with marks (`*` pointer, `!` written
 * even when empty, `~` left out when empty) and its Go type where the schema does not tell it.
 */
export type GoFacts = Record<string, Record<string, string>>

const schemaProps = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'

/** The run-time schema: field descriptions stored once, types as lists of names with the number of a description. */
export function compactSchema(types: RawTypes, facts: GoFacts): SchemaData {
  const fields: FieldData[] = []
  const numbers = new Map<string, number>()
  const numberOf = (field: FieldData): number => {
    const text = JSON.stringify(field)
    const known = numbers.get(text)
    if (known !== undefined) return known
    numbers.set(text, fields.length)
    return fields.push(field) - 1
  }
  const compact = Object.entries(types).map(([name, type]): [string, TypeData] => [
    name,
    typeData(type, facts[name] ?? {}, numberOf),
  ])
  return { fields, types: Object.fromEntries(compact) }
}

function typeData(type: RawType, facts: Record<string, string>, numberOf: (field: FieldData) => number): TypeData {
  const fields: Record<string, number> = {}
  for (const name of fieldOrder(type, facts)) {
    const value = type.fields?.[name]
    if (value) fields[name] = numberOf(fieldData(value, facts[name] ?? '', type.required?.includes(name) ?? false))
  }
  const unions = type['x-kubernetes-unions']
  return { fields, kinds: type['x-kubernetes-group-version-kind'], mapType: mapTypeOf(type), unions }
}

/** kind and apiVersion first, as in every Go struct of a kind; fields that no fact is known of last. */
function fieldOrder(type: RawType, facts: Record<string, string>): string[] {
  return [...new Set([...Object.keys(facts), ...Object.keys(type.fields ?? {})])]
}

function fieldData(raw: RawValue, fact: string, required: boolean): FieldData {
  const [, marks = '', goType = ''] = /^([*!~]*)(.*)$/.exec(fact) ?? []
  const value = valueData(raw)
  return {
    value: goType ? { ...value, goType } : value,
    presence: presenceOf(value, marks),
    required: required || undefined,
    default: defaultOf(raw),
    zeroDefault: hasZeroDefault(raw, required) || undefined,
    listType: listTypeOf(raw),
    listMapKeys: raw['x-kubernetes-list-map-keys'],
    mapType: mapTypeOf(raw),
    patchStrategy: raw['x-kubernetes-patch-strategy']?.split(','),
    patchMergeKey: raw['x-kubernetes-patch-merge-key'],
  }
}

/** Structs are written even when they are empty: `omitempty` does not know an empty struct. */
function presenceOf({ type }: ValueData, marks: string): Presence {
  const isPointer = marks.includes('*') || type === 'array' || type === 'map'
  if (marks.includes('!')) return isPointer ? 'null' : 'always'
  return marks.includes('*') || type === 'object' ? 'keep' : 'omit-zero'
}

/** Defaults other than the zero, which is what an unset field is anyway. */
function defaultOf({ default: value }: RawValue): FieldData['default'] {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isScalar && value ? value : undefined
}

/** Of structs always told; of scalars that are required it follows from that. */
function hasZeroDefault({ default: value }: RawValue, required: boolean): boolean {
  if (value === undefined || value === null) return false
  return typeof value === 'object' || (!value && !required)
}

function valueData(raw: RawValue): ValueData {
  if (raw.ref) return refData(raw.ref)
  if (raw.items) {
    const items = valueData(raw.items)
    return { type: 'array', items, goType: `[]${items.goType}` }
  }
  if (raw.additionalProperties) {
    const items = valueData(raw.additionalProperties)
    return { type: 'map', items, goType: `map[string]${items.goType}` }
  }
  return { type: scalarType(raw), format: raw.type === 'string' ? undefined : raw.format, enum: raw.enum, ...goOf(raw) }
}

function refData(ref: string): ValueData {
  const leaf = leafTypes.get(ref)
  const [version = '', name = ''] = ref.split('.').slice(-2)
  const goType = `${version}.${name}`
  if (!leaf) return { type: 'object', object: ref, goType }
  return leaf.startsWith('schema-or-') ? { type: leaf, object: schemaProps, goType } : { type: leaf, goType }
}

function scalarType(raw: RawValue): ValueType {
  if (raw.type === 'string') return raw.format === 'byte' ? 'bytes' : 'string'
  if (raw.type === 'integer' || raw.type === 'number' || raw.type === 'boolean') return raw.type
  return 'raw'
}

function goOf(raw: RawValue): { goType: string } {
  if (raw.type === 'integer') return { goType: raw.format ?? 'int' }
  if (raw.type === 'number') return { goType: 'float64' }
  if (raw.type === 'boolean') return { goType: 'bool' }
  return { goType: raw.format === 'byte' ? '[]uint8' : 'string' }
}

function listTypeOf(raw: RawValue): FieldData['listType'] {
  const type = raw['x-kubernetes-list-type']
  return type === 'atomic' || type === 'set' || type === 'map' ? type : undefined
}

function mapTypeOf(raw: RawValue | RawType): FieldData['mapType'] {
  const type = raw['x-kubernetes-map-type']
  return type === 'atomic' || type === 'granular' ? type : undefined
}
