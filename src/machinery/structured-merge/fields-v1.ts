import { isObject } from '../json-value.ts'
import { type FieldSet, leaf, nodeOf, noFields } from './field-set.ts'
import { canonicalElement, sortedElements } from './path-element.ts'

/** FieldsV1: a set of fields as `metadata.managedFields` shows it (fieldpath/serialize.go). */

/** Reads a set that a client wrote; undefined if it is none. Elements of sorts that nobody knows are left out. */
export function decodeFields(json: unknown): FieldSet | undefined {
  if (json === undefined || json === null) return noFields
  if (!isObject(json)) return undefined
  return childrenIn(json)?.children
}

interface Level {
  readonly children: Record<string, FieldSet>
  readonly hasSelf: boolean
}

function childrenIn(json: Readonly<Record<string, unknown>>): Level | undefined {
  const children: Record<string, FieldSet> = {}
  let hasSelf = false
  for (const [key, value] of Object.entries(json)) {
    if (key === '.') {
      hasSelf = true
      continue
    }
    const element = canonicalElement(key)
    if (element instanceof Error) return undefined
    if (element === undefined) continue
    const below = isObject(value) ? childrenIn(value) : { children: {}, hasSelf: false }
    if (!below) return undefined
    const isLeaf = Object.keys(below.children).length === 0
    const node = nodeOf(below.children, below.hasSelf || isLeaf)
    if (node) children[element] = node
  }
  return { children, hasSelf }
}

/** The set with its elements in upstream's order, frozen. */
export function encodeFields(set: FieldSet): FieldSet {
  const elements = Object.keys(set)
  if (elements.length === 0) return leaf
  const result: Record<string, FieldSet> = {}
  if (set['.']) result['.'] = leaf
  for (const element of sortedElements(elements.filter(name => name !== '.'))) {
    result[element] = encodeFields(set[element] ?? leaf)
  }
  return Object.freeze(result)
}
