import { compareBytes, goJson, quote } from '../go-text.ts'
import { isList, isObject } from '../json-value.ts'

/**
 * Elements of the paths to fields, in the spelling of FieldsV1: `f:name` a field of an object or a key of a map,
 * `k:{"name":"web"}` an item of a list by its keys, `v:"x"` an item of a set, `i:0` an item by its place.
 * Models fieldpath/{element,serialize-pe}.go.
 */

export function fieldElement(name: string): string {
  return `f:${name}`
}

/** The name of a field; undefined for items of lists. */
export function fieldName(element: string): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined
}

export function isKeyElement(element: string): boolean {
  return element.startsWith('k:')
}

/** An item of a list by its keys, which are sorted by their names. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): string {
  const sorted = keys.length > 1 ? [...keys].sort(([a], [b]) => compareBytes(a, b)) : keys
  return `k:{${sorted.map(([name, value]) => `${goJson(name)}:${goJson(value)}`).join(',')}}`
}

export function valueElement(value: unknown): string {
  return `v:${goJson(value)}`
}

export function indexElement(index: number): string {
  return `i:${index}`
}

/** The one spelling of an element that a client wrote; undefined if it is of no known sort, an Error if it is wrong. */
export function canonicalElement(element: string): string | undefined | Error {
  if (element.length < 2) return new Error('key must be 2 characters long:')
  if (element[1] !== ':') return new Error(`missing colon: ${element}`)
  const content = element.slice(2)
  switch (element[0]) {
    case 'f':
      return element
    case 'v':
    case 'k': {
      const value = parsed(content)
      if (value === undefined) return new Error(`invalid JSON: ${content}`)
      if (element[0] === 'v') return valueElement(value)
      return isObject(value) ? keyElement(Object.entries(value)) : new Error(`expect { or n, but found ${content}`)
    }
    case 'i':
      return /^[+-]?[0-9]+$/.test(content) ? indexElement(Number(content)) : new Error(`invalid syntax: ${content}`)
    default:
      return undefined
  }
}

/** A path as messages show it: `.spec.containers[name="web"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('')
}

export function elementText(element: string): string {
  const content = element.slice(2)
  switch (element[0]) {
    case 'f':
      return `.${content}`
    case 'k': {
      const keys = Object.entries(parsed(content) ?? {})
      return `[${keys.map(([name, value]) => `${name}=${valueText(value)}`).join(',')}]`
    }
    case 'v':
      return `[=${valueText(parsed(content))}]`
    default:
      return `[${content}]`
  }
}

/** Sorts elements as upstream orders them: fields, items by key, values, places. */
export function sortedElements(elements: string[]): string[] {
  return elements.length > 1 ? elements.sort(compareElements) : elements
}

const sorts = 'fkvi'

function compareElements(a: string, b: string): number {
  const sort = a[0] ?? ''
  if (sort !== b[0]) return sorts.indexOf(sort) - sorts.indexOf(b[0] ?? '')
  if (sort === 'f') return compareBytes(a, b)
  const left = parsed(a.slice(2))
  const right = parsed(b.slice(2))
  return sort === 'k'
    ? compareKeys(Object.entries(left ?? {}), Object.entries(right ?? {}))
    : compareValues(left, right)
}

type Keys = readonly (readonly [string, unknown])[]

function compareKeys(a: Keys, b: Keys): number {
  for (let index = 0; ; index++) {
    const left = a[index]
    const right = b[index]
    if (!left || !right) return Number(Boolean(left)) - Number(Boolean(right))
    const order = compareBytes(left[0], right[0]) || compareValues(left[1], right[1])
    if (order !== 0) return order
  }
}

const ranks: readonly string[] = ['number', 'string', 'boolean']

/** value.Compare, for the scalars that keys and items of sets are. */
function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b)
  const rank = (value: unknown): number => (ranks.includes(typeof value) ? ranks.indexOf(typeof value) : ranks.length)
  return rank(a) - rank(b) || Number(a) - Number(b) || 0
}

/** value.ToString, with the keys of maps in order. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (isList(value)) return `[${value.map(valueText).join(',')}]`
  if (!isObject(value)) return String(value)
  const names = Object.keys(value).sort(compareBytes)
  return names.map(name => `${name}=${valueText(value[name])}`).join('')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
