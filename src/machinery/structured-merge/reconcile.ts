import type { Atom } from './atom.ts'
import { type FieldSet, isEmptySet, leaf } from './field-set.ts'
import { fieldName } from './path-element.ts'

/**
 * Brings a set into line with a schema that has changed since: what has become atomic is owned as a whole. The set itself
 * if nothing changes. Models typed/reconcile_schema.go.
 */
export function reconcile(set: FieldSet, atom: Atom): FieldSet {
  let result: Record<string, FieldSet> | undefined
  for (const element in set) {
    if (element === '.') continue
    const node = set[element] ?? leaf
    const type = typeBelow(atom, element)
    const next = type ? reconcileNode(node, type) : node
    if (next !== node) (result ??= { ...set })[element] = next
  }
  return result ?? set
}

function reconcileNode(node: FieldSet, atom: Atom): FieldSet {
  if (isEmptySet(node)) return node
  const { map, list } = atom
  if (map) {
    // Types that are found out from the value have no say.
    if (!map.hasFields && atom.scalar) return node
    return map.isAtomic ? leaf : reconcile(node, atom)
  }
  if (!list) return node
  return list.isAtomic ? leaf : reconcile(node, atom)
}

function typeBelow({ map, list }: Atom, element: string): Atom | undefined {
  const name = fieldName(element)
  if (map) return (name === undefined ? undefined : map.field(name)?.type) ?? map.elements
  return list?.items
}
