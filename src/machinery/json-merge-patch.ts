import { isList, isNone, isObject, type JsonObject, jsonType, member, withoutNulls } from './json-value.ts'
import { isEqual } from './object.ts'
import type { Parsed } from './parsed.ts'

/**
 * JSON merge patches (RFC 7386), and the making of them for `kubectl apply` and `kubectl edit` where there is no schema:
 * evanphx/json-patch merge.go and apimachinery/pkg/util/jsonmergepatch. Inputs are never changed; what a patch does not
 * touch is shared with the result.
 */

/** The document after the patch: members that are null are removed, objects merged, all else replaced. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  if (!isObject(document)) return withoutNulls(patch)
  const result = new Map(Object.entries(document))
  for (const [key, value] of Object.entries(patch)) {
    const existing = result.get(key)
    if (isNone(value)) result.delete(key)
    else result.set(key, isNone(existing) ? withoutNulls(value) : applyMergePatch(existing, value))
  }
  return Object.fromEntries(result)
}

/** The patch that makes `modified` out of `original`. Nulls in `modified` cannot be told from removals, as ever. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch = new Map<string, unknown>()
  for (const [key, after] of Object.entries(modified)) {
    if (after === undefined) continue
    const before = member(original, key)
    if (before === undefined || jsonType(before) !== jsonType(after)) patch.set(key, after)
    else if (isObject(before) && isObject(after)) {
      const inner = createMergePatch(before, after)
      if (Object.keys(inner).length > 0) patch.set(key, inner)
    } else if (!isEqual(before, after)) patch.set(key, after)
  }
  for (const [key, before] of Object.entries(original)) {
    if (before !== undefined && member(modified, key) === undefined) patch.set(key, null)
  }
  return Object.fromEntries(patch)
}

/**
 * What `kubectl apply` sends for custom resources: adds and changes what differs between the live object and the manifest,
 * and removes what the last applied manifest had and the new one has not.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
): Parsed<JsonObject> {
  const changes = keepNulls(createMergePatch(current, modified), false)
  const deletions = keepNulls(createMergePatch(original, modified), true)
  if (haveConflicts(changes, deletions)) {
    return { error: 'the changes conflict with what the last applied configuration removes' }
  }
  const patch = applyMergePatch(deletions, changes)
  return { value: isObject(patch) ? patch : {} }
}

/** Either only the nulls of a patch, or everything but them. Empty objects are values. */
function keepNulls(patch: JsonObject, keep: boolean): JsonObject {
  const kept: Record<string, unknown> = {}
  for (const key in patch) {
    const value = patch[key]
    if (isNone(value)) {
      if (keep) kept[key] = null
    } else if (isObject(value) && Object.keys(value).length > 0) {
      const inner = keepNulls(value, keep)
      if (Object.keys(inner).length > 0) kept[key] = inner
    } else if (!keep) kept[key] = value
  }
  return kept
}

/** Whether two patches say different things about the same member: mergepatch.HasConflicts. */
function haveConflicts(left: unknown, right: unknown): boolean {
  if (isObject(left)) {
    if (!isObject(right)) return true
    return Object.keys(left).some(key => Object.hasOwn(right, key) && haveConflicts(left[key], right[key]))
  }
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return true
    return left.some((item, i) => haveConflicts(item, right[i]))
  }
  return left !== right
}
