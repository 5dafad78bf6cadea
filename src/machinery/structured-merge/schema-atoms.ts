import { zeroOf } from '../decode-values.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from '../schema.ts'
import { type Atom, deducedAtom, type FieldAtom, type ListAtom, type MapAtom, untypedAtom } from './atom.ts'

/** Atoms of the built-in kinds' schema: schemaconv/openapi.go of kube-openapi. */

const ofTypes = new WeakMap<TypeSchema, Atom>()
const ofFields = new WeakMap<FieldSchema, FieldAtom>()

const string: Atom = { scalar: 'string' }
const numeric: Atom = { scalar: 'numeric' }
const boolean: Atom = { scalar: 'boolean' }
const untypedScalar: Atom = { scalar: 'untyped' }

/** The atom of a type; the same one every time. */
export function atomOfType(type: TypeSchema): Atom {
  let atom = ofTypes.get(type)
  if (!atom) ofTypes.set(type, (atom = { map: mapOf(type, type.mapType === 'atomic') }))
  return atom
}

function mapOf({ fields }: TypeSchema, isAtomic: boolean): MapAtom {
  return {
    isAtomic,
    hasFields: fields.size > 0,
    elements: fields.size > 0 ? undefined : deducedAtom,
    field(name) {
      const field = fields.get(name)
      return field && fieldAtom(field)
    },
  }
}

/** Made when it is asked for: types contain themselves. */
function fieldAtom(field: FieldSchema): FieldAtom {
  let atom = ofFields.get(field)
  if (!atom) ofFields.set(field, (atom = { type: atomOfField(field), default: keyDefault(field) }))
  return atom
}

/** What OpenAPI tells as the default: zeros too, of fields that Go always writes. */
function keyDefault({ default: value, zeroDefault, required, value: { type } }: FieldSchema): unknown {
  if (value !== undefined || !(required || zeroDefault)) return value
  return type === 'string' ? '' : type === 'integer' ? 0 : undefined
}

function atomOfField(field: FieldSchema): Atom {
  const { value, mapType } = field
  if (value.type === 'array') return { list: listOf(field) }
  const atom = atomOfValue(value)
  if (mapType === undefined || !atom.map) return atom
  return { map: { ...atom.map, isAtomic: mapType === 'atomic' } }
}

function listOf({ value: { items }, listType, listMapKeys = [], patchStrategy, patchMergeKey }: FieldSchema): ListAtom {
  const item = items ? atomOfValue(items) : deducedAtom
  if (listType !== undefined) {
    return { items: item, isAtomic: listType === 'atomic', keys: listType === 'map' ? listMapKeys : [] }
  }
  const isMerged = patchStrategy?.includes('merge') ?? false
  return { items: item, isAtomic: !isMerged, keys: isMerged && patchMergeKey !== undefined ? [patchMergeKey] : [] }
}

function atomOfValue(value: ValueSchema): Atom {
  switch (value.type) {
    case 'string':
    case 'bytes':
      return string
    case 'integer':
    case 'number':
      return numeric
    case 'boolean':
      return boolean
    case 'time':
    case 'micro-time':
    case 'quantity':
      return untypedScalar
    case 'raw':
      return value.goType.endsWith('RawExtension') ? untypedAtom : deducedAtom
    case 'array':
      return { list: { items: value.items ? atomOfValue(value.items) : deducedAtom, isAtomic: true, keys: [] } }
    case 'map':
      return { map: entriesOf(value.items) }
    case 'object':
      return value.object ? atomOfType(value.object) : deducedAtom
    default:
      return deducedAtom
  }
}

function entriesOf(items: ValueSchema | undefined): MapAtom {
  return {
    isAtomic: false,
    hasFields: false,
    field: () => undefined,
    elements: items ? atomOfValue(items) : deducedAtom,
  }
}

/** What Go writes of a struct in which nothing is set: a new object, before there are defaults. */
export function emptyStruct(type: TypeSchema): Record<string, unknown> {
  const struct: Record<string, unknown> = {}
  for (const { name, presence, value } of type.fields.values()) {
    if (presence === 'null') struct[name] = null
    else if (presence === 'always') struct[name] = value.object ? emptyStruct(value.object) : zeroOf(value)
  }
  return struct
}
