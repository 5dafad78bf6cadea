import { asMap, type Atom, type ListAtom } from './atom.ts'
import { keyElement, valueElement } from './path-element.ts'

/** The element that an item of a list is found by, or why it has none: listItemToPathElement (typed/helpers.go). */
export function itemElement({ keys, items }: ListAtom, item: unknown): string | Error {
  return keys.length > 0 ? keyedElement(keys, items, item) : setElement(item)
}

function keyedElement(keys: readonly string[], type: Atom, item: unknown): string | Error {
  if (item === null || item === undefined) return new Error('associative list with keys may not have a null element')
  const fields = asMap(item)
  if (!fields) return new Error('associative list with keys may not have non-map elements')
  const found: (readonly [string, unknown])[] = []
  for (const key of keys) {
    const given = fields[key]
    if (given !== undefined) found.push([key, given])
    else {
      if (!type.map) {
        const why = 'associative list may not have non-map types'
        return new Error(`couldn't find default value for ${key}: ${why}`)
      }
      const fallback = type.map.field(key)?.default
      if (fallback !== undefined) found.push([key, fallback])
    }
  }
  if (found.length > 0) return keyElement(found)
  const names = keys.map(key => JSON.stringify(key)).join(' ')
  const why = "(and doesn't have default values for any key fields)"
  return new Error(`associative list with keys has an element that omits all key fields [${names}] ${why}`)
}

function setElement(item: unknown): string | Error {
  if (Array.isArray(item)) return new Error('not supported: associative list with lists as elements')
  if (item === null || item === undefined) {
    return new Error("associative list without keys has an element that's an explicit null")
  }
  if (typeof item === 'object') return new Error("associative list without keys has an element that's a map type")
  return valueElement(item)
}

/** The element of an item of which it is known that it has one. Items that break the rules share the empty element. */
export function elementOfItem(list: ListAtom, item: unknown): string {
  const element = itemElement(list, item)
  return typeof element === 'string' ? element : ''
}
