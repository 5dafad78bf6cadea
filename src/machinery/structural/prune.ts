import { isList, isObject } from '../json-value.ts'
import { setOwn } from '../json-text.ts'
import { additionalOf, itemsOf, type JsonSchema, metaFields, propertyOf } from './schema.ts'

/** An object without the fields that its schema does not know, and the paths of those, sorted. */
export interface Pruned {
  readonly value: unknown
  readonly unknown: readonly string[]
}

/** Pruning: apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go. What needs no change is not copied. */
export function prune(value: unknown, schema: JsonSchema, isResourceRoot: boolean): Pruned {
  const unknown: string[] = []
  const pruned = pruneValue(value, schema, isResourceRoot, '', unknown)
  return { value: pruned, unknown: unknown.sort() }
}

function pruneValue(
  value: unknown,
  schema: JsonSchema | undefined,
  isRoot: boolean,
  path: string,
  unknown: string[],
): unknown {
  if (isList(value)) {
    const items = schema && itemsOf(schema)
    // What is kept whole is looked into for items that say what they are.
    if (schema?.['x-kubernetes-preserve-unknown-fields'] && !items) return value
    return sameOr(
      value,
      value.map((item, i) => pruneValue(item, items, false, `${path}[${i}]`, unknown)),
    )
  }
  return isObject(value) ? pruneFields(value, schema, isRoot, path, unknown) : value
}

function sameOr(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, i) => item === before[i]) ? before : after
}

function pruneFields(
  value: Readonly<Record<string, unknown>>,
  schema: JsonSchema = {},
  isRoot: boolean,
  path: string,
  unknown: string[],
): unknown {
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true
  const kept: Record<string, unknown> = {}
  let isSame = true
  for (const name of Object.keys(value)) {
    const held = value[name]
    const inner = path === '' ? name : `${path}.${name}`
    const known = fieldOf(schema, name)
    if (isResource && metaFields.has(name)) setOwn(kept, name, held)
    else if (known) {
      const pruned = pruneValue(held, known, false, inner, unknown)
      if (pruned !== held) isSame = false
      setOwn(kept, name, pruned)
    } else if (schema['x-kubernetes-preserve-unknown-fields']) setOwn(kept, name, held)
    else {
      unknown.push(inner)
      isSame = false
    }
  }
  return isSame ? value : kept
}

/** What holds for a field. `additionalProperties: true` says nothing of the values: of objects in them nothing stays. */
function fieldOf(schema: JsonSchema, name: string): JsonSchema | undefined {
  const known = propertyOf(schema, name) ?? additionalOf(schema)
  return known ?? (schema.additionalProperties === true ? {} : undefined)
}
