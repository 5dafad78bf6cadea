import { isList, isObject, type JsonObject } from '../json-value.ts'
import { type Atom, deducedAtom, type FieldAtom, type ListAtom, type MapAtom, untypedAtom } from './atom.ts'

/**
 * Atoms of the structural schema of a CustomResourceDefinition's version, which is JSON here: schemaconv/openapi.go over
 * what apiextensions publishes.
 */

/** The atom of whole objects: the schema's own fields, and those that every object has. */
export function atomOfCustomResource(schema: JsonObject, metadata: Atom): Atom {
  const { map } = atomOfSchema(schema, false)
  const common: Readonly<Record<string, FieldAtom>> = {
    apiVersion: { type: { scalar: 'string' } },
    kind: { type: { scalar: 'string' } },
    metadata: { type: metadata },
  }
  return {
    map: {
      isAtomic: map?.isAtomic ?? false,
      hasFields: true,
      elements: map?.hasFields === false ? deducedAtom : map?.elements,
      field: name => (Object.hasOwn(common, name) ? common[name] : map?.field(name)),
    },
  }
}

/** The atom of one schema. Below `x-kubernetes-preserve-unknown-fields` nothing is refused. */
export function atomOfSchema(schema: JsonObject, preserves: boolean): Atom {
  const keeps = preserves || schema['x-kubernetes-preserve-unknown-fields'] === true
  switch (schema.type) {
    case 'object':
      return { map: mapOf(schema, keeps) }
    case 'array':
      return { list: listOf(schema, keeps) }
    case 'integer':
    case 'number':
      return { scalar: 'numeric' }
    case 'boolean':
      return { scalar: 'boolean' }
    case 'string':
      return { scalar: schema.format === undefined || schema.format === 'byte' ? 'string' : 'untyped' }
    default:
      return { scalar: 'untyped', list: listOf(schema, keeps), map: mapOf(schema, keeps) }
  }
}

function mapOf(schema: JsonObject, keeps: boolean): MapAtom {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const hasFields = Object.keys(properties).length > 0
  const fields = new Map<string, FieldAtom>()
  return {
    isAtomic: schema['x-kubernetes-map-type'] === 'atomic',
    hasFields,
    elements: elementsOf(schema, keeps, hasFields),
    field(name) {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (!isObject(property)) return undefined
      let field = fields.get(name)
      if (!field) fields.set(name, (field = { type: atomOfSchema(property, keeps), default: property.default }))
      return field
    },
  }
}

function elementsOf({ additionalProperties: more }: JsonObject, keeps: boolean, hasFields: boolean): Atom | undefined {
  if (more === undefined) return keeps || !hasFields ? deducedAtom : undefined
  if (isObject(more)) return atomOfSchema(more, keeps)
  return more === true ? deducedAtom : undefined
}

function listOf(schema: JsonObject, keeps: boolean): ListAtom {
  const { items, 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys } = schema
  return {
    items: isObject(items) ? atomOfSchema(items, keeps) : untypedAtom,
    isAtomic: type !== 'set' && type !== 'map',
    keys: type === 'map' && isList(keys) ? keys.map(String) : [],
  }
}
