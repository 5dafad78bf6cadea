import { asList, asMap, type Atom, formOf, isHollow, type ListAtom, type MapAtom } from './atom.ts'
import { type FieldSet, leaf, nodeOf, noFields } from './field-set.ts'
import { elementOfItem } from './list-items.ts'
import { fieldElement, fieldName, isKeyElement } from './path-element.ts'

/** Every leaf and item that an object mentions: typed/tofieldset.go. */
export function setOf(atom: Atom, value: unknown): FieldSet {
  return nodeFor(atom, value) ?? noFields
}

/** The node of a value: what is below it, and itself if it is a leaf. */
function nodeFor(atom: Atom, value: unknown): FieldSet | undefined {
  const { kind } = formOf(atom, value)
  if (kind === 'map' && atom.map) return atom.map.isAtomic ? leaf : mapNode(atom.map, value)
  if (kind === 'list' && atom.list) return atom.list.isAtomic ? leaf : listNode(atom.list, value)
  return leaf
}

function mapNode(map: MapAtom, value: unknown): FieldSet | undefined {
  const fields = asMap(value)
  if (!fields) return undefined
  const children: Record<string, FieldSet> = {}
  for (const name in fields) {
    const item = fields[name]
    if (item === undefined) continue
    const field = map.field(name)
    const node = nodeFor(field?.type ?? map.elements ?? {}, item)
    // Entries of maps belong to somebody; fields only if there is nothing below them.
    const isOwned = !field || item === null || (!Array.isArray(item) && typeof item === 'object' && isHollow(item))
    const whole = isOwned ? withSelf(node) : node
    if (whole) children[fieldElement(name)] = whole
  }
  return nodeOf(children, false)
}

function listNode(list: ListAtom, value: unknown): FieldSet | undefined {
  const children: Record<string, FieldSet> = {}
  const repeated = new Set<string>()
  for (const item of asList(value) ?? []) {
    const element = elementOfItem(list, item)
    if (children[element]) repeated.add(element)
    else children[element] = withSelf(nodeFor(list.items, item))
  }
  for (const element of repeated) children[element] = leaf
  return nodeOf(children, false)
}

function withSelf(node: FieldSet | undefined): FieldSet {
  return nodeOf(node && { ...node }, true) ?? leaf
}

/**
 * The set with those fields of objects added that are only on the way to others: `spec` of `spec.replicas`, but not the
 * entries of maps. Removing needs to know them (EnsureNamedFieldsAreMembers in fieldpath/set.go).
 */
export function withNamedFields(set: FieldSet, atom: Atom): FieldSet {
  const result: Record<string, FieldSet> = {}
  for (const element in set) {
    const node = set[element] ?? leaf
    if (element === '.') result[element] = node
    else {
      const name = fieldName(element)
      const field = name === undefined ? undefined : atom.map?.field(name)
      const type =
        name !== undefined ? (field?.type ?? atom.map?.elements) : isKeyElement(element) ? atom.list?.items : undefined
      const below = withNamedFields(node, type ?? {})
      result[element] = field && Object.keys(below).length > 0 ? { ...below, '.': leaf } : below
    }
  }
  return result
}
