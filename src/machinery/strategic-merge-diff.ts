import { compareBytes, goValue } from './go-text.ts'
import { isList, isNone, isObject, type JsonObject, jsonType, member } from './json-value.ts'
import { isEqual } from './object.ts'
import {
  deletePrefix,
  holdsObjects,
  identity,
  mergeField,
  type MergeField,
  type MergeSchema,
  orderPrefix,
  patchDirective,
  requireKey,
  requireObject,
  retainKeysDirective,
  sortByOrder,
  sortScalars,
} from './patch-lists.ts'
import { combinePatches } from './strategic-merge-patch.ts'

/**
 * Making strategic merge patches, as kubectl does for apply, edit, label and many more: the two-way and three-way diff of
 * apimachinery/pkg/util/strategicpatch/patch.go. Inputs are never changed.
 */

/** The patch that makes `modified` out of `original`. */
export function createTwoWayMergePatch(original: JsonObject, modified: JsonObject, schema: MergeSchema): JsonObject {
  return diffObjects(original, modified, schema, {})
}

/**
 * What `kubectl apply` sends: adds and changes what differs between the live object and the manifest, and removes what the
 * last applied manifest (`original`) had and the new one (`modified`) has not. What others added stays.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: MergeSchema,
): JsonObject {
  const changes = diffObjects(current, modified, schema, { ignoreDeletions: true })
  const deletions = diffObjects(original, modified, schema, { ignoreChanges: true })
  return combinePatches(deletions, changes, schema)
}

/** Whether a patch would make another object of it: kubectl refuses such patches. */
export function changesIdentity(patch: JsonObject): boolean {
  const { metadata } = patch
  return 'apiVersion' in patch || 'kind' in patch || (isObject(metadata) && 'name' in metadata)
}

interface DiffOptions {
  readonly ignoreDeletions?: boolean
  /** Neither changes nor additions: only what was removed. */
  readonly ignoreChanges?: boolean
  /** Tell which members the object shall keep, at this level. */
  readonly retainKeys?: boolean
}

/** A patch under construction. */
type Draft = Map<string, unknown>

function diffObjects(
  original: JsonObject,
  modified: JsonObject,
  schema: MergeSchema,
  options: DiffOptions,
): JsonObject {
  const patch: Draft = new Map()
  for (const [key, after] of Object.entries(modified)) {
    const before = member(original, key)
    if (after === undefined) continue
    if (before === undefined || jsonType(before) !== jsonType(after)) {
      if (!options.ignoreChanges) patch.set(key, after)
    } else {
      diffMember(patch, key, before, after, mergeField(schema, key), options)
    }
  }
  if (!options.ignoreDeletions) {
    for (const [key, before] of Object.entries(original)) {
      if (before !== undefined && member(modified, key) === undefined) patch.set(key, null)
    }
  }
  if (options.retainKeys) addRetainKeys(patch, original, modified)
  return Object.fromEntries(patch)
}

function addRetainKeys(patch: Draft, original: JsonObject, modified: JsonObject): void {
  const kept = Object.keys(modified).filter(key => !isNone(modified[key]))
  const loses = Object.keys(original).some(key => !isNone(original[key]) && member(modified, key) === undefined)
  if (kept.length > 0 && (loses || patch.size > 0)) patch.set(retainKeysDirective, kept.sort(compareBytes))
}

function diffMember(
  patch: Draft,
  key: string,
  before: unknown,
  after: unknown,
  field: MergeField,
  options: DiffOptions,
): void {
  const inner = { ...options, retainKeys: field.retainKeys }
  if (isObject(before) && isObject(after)) {
    if (field.strategy === 'replace') {
      if (!options.ignoreChanges) patch.set(key, after)
      return
    }
    const changes = diffObjects(before, after, field.schema, inner)
    if (Object.keys(changes).length > 0) patch.set(key, changes)
  } else if (isList(before) && isList(after) && field.strategy === 'merge') {
    const { changes, deletions, order } = diffLists(before, after, field, inner)
    if (changes.length > 0) patch.set(key, changes)
    if (deletions.length > 0) patch.set(`${deletePrefix}/${key}`, deletions)
    if (order.length > 0) patch.set(`${orderPrefix}/${key}`, order)
  } else if (!options.ignoreChanges && !isEqual(before, after)) {
    patch.set(key, after)
  }
}

interface ListDiff {
  readonly changes: readonly unknown[]
  readonly deletions: readonly unknown[]
  readonly order: readonly unknown[]
}

function diffLists(
  original: readonly unknown[],
  modified: readonly unknown[],
  field: MergeField,
  options: DiffOptions,
): ListDiff {
  if (original.length === 0) return { changes: options.ignoreChanges ? [] : modified, deletions: [], order: [] }
  return holdsObjects(original, modified)
    ? diffObjectLists(original, modified, field, options)
    : diffScalarLists(original, modified, options)
}

function diffObjectLists(
  original: readonly unknown[],
  modified: readonly unknown[],
  { mergeKey, schema }: MergeField,
  options: DiffOptions,
): ListDiff {
  const before = byMergeKey(original, mergeKey)
  const after = byMergeKey(modified, mergeKey)
  const changed: unknown[] = []
  const deleted: unknown[] = []
  for (const step of pairUp(before, after)) {
    if (step.before && step.after) {
      const changes = diffObjects(step.before.object, step.after.object, schema, options)
      const id = step.after.object[mergeKey]
      if (Object.keys(changes).length > 0) changed.push({ ...changes, [mergeKey]: id })
    } else if (step.after && !options.ignoreChanges) changed.push(step.after.object)
    else if (step.before && !options.ignoreDeletions) {
      deleted.push({ [mergeKey]: step.before.object[mergeKey], [patchDirective]: 'delete' })
    }
  }
  const changes = [...sortByOrder(changed, modified, mergeKey), ...deleted]
  const isReordered = !isEqual(
    original.map(item => identity(item, mergeKey)),
    modified.map(item => identity(item, mergeKey)),
  )
  const tellsOrder = changes.length > 0 || (!options.ignoreChanges && isReordered)
  const order = tellsOrder ? modified.map(item => ({ [mergeKey]: requireObject(item)[mergeKey] })) : []
  return { changes, deletions: [], order }
}

interface Keyed {
  readonly text: string
  readonly object: JsonObject
}

/** Items with the text of their merge key, sorted by it. */
function byMergeKey(items: readonly unknown[], mergeKey: string): Keyed[] {
  const keyed = items.map(item => {
    const object = requireKey(item, mergeKey)
    return { text: goValue(object[mergeKey]), object }
  })
  return keyed.sort((a, b) => compareBytes(a.text, b.text))
}

/** Walks two sorted lists side by side. */
function* pairUp(before: readonly Keyed[], after: readonly Keyed[]): Generator<{ before?: Keyed; after?: Keyed }> {
  let i = 0
  let j = 0
  for (;;) {
    const left = before[i]
    const right = after[j]
    if (!left && !right) return
    const order = !left ? 1 : !right ? -1 : compareBytes(left.text, right.text)
    if (order <= 0) i++
    if (order >= 0) j++
    yield { ...(order <= 0 && { before: left }), ...(order >= 0 && { after: right }) }
  }
}

function diffScalarLists(original: readonly unknown[], modified: readonly unknown[], options: DiffOptions): ListDiff {
  const toKeyed = (items: readonly unknown[]): Keyed[] =>
    sortScalars(items).map(value => ({ text: goValue(value), object: { value } }))
  const added: unknown[] = []
  const deleted = new Set<unknown>()
  for (const step of pairUp(toKeyed(original), toKeyed(modified))) {
    if (step.before && step.after) continue
    if (step.after && !options.ignoreChanges) added.push(step.after.object['value'])
    if (step.before && !options.ignoreDeletions) deleted.add(step.before.object['value'])
  }
  // Upstream has sorted the original list in place when it compares the two, so a list that is not in the order of its
  // texts counts as changed even if it is the same.
  const isReordered = !isEqual(sortScalars(original), modified)
  const tellsOrder = (!options.ignoreDeletions && deleted.size > 0) || (!options.ignoreChanges && isReordered)
  return {
    changes: sortByOrder(added, modified, ''),
    deletions: [...deleted],
    order: tellsOrder ? modified : [],
  }
}
