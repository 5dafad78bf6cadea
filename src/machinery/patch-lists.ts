import { compareBytes, goTypeOf, goValue } from './go-text.ts'
import { isList, isObject, type JsonObject, jsonType } from './json-value.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from './schema.ts'
import { ApiError, badRequest } from './status.ts'

/**
 * What making and applying strategic merge patches have in common: the directives, what the schema says of a field, and
 * the order of list items (apimachinery/pkg/util/strategicpatch/patch.go, mergepatch/errors.go).
 */

export const patchDirective = '$patch'
export const retainKeysDirective = '$retainKeys'
export const deletePrefix = '$deleteFromPrimitiveList'
export const orderPrefix = '$setElementOrder'

/** The type of the object being patched; undefined where the schema knows nothing (maps, custom resources' parts). */
export type MergeSchema = TypeSchema | undefined

export interface MergeField {
  readonly strategy: 'merge' | 'replace' | ''
  readonly retainKeys: boolean
  /** '' for lists of scalars. */
  readonly mergeKey: string
  /** The type of the object, or of the list's items. */
  readonly schema: MergeSchema
}

const unknownField: MergeField = { strategy: '', retainKeys: false, mergeKey: '', schema: undefined }

/** A memo: it gives what looking again would. */
const mergeFields = new WeakMap<FieldSchema, MergeField>()

/** How a field is patched. */
export function mergeField(schema: MergeSchema, name: string): MergeField {
  const field = schema?.fields.get(name)
  if (!field) return unknownField
  let known = mergeFields.get(field)
  if (!known) mergeFields.set(field, (known = mergeFieldOf(field)))
  return known
}

function mergeFieldOf({ patchStrategy: strategies = [], patchMergeKey, value }: FieldSchema): MergeField {
  return {
    strategy: strategies.includes('merge') ? 'merge' : strategies.includes('replace') ? 'replace' : '',
    retainKeys: strategies.includes('retainKeys'),
    mergeKey: patchMergeKey ?? '',
    schema: objectIn(value),
  }
}

function objectIn(value: ValueSchema | undefined): MergeSchema {
  return value && (value.object ?? objectIn(value.type === 'array' ? value.items : undefined))
}

/** Any failure that upstream does not translate: an Internal error without a reason. */
export function patchError(message: string): ApiError {
  return new ApiError('', message, undefined, 500)
}

export function noMergeKey(item: unknown, mergeKey: string): ApiError {
  return patchError(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`)
}

export function badArgument(expected: unknown, actual: unknown): ApiError {
  return patchError(`expected a ${goTypeOf(expected)}, but received a ${goTypeOf(actual)}`)
}

export function badPatchType(directive: unknown, item: JsonObject): ApiError {
  return patchError(`unknown patch type: ${goValue(directive)} in map: ${goValue(item)}`)
}

export const badPrimitiveList = (): ApiError => badRequest('invalid patch format of primitive list')
export const badOrderList = (): ApiError => badRequest('invalid patch format of setElementOrder list')
export const badRetainKeys = (): ApiError => badRequest('invalid patch format of retainKeys')

/** Lists of lists are a client's mistake (422), and say so with upstream's words for any such answer. */
function listsOfLists(): ApiError {
  return new ApiError('Invalid', 'the server rejected our request due to an error in our request', {}, 422)
}

/** Whether the lists hold objects or scalars; refuses mixtures, nested lists and lists with nothing in them. */
export function holdsObjects(...lists: readonly (readonly unknown[])[]): boolean {
  let first: string | undefined
  for (const list of lists) {
    for (const item of list) {
      const type = jsonType(item)
      first ??= type
      if (first === 'array') throw listsOfLists()
      if (first !== type) throw patchError(`list element types are not identical: ${goValue(lists)}`)
    }
  }
  if (first === undefined) throw patchError('no elements in any of the given slices')
  return first === 'object'
}

/** The value by which an item is known: that of its merge key, or a scalar itself. */
export function identity(item: unknown, mergeKey: string): unknown {
  if (mergeKey === '') return item
  return isObject(item) ? item[mergeKey] : undefined
}

export function requireObject(item: unknown): JsonObject {
  if (!isObject(item)) throw badArgument({}, item)
  return item
}

export function requireKey(item: unknown, mergeKey: string): JsonObject {
  const object = requireObject(item)
  if (object[mergeKey] === undefined) throw noMergeKey(item, mergeKey)
  return object
}

/** Whether an item asks for its own deletion. */
export function isDeletion(item: unknown): boolean {
  return isObject(item) && item[patchDirective] === 'delete'
}

/** Items in the order that another list has, deletions last. */
export function sortByOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  if (mergeKey !== '') for (const item of [...items, ...order]) requireKey(item, mergeKey)
  const places = new Map<unknown, number>()
  order.forEach((item, i) => {
    const id = identity(item, mergeKey)
    if (!places.has(id)) places.set(id, i)
  })
  const place = (item: unknown): number => places.get(identity(item, mergeKey)) ?? -1
  const kept = items.filter(item => !isDeletion(item)).sort((a, b) => place(a) - place(b))
  return [...kept, ...items.filter(isDeletion)]
}

/**
 * The final order of a merged list. Items that the patch names keep the patch's order, items that only the server has
 * keep the server's, and the two are woven together by the server's order where it knows both.
 */
export function weave(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  if (isInOrder(merged, patchOrder, mergeKey)) return merged
  const named = new Set(patchOrder.map(item => identity(item, mergeKey)))
  if (mergeKey !== '') for (const item of merged) requireKey(item, mergeKey)
  const isNamed = (item: unknown): boolean => named.has(identity(item, mergeKey))
  const patch = sortByOrder(merged.filter(isNamed), patchOrder, mergeKey)
  const serverOnly = sortByOrder(
    merged.filter(item => !isNamed(item)),
    serverOrder,
    mergeKey,
  )
  const ids = serverOrder.map(item => identity(item, mergeKey))
  const result: unknown[] = []
  let left = 0
  let right = 0
  while (left < serverOnly.length && right < patch.length) {
    const leftPlace = ids.indexOf(identity(serverOnly[left], mergeKey))
    const rightPlace = ids.indexOf(identity(patch[right], mergeKey))
    const leftFirst = leftPlace >= 0 && rightPlace >= 0 && leftPlace < rightPlace
    result.push(leftFirst ? serverOnly[left++] : patch[right++])
  }
  return [...result, ...serverOnly.slice(left), ...patch.slice(right)]
}

/** Whether items are already those that an order names, once each and in that order: nothing is left to weave. */
function isInOrder(items: readonly unknown[], order: readonly unknown[], mergeKey: string): boolean {
  if (items.length !== order.length) return false
  const seen = new Set<unknown>()
  for (let i = 0; i < items.length; i++) {
    const id = identity(items[i], mergeKey)
    if (id === undefined || id !== identity(order[i], mergeKey) || seen.has(id) || isDeletion(items[i])) return false
    seen.add(id)
  }
  return true
}

/** Scalars in the order of their texts. */
export function sortScalars(items: readonly unknown[]): readonly unknown[] {
  return [...items].sort((a, b) => compareBytes(goValue(a), goValue(b)))
}

/** `$setElementOrder/containers` → `containers`. */
export function fieldOfDirective(key: string, prefix: string): string {
  const slash = key.indexOf('/')
  if (slash < 0 || key.slice(0, slash) !== prefix) {
    throw prefix === deletePrefix ? badPrimitiveList() : badOrderList()
  }
  return key.slice(slash + 1)
}

/** A list, or upstream's complaint about its type. */
export function requireList(value: unknown): readonly unknown[] {
  if (!isList(value)) throw badArgument([], value)
  return value
}
