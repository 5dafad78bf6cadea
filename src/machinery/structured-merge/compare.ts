import { asList, asMap, type Atom, formOf, isHollow, type ListAtom, type MapAtom, memberOf, sameValue } from './atom.ts'
import { type FieldSet, leaf, nodeOf, noFields, union } from './field-set.ts'
import { itemElement } from './list-items.ts'
import { fieldElement } from './path-element.ts'

/** What differs between two values of a type: typed/compare.go. A field is in one of the three sets at most. */
export interface Comparison {
  readonly removed: FieldSet
  readonly modified: FieldSet
  readonly added: FieldSet
}

export const noDifference: Comparison = Object.freeze({ removed: noFields, modified: noFields, added: noFields })

/** Compares two objects. Parts that both share cost nothing. */
export function compare(atom: Atom, before: unknown, after: unknown): Comparison {
  const found = valuesDiffer(atom, before, after)
  return found
    ? { removed: inner(found.removed), modified: inner(found.modified), added: inner(found.added) }
    : noDifference
}

/** Nobody owns an object as a whole: the node of the root is a set only if there is something below it. */
function inner(node: FieldSet | undefined): FieldSet {
  if (!node) return noFields
  const { '.': _, ...children } = node
  return children
}

/** The nodes of one path in the three sets. */
interface Nodes {
  readonly removed?: FieldSet | undefined
  readonly modified?: FieldSet | undefined
  readonly added?: FieldSet | undefined
}

const wasRemoved: Nodes = Object.freeze({ removed: leaf })
const wasModified: Nodes = Object.freeze({ modified: leaf })
const wasAdded: Nodes = Object.freeze({ added: leaf })

/** What differs in and below two values of which one may be absent. */
function valuesDiffer(atom: Atom, before: unknown, after: unknown): Nodes | undefined {
  if (before === after) return undefined
  const form = formOf(atom, before === undefined ? after : before)
  const formAfter = formOf(atom, after === undefined ? before : after)
  if (form.kind === formAfter.kind && form.isOpen === formAfter.isOpen) return inForm(atom, form.kind, before, after)
  return both(inForm(atom, form.kind, before, after), inForm(atom, formAfter.kind, before, after))
}

function both(a: Nodes | undefined, b: Nodes | undefined): Nodes | undefined {
  if (!a || !b) return a ?? b
  return {
    removed: joined(a.removed, b.removed),
    modified: joined(a.modified, b.modified),
    added: joined(a.added, b.added),
  }
}

function joined(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (!a || !b) return a ?? b
  return union({ x: a }, { x: b }).x
}

function inForm(
  atom: Atom,
  kind: 'map' | 'scalar' | 'list' | 'none',
  before: unknown,
  after: unknown,
): Nodes | undefined {
  if (kind === 'map' && atom.map) return mapsDiffer(atom.map, before, after)
  if (kind === 'list' && atom.list) return listsDiffer(atom.list, before, after)
  return leavesDiffer(before, after)
}

function leavesDiffer(before: unknown, after: unknown): Nodes | undefined {
  if (before === undefined) return wasAdded
  if (after === undefined) return wasRemoved
  return sameValue(before, after) ? undefined : wasModified
}

function mapsDiffer(map: MapAtom, before: unknown, after: unknown): Nodes | undefined {
  const left = asMap(before)
  const right = asMap(after)
  // Two empty ones are a leaf: that keeps the difference between empty and null.
  if (map.isAtomic || (isHollow(left) && isHollow(right))) return leavesDiffer(before, after)
  const nodes = new Collector()
  const typeOf = (name: string): Atom => map.field(name)?.type ?? map.elements ?? {}
  for (const name in left) {
    const mine = left[name]
    const other = memberOf(right, name)
    if (mine !== other) nodes.add(fieldElement(name), valuesDiffer(typeOf(name), mine, other))
  }
  for (const name in right) {
    if (right[name] === undefined || memberOf(left, name) !== undefined) continue
    nodes.add(fieldElement(name), valuesDiffer(typeOf(name), undefined, right[name]))
  }
  return nodes.done(before, after)
}

function listsDiffer(list: ListAtom, before: unknown, after: unknown): Nodes | undefined {
  const left = asList(before) ?? []
  const right = asList(after) ?? []
  if (list.isAtomic || (left.length === 0 && right.length === 0)) return leavesDiffer(before, after)
  const nodes = new Collector()
  const mine = byElement(list, left)
  const others = byElement(list, right)
  for (const element of new Set([...mine.keys(), ...others.keys()])) {
    nodes.add(element, itemsDiffer(list, mine.get(element) ?? [], others.get(element) ?? []))
  }
  return nodes.done(before, after)
}

/** Items by their element: several only when a list breaks its rules. */
function byElement(list: ListAtom, items: readonly unknown[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const item of items) {
    const element = itemElement(list, item)
    if (typeof element !== 'string') continue
    const known = found.get(element)
    if (known) known.push(item)
    else found.set(element, [item])
  }
  return found
}

function itemsDiffer({ items }: ListAtom, before: readonly unknown[], after: readonly unknown[]): Nodes | undefined {
  if (before.length <= 1 && after.length <= 1) return valuesDiffer(items, before[0], after[0])
  // Repeated items are one value as long as they are repeated.
  if (before.length > 1 && after.length > 1) return sameValue(before, after) ? undefined : wasModified
  if (before.length > 1) {
    return both(after.length > 0 ? valuesDiffer(items, undefined, after[0]) : undefined, wasRemoved)
  }
  return both(before.length > 0 ? valuesDiffer(items, before[0], undefined) : undefined, wasAdded)
}

/** Gathers the nodes below a map or list. */
class Collector {
  private removed: Record<string, FieldSet> | undefined
  private modified: Record<string, FieldSet> | undefined
  private added: Record<string, FieldSet> | undefined

  add(element: string, nodes: Nodes | undefined): void {
    if (!nodes) return
    const { removed, modified, added } = nodes
    if (removed) (this.removed ??= {})[element] = removed
    if (modified) (this.modified ??= {})[element] = modified
    if (added) (this.added ??= {})[element] = added
  }

  done(before: unknown, after: unknown): Nodes | undefined {
    const removed = nodeOf(this.removed, after === undefined)
    const added = nodeOf(this.added, before === undefined)
    return removed || added || this.modified ? { removed, modified: this.modified, added } : undefined
  }
}
