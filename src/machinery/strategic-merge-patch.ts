import { goValue } from './go-text.ts'
import { setOwn } from './json-text.ts'
import { isList, isNone, isObject, type JsonObject, jsonType, member, withoutNulls } from './json-value.ts'
import { isEqual } from './object.ts'
import {
  badOrderList,
  badPatchType,
  badRetainKeys,
  deletePrefix,
  fieldOfDirective,
  holdsObjects,
  identity,
  isDeletion,
  mergeField,
  type MergeSchema,
  noMergeKey,
  orderPrefix,
  patchDirective,
  patchError,
  requireList,
  requireObject,
  retainKeysDirective,
  weave,
} from './patch-lists.ts'

/**
 * Applying strategic merge patches: apimachinery/pkg/util/strategicpatch/patch.go. Lists that the schema gives a merge key
 * are merged item by item; directives in the patch delete, replace and order. Inputs are never changed, and what a patch
 * does not touch is shared with the result. Refusals are thrown as the API server answers them.
 */

/** The document after the patch. */
export function applyStrategicMergePatch(document: JsonObject, patch: JsonObject, schema: MergeSchema): JsonObject {
  return mergeObject(document, patch, schema, { keepDirectives: false })
}

/**
 * One patch that does what two do, the second after the first. For three-way patches: directives and nulls of both stay
 * in the result instead of being carried out.
 */
export function combinePatches(first: JsonObject, second: JsonObject, schema: MergeSchema): JsonObject {
  return mergeObject(first, second, schema, { keepDirectives: true })
}

interface MergeOptions {
  /** The document is a patch itself. */
  readonly keepDirectives: boolean
}

/** An object under construction: a copy whose members are those of the original until the patch changes them. */
type Draft = Record<string, unknown>

function mergeObject(original: JsonObject, patch: JsonObject, schema: MergeSchema, options: MergeOptions): JsonObject {
  const directive = patch[patchDirective]
  if (directive !== undefined) return obeyDirective(directive, patch)

  const result: Draft = { ...original }
  let rest = patch
  if (hasDirectives(patch)) {
    const draft = { ...patch }
    retainKeys(result, draft, options)
    mergeOrderedLists(result, draft, schema, options)
    rest = draft
  }
  for (const key in rest) mergeMember(result, key, rest[key], schema, options)
  return result
}

function hasDirectives(patch: JsonObject): boolean {
  for (const key in patch) if (key.startsWith('$')) return true
  return false
}

function obeyDirective(directive: unknown, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {}
  if (directive !== 'replace') throw badPatchType(directive, patch)
  const { [patchDirective]: _, ...rest } = patch
  return rest
}

/** `$retainKeys` removes every member that it does not list, such as rollingUpdate of a strategy that became Recreate. */
function retainKeys(result: Draft, patch: Draft, { keepDirectives }: MergeOptions): void {
  const retained = member(patch, retainKeysDirective)
  if (retained === undefined) return
  Reflect.deleteProperty(patch, retainKeysDirective)
  if (keepDirectives) {
    const already = member(result, retainKeysDirective)
    if (already !== undefined && !isEqual(already, retained)) {
      const both = `${goValue(already)} and ${goValue(retained)}`
      throw patchError(`${both} are not deep equal: this may happen when calculating the 3-way diff patch`)
    }
    result[retainKeysDirective] = retained
    return
  }
  if (!isList(retained)) throw badRetainKeys()
  for (const [key, value] of Object.entries(patch)) {
    if (isNone(value) || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue
    if (!retained.includes(key)) throw badRetainKeys()
  }
  for (const key of Object.keys(result)) if (!retained.includes(key)) Reflect.deleteProperty(result, key)
}

/** Carries out each `$setElementOrder` together with the list that it orders. */
function mergeOrderedLists(result: Draft, patch: Draft, schema: MergeSchema, options: MergeOptions): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(orderPrefix)) continue
    const order = requireList(patch[key])
    Reflect.deleteProperty(patch, key)
    if (options.keepDirectives) {
      const already = member(result, key)
      if (already !== undefined && !isEqual(already, order)) throw badOrderList()
      result[key] = order
    }
    const name = fieldOfDirective(key, orderPrefix)
    const { strategy, mergeKey, schema: itemSchema } = mergeField(schema, name)
    const original = listIn(result, name)
    const changes = listIn(patch, name)
    checkOrder(changes ?? [], order, mergeKey)
    if (!original && !changes) continue

    const list = { mergeKey, schema: itemSchema, options }
    let merged = original ?? []
    if (!original) merged = requireList(withoutDirectives(changes))
    else if (changes) merged = strategy === 'merge' ? mergeList(original, changes, list) : changes
    holdsObjects(original ?? [], changes ?? [])
    setOwn(result, name, weave(merged, order, original ?? [], mergeKey))
    Reflect.deleteProperty(patch, name)
  }
}

function listIn(draft: Draft, name: string): readonly unknown[] | undefined {
  const value = member(draft, name)
  return value === undefined ? undefined : requireList(value)
}

/** A patch may not name items in another order than the order that it demands. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (patch.length === 0 || order.length === 0) return
  if (mergeKey !== '') patch.forEach(requireObject)
  const items = mergeKey === '' ? patch : patch.filter(item => !isDeletion(item))
  let position = 0
  let next = 0
  while (position < items.length && next < order.length) {
    const item = items[position]
    if (isObject(item) && patchDirective in item) {
      position++
      continue
    }
    if (isSameItem(item, order[next], mergeKey)) position++
    next++
  }
  if (position < items.length && next >= order.length) {
    throw patchError(
      `The order in patch list:\n${goValue(patch)}\n doesn't match ${orderPrefix} list:\n${goValue(order)}\n`,
    )
  }
}

function isSameItem(left: unknown, right: unknown, mergeKey: string): boolean {
  return mergeKey === '' ? left === right : idOf(left, mergeKey) === idOf(right, mergeKey)
}

function idOf(item: unknown, mergeKey: string): unknown {
  const id = requireObject(item)[mergeKey]
  if (id === undefined) throw noMergeKey(item, mergeKey)
  return id
}

function mergeMember(result: Draft, key: string, value: unknown, schema: MergeSchema, options: MergeOptions): void {
  const deletes = key.startsWith(deletePrefix)
  if (deletes && options.keepDirectives) {
    setOwn(result, key, value)
    return
  }
  const name = deletes ? fieldOfDirective(key, deletePrefix) : key
  if (isNone(value)) {
    if (options.keepDirectives && !deletes) setOwn(result, name, null)
    else Reflect.deleteProperty(result, name)
    return
  }
  const original = member(result, name)
  if (original === undefined || jsonType(original) !== jsonType(value)) {
    if (!deletes) replaceMember(result, name, options.keepDirectives ? value : withoutNulls(value))
    return
  }
  const field = mergeField(schema, name)
  if (isObject(original) && isObject(value)) {
    const merged = field.strategy === 'replace' ? value : mergeObject(original, value, field.schema, options)
    setOwn(result, name, merged)
  } else if (isList(original) && isList(value)) {
    const list = { mergeKey: field.mergeKey, schema: field.schema, options, deletes }
    setOwn(result, name, field.strategy === 'merge' || deletes ? mergeList(original, value, list) : value)
  } else {
    replaceMember(result, name, value)
  }
}

function replaceMember(result: Draft, name: string, value: unknown): void {
  const kept = withoutDirectives(value)
  if (kept === undefined) Reflect.deleteProperty(result, name)
  else setOwn(result, name, kept)
}

/** What is new has nothing to delete: objects that carry a `$patch` directive are dropped. */
function withoutDirectives(value: unknown): unknown {
  if (isList(value)) return value.map(withoutDirectives).filter(item => item !== undefined)
  if (!isObject(value)) return value
  if (patchDirective in value) return undefined
  const kept: Draft = {}
  for (const key in value) {
    const inner = withoutDirectives(value[key])
    if (inner !== undefined) setOwn(kept, key, inner)
  }
  return kept
}

interface ListMerge {
  readonly mergeKey: string
  readonly schema: MergeSchema
  readonly options: MergeOptions
  /** The patch lists what to remove. */
  readonly deletes?: boolean
}

function mergeList(original: readonly unknown[], patch: readonly unknown[], list: ListMerge): readonly unknown[] {
  if (original.length === 0 && patch.length === 0) return original
  const { mergeKey, schema } = list
  if (!holdsObjects(original, patch)) {
    if (list.deletes) return original.filter(item => !patch.includes(item))
    return weave([...new Set([...original, ...patch])], patch, original, mergeKey)
  }
  if (mergeKey === '') throw patchError(`cannot merge lists without merge key for ${schema ? 'struct' : 'map'}`)
  const special = obeyItemDirectives(original, patch, mergeKey)
  const merged = mergeItems(special.original, special.patch, list)
  return weave(merged, special.patch, special.original, mergeKey)
}

/** Items of the patch that delete an item of the list or replace the whole list. */
function obeyItemDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { original: readonly unknown[]; patch: readonly unknown[] } {
  const plain: unknown[] = []
  let left = original
  let replaces = false
  for (const item of patch.map(requireObject)) {
    const directive = item[patchDirective]
    if (directive === undefined) plain.push(item)
    else if (directive === 'delete') {
      const id = item[mergeKey]
      if (id === undefined) throw noMergeKey(item, mergeKey)
      left = left.filter(other => identity(other, mergeKey) !== id)
    } else if (directive === 'replace') replaces = true
    else if (directive === 'merge') throw patchError('merging lists cannot yet be specified in the patch')
    else throw badPatchType(directive, item)
  }
  return replaces ? { original: plain, patch: [] } : { original: left, patch: plain }
}

function mergeItems(original: readonly unknown[], patch: readonly unknown[], list: ListMerge): readonly unknown[] {
  const { mergeKey, schema, options } = list
  const merged = [...original]
  for (const item of patch.map(requireObject)) {
    const id = item[mergeKey]
    if (id === undefined) throw noMergeKey(item, mergeKey)
    const position = merged.findIndex(other => identity(other, mergeKey) === id)
    const existing = merged[position]
    if (isObject(existing)) merged[position] = mergeObject(existing, item, schema, options)
    else merged.push(item)
  }
  return merged
}
