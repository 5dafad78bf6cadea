// Documents of patches: parts of an object with directives, and JSON patches whose pointers may lead nowhere.
import { setOwn } from '../../machinery/json-text.ts'
import { isList, isObject } from '../../machinery/json-value.ts'
import type { Chance } from './chance.ts'
import { copyOf, oddKeys, oddValue, spoil } from './oddities.ts'

/** Part of an object, spoilt, with directives. */
export function mergePatch(chance: Chance, object: unknown, type: string, stranger: () => unknown): unknown {
  const isApply = type === 'application/apply-patch+yaml'
  const part = isApply ? withoutServerFields(object) : partOf(chance, object)
  const spoilt = spoil(chance, part, chance.below(3), stranger)
  return chance.is(0.4) ? spoil(chance, withDirectives(chance, spoilt, 0), 0, stranger) : spoilt
}

function withoutServerFields(object: unknown): unknown {
  if (!isObject(object) || !isObject(object['metadata'])) return object
  const { managedFields: _, resourceVersion: __, uid: ___, creationTimestamp: ____, ...metadata } = object['metadata']
  return { ...object, metadata }
}

function partOf(chance: Chance, value: unknown): unknown {
  if (!isObject(value)) return copyOf(value)
  const part: Record<string, unknown> = {}
  for (const key of Object.keys(value)) if (chance.is(0.5)) setOwn(part, key, partOf(chance, value[key]))
  return part
}

function withDirectives(chance: Chance, value: unknown, depth: number): unknown {
  if (isList(value)) {
    const items = value.map(item => withDirectives(chance, item, depth + 1))
    return chance.is(0.3) ? [...items, { $patch: chance.one(['replace', 'delete', 'merge', 'odd']) }] : items
  }
  if (!isObject(value)) return chance.is(0.05) ? null : value
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    setOwn(result, key, withDirectives(chance, value[key], depth + 1))
    if (chance.is(0.1)) result[`$setElementOrder/${key}`] = chance.is(0.5) ? value[key] : oddValue(chance)
    if (chance.is(0.1)) result[`$deleteFromPrimitiveList/${key}`] = chance.is(0.5) ? value[key] : oddValue(chance)
  }
  if (chance.is(0.15)) result['$patch'] = chance.is(0.7) ? chance.one(['replace', 'delete', 'merge']) : oddValue(chance)
  if (chance.is(0.1)) result['$retainKeys'] = chance.is(0.5) ? Object.keys(value) : oddValue(chance)
  return result
}

export function jsonPatch(chance: Chance, object: unknown, stranger: () => unknown): unknown {
  if (chance.is(0.05)) return oddValue(chance)
  return Array.from({ length: 1 + chance.below(4) }, () => {
    const operation: Record<string, unknown> = {
      op: chance.is(0.95) ? chance.one(['add', 'remove', 'replace', 'move', 'copy', 'test']) : oddValue(chance),
      path: chance.is(0.95) ? pointer(chance, object) : oddValue(chance),
    }
    if (chance.is(0.8)) operation['value'] = chance.is(0.5) ? oddValue(chance) : stranger()
    if (chance.is(0.5)) operation['from'] = pointer(chance, object)
    return operation
  })
}

/** A JSON pointer into an object, which may leave it at the end. */
function pointer(chance: Chance, object: unknown): string {
  const parts: string[] = []
  let value = object
  while (!chance.is(0.15)) {
    const key = isList(value)
      ? String(chance.below(value.length + 1))
      : isObject(value)
        ? chance.any(Object.keys(value))
        : undefined
    if (key === undefined) break
    parts.push(key.replaceAll('~', '~0').replaceAll('/', '~1'))
    value = isList(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined
  }
  if (chance.is(0.2))
    parts.push(
      chance.is(0.5) ? chance.one(['-', '-1', '01', '1e0', '99999999999', '~2', '', ' 0']) : chance.one(oddKeys),
    )
  return chance.is(0.03) ? parts.join('/') : parts.map(part => `/${part}`).join('')
}
