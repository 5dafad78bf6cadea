import { isList, isObject } from '../../../machinery/json-value.ts'
import type { OpenApiSchema } from './schemas.ts'

/** What OpenAPI 2 does not know, or what kubectl of old would have taken for something else. */
const unknown = new Set(['default', 'nullable', 'oneOf', 'anyOf', 'allOf', 'not'])

/**
 * The schema of a custom resource in OpenAPI 2: ToStructuralOpenAPIV2 of apiextensions-apiserver. Where unknown fields are
 * kept, or a value may be number or text, nothing is told of the form.
 */
export function forVersion2(schema: OpenApiSchema): OpenApiSchema {
  const isLoose =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-int-or-string'] === true ||
    schema.nullable === true
  const kept = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (unknown.has(key) && !(key === 'allOf' && isReference(value))) return []
    if (isLoose && (key === 'type' || key === 'properties' || key === 'items')) return []
    if (key === 'allOf') return isList(value) && isObject(value[0]) ? [['$ref', referenceIn(value[0])]] : []
    if (key === 'properties' && isObject(value)) return [[key, innerOf(value)]]
    if ((key === 'items' || key === 'additionalProperties') && isObject(value)) return [[key, forVersion2(value)]]
    return [[key, value]]
  })
  return Object.fromEntries(kept)
}

function innerOf(properties: OpenApiSchema): OpenApiSchema {
  const inner = Object.entries(properties).map(([name, value]) => [name, isObject(value) ? forVersion2(value) : value])
  return Object.fromEntries(inner)
}

/** A reference that is wrapped because something stands beside it. */
function isReference(value: unknown): boolean {
  return isList(value) && value.length === 1 && isObject(value[0]) && typeof value[0].$ref === 'string'
}

function referenceIn(value: OpenApiSchema): string {
  return String(value.$ref).replace('#/components/schemas/', '#/definitions/')
}
