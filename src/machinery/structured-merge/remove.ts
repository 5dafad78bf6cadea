import { asList, asMap, type Atom, formOf, isHollow, type ListAtom, type MapAtom } from './atom.ts'
import { type FieldSet, isMember } from './field-set.ts'
import { elementOfItem } from './list-items.ts'
import { fieldElement } from './path-element.ts'

/** An object without the fields and items of a set: typed/remove.go. What is emptied becomes null. */
export function removeFields(atom: Atom, value: unknown, fields: FieldSet): unknown {
  const { kind } = formOf(atom, value)
  if (kind === 'map' && atom.map) return fromMap(atom.map, value, fields)
  if (kind === 'list' && atom.list) return fromList(atom.list, value, fields)
  return value
}

function fromMap(map: MapAtom, value: unknown, fields: FieldSet): unknown {
  const members = asMap(value)
  if (!members || isHollow(members) || map.isAtomic) return null
  const result: Record<string, unknown> = {}
  for (const name in members) {
    const node = fields[fieldElement(name)]
    if (node && isMember(node)) continue
    const item = members[name]
    const left = node ? removeFields(map.field(name)?.type ?? map.elements ?? {}, item, node) : item
    Object.defineProperty(result, name, { value: left, enumerable: true, configurable: true, writable: true })
  }
  return isHollow(result) ? null : result
}

function fromList(list: ListAtom, value: unknown, fields: FieldSet): unknown {
  const items = asList(value)
  if (!items || list.isAtomic) return null
  const result: unknown[] = []
  for (const item of items) {
    const node = fields[elementOfItem(list, item)]
    if (!node) result.push(item)
    else if (!isMember(node)) result.push(removeFields(list.items, item, node))
  }
  return result.length > 0 ? result : null
}
