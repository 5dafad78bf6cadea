import type { Atom } from './atom.ts'
import { sameValue } from './atom.ts'
import { type Comparison, compare } from './compare.ts'
import { difference, type FieldSet, forEachPath, intersection, isEmptySet, noFields, union } from './field-set.ts'
import { merge } from './merge.ts'
import { sortedElements } from './path-element.ts'
import { reconcile } from './reconcile.ts'
import { removeFields } from './remove.ts'
import { setOf, withNamedFields } from './to-set.ts'

/**
 * Who owns which fields, and what an update or an applied configuration does to that: merge/update.go and
 * merge/conflict.go.
 */

/** What one manager owns, in the words of one API version. */
export interface OwnedSet {
  readonly fields: FieldSet
  readonly apiVersion: string
  /** Whether the manager applies; otherwise it updates. */
  readonly isApplied: boolean
}

/** Managers by their identifier. */
export type Managers = ReadonlyMap<string, OwnedSet>

/** An object in one version of the API. */
export interface Typed {
  readonly apiVersion: string
  readonly atom: Atom
  readonly value: unknown
}

/** What the update of ownership has to know of the API. */
export interface MergeContext {
  /** The object in another version; undefined if that version is no longer known. */
  convert(object: Typed, apiVersion: string): Typed | undefined
  /** Leaves the fields in which this request has a say: GetResetFields of the kind's strategy. */
  filter(set: FieldSet, apiVersion: string): FieldSet
}

export interface Conflict {
  readonly manager: string
  readonly path: readonly string[]
}

/** The ownership after an object was updated: whoever changed a field owns it, alone. */
export function updateManagers(
  context: MergeContext,
  before: Typed,
  after: Typed,
  managers: Managers,
  manager: string,
): Managers {
  const { apiVersion } = after
  const reconciled = reconcileAll(context, before, managers)
  const comparison = comparisonIn(context, before, after, apiVersion)
  const next = new Map(takeAway(context, before, after, reconciled, manager).managers)
  const mine = next.get(manager)?.fields ?? noFields
  const changed = union(union(difference(mine, comparison.removed), comparison.modified), comparison.added)
  const fields = context.filter(changed, apiVersion)
  if (isEmptySet(fields)) next.delete(manager)
  else next.set(manager, { fields, apiVersion, isApplied: false })
  return next
}

export interface Applied {
  /** The merged object; undefined if it is as before. */
  readonly value: unknown
  readonly managers: Managers
}

/** Lays a configuration over an object, unless that takes fields from others and is not forced. */
export function applyConfig(
  context: MergeContext,
  live: Typed,
  config: Typed,
  managers: Managers,
  manager: string,
  force: boolean,
): Applied | readonly Conflict[] {
  const { apiVersion } = config
  const next = new Map(reconcileAll(context, live, managers))
  const last = next.get(manager)
  const merged: Typed = { ...config, value: merge(config.atom, live.value, config.value) }
  const fields = context.filter(setOf(config.atom, config.value), apiVersion)
  next.set(manager, { fields, apiVersion, isApplied: true })
  const pruned = prune(context, merged, next, manager, last)
  const { managers: left, conflicts } = takeAway(context, live, pruned, next, manager)
  if (!force && conflicts.length > 0) return conflicts
  return { value: sameValue(live.value, pruned.value) ? undefined : pruned.value, managers: left }
}

/** Whether others were in the way. */
export function isConflicts<T extends object>(result: T | readonly Conflict[]): result is readonly Conflict[] {
  return Array.isArray(result)
}

function comparisonIn(context: MergeContext, before: Typed, after: Typed, apiVersion: string): Comparison {
  const { removed, modified, added } = compare(before.atom, before.value, after.value)
  const filter = (set: FieldSet): FieldSet => (isEmptySet(set) ? set : context.filter(set, apiVersion))
  return { removed: filter(removed), modified: filter(modified), added: filter(added) }
}

/** Takes from everybody but one manager what was changed or removed. Managers that are left with nothing go. */
function takeAway(
  context: MergeContext,
  before: Typed,
  after: Typed,
  managers: Managers,
  self: string,
): { managers: Managers; conflicts: Conflict[] } {
  const comparisons = new Map([[after.apiVersion, comparisonIn(context, before, after, after.apiVersion)]])
  const conflicts: Conflict[] = []
  const next = new Map<string, OwnedSet>()
  for (const [manager, owned] of managers) {
    if (manager === self) {
      if (!isEmptySet(owned.fields)) next.set(manager, owned)
      continue
    }
    const { apiVersion } = owned
    let comparison = comparisons.get(apiVersion)
    if (!comparison) {
      const old = context.convert(before, apiVersion)
      const now = context.convert(after, apiVersion)
      // A version that is gone takes its managers with it.
      if (!old || !now) continue
      comparisons.set(apiVersion, (comparison = comparisonIn(context, old, now, apiVersion)))
    }
    const taken = intersection(owned.fields, union(comparison.modified, comparison.added))
    forEachPath(taken, sortedElements, path => conflicts.push({ manager, path }))
    const fields = difference(difference(owned.fields, taken), comparison.removed)
    if (!isEmptySet(fields)) next.set(manager, fields === owned.fields ? owned : { ...owned, fields })
  }
  return { managers: next, conflicts }
}

/** Removes what the manager applied last time, does not apply now, and nobody else has. */
function prune(
  context: MergeContext,
  merged: Typed,
  managers: Managers,
  manager: string,
  last: OwnedSet | undefined,
): Typed {
  if (!last || isEmptySet(last.fields)) return merged
  const converted = context.convert(merged, last.apiVersion)
  if (!converted) return merged
  const without = (object: Typed, fields: FieldSet): Typed => {
    return { ...object, value: removeFields(object.atom, object.value, fields) }
  }
  const lastFields = withNamedFields(last.fields, converted.atom)
  const pruned = addBackOwned(context, converted, without(converted, lastFields), last.apiVersion, managers)
  const known = context.convert(pruned, last.apiVersion) ?? pruned
  const mergedSet = namedSetOf(converted)
  const gone = intersection(difference(mergedSet, namedSetOf(known)), lastFields)
  const apiVersion = managers.get(manager)?.apiVersion ?? merged.apiVersion
  const result = without(converted, gone)
  return context.convert(result, apiVersion) ?? result
}

/** Puts back what was pruned although somebody has it, version by version. */
function addBackOwned(
  context: MergeContext,
  merged: Typed,
  pruned: Typed,
  prunedVersion: string,
  managers: Managers,
): Typed {
  const byVersion = new Map<string, FieldSet>()
  for (const { apiVersion, fields } of managers.values()) {
    byVersion.set(apiVersion, union(byVersion.get(apiVersion) ?? noFields, fields))
  }
  let whole = merged
  let left = pruned
  // The pruned version comes first: what conversion needs must be there again.
  const versions = [...byVersion.keys()].sort((a, b) => Number(b === prunedVersion) - Number(a === prunedVersion))
  for (const apiVersion of versions) {
    const wholeThere = context.convert(whole, apiVersion)
    const leftThere = wholeThere && context.convert(left, apiVersion)
    if (!wholeThere || !leftThere) continue
    const owned = withNamedFields(byVersion.get(apiVersion) ?? noFields, wholeThere.atom)
    const gone = difference(namedSetOf(wholeThere), union(namedSetOf(leftThere), owned))
    whole = wholeThere
    left = { ...wholeThere, value: removeFields(wholeThere.atom, wholeThere.value, gone) }
  }
  return left
}

function namedSetOf({ atom, value }: Typed): FieldSet {
  return withNamedFields(setOf(atom, value), atom)
}

/** The sets as the schema has them now: types that have become atomic are owned as a whole. */
function reconcileAll(context: MergeContext, live: Typed, managers: Managers): Managers {
  const next = new Map<string, OwnedSet>()
  for (const [manager, owned] of managers) {
    const there = context.convert(live, owned.apiVersion)
    if (!there) continue
    const fields = reconcile(owned.fields, there.atom)
    next.set(manager, fields === owned.fields ? owned : { ...owned, fields })
  }
  return next
}
