/**
 * Sets of fields, in the form in which the API shows them (FieldsV1) and which is plain data: a tree of path elements
 * (path-element.ts). A node that is empty, or that has a `.`, stands for a field of the set; other nodes only lead to such.
 * `{"f:metadata": {"f:labels": {".": {}, "f:app": {}}}}` has `metadata.labels` and `metadata.labels.app`.
 *
 * Models fieldpath/set.go. Sets are frozen or not touched after they were made: operations share what they can.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet
}

/** A field without fields below it. */
export const leaf: FieldSet = Object.freeze({})

/** The set without fields: what a leaf is among nodes. */
export const noFields: FieldSet = leaf

const self = '.'

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false
  return true
}

/** Whether the field that a node stands for is in the set. */
export function isMember(node: FieldSet): boolean {
  return node[self] !== undefined || isEmptySet(node)
}

/** The elements of a set or below a node. */
export function elementsOf(node: FieldSet): string[] {
  return Object.keys(node).filter(element => element !== self)
}

/** A node of which the field itself is in the set or not; undefined if nothing is. `children` is not for use after this. */
export function nodeOf(children: Record<string, FieldSet> | undefined, member: boolean): FieldSet | undefined {
  if (!children || isEmptySet(children)) return member ? leaf : undefined
  if (member) children[self] = leaf
  return children
}

/** The set with one field. */
export function setOfPath(...path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), leaf)
}

export function setOfPaths(paths: readonly (readonly string[])[]): FieldSet {
  return paths.reduce<FieldSet>((set, path) => union(set, setOfPath(...path)), noFields)
}

/** Whether a field is in the set. */
export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set
  for (const element of path) node = node?.[element]
  return node !== undefined && path.length > 0 && isMember(node)
}

/** Calls back with every field of the set in the order of the elements given: fields of a level before those below them. */
export function forEachPath(
  set: FieldSet,
  order: (elements: string[]) => string[],
  visit: (path: readonly string[]) => void,
  prefix: readonly string[] = [],
): void {
  const elements = order(elementsOf(set))
  for (const element of elements) if (isMember(set[element] ?? noFields)) visit([...prefix, element])
  for (const element of elements) {
    const node = set[element]
    if (node && !isEmptySet(node)) forEachPath(node, order, visit, [...prefix, element])
  }
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  let count = 0
  for (const element in a) {
    const other = b[element]
    if (!other || !equalSets(a[element] ?? leaf, other)) return false
    count++
  }
  for (const _ in b) count--
  return count === 0
}

/** What is in one of two sets. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a
  if (isEmptySet(a)) return b
  const result: Record<string, FieldSet> = { ...a }
  for (const element in b) {
    const mine = a[element]
    const other = b[element] ?? leaf
    result[element] = mine ? unionOfNodes(mine, other) : other
  }
  return result
}

function unionOfNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a
  if (isEmptySet(a)) return b[self] || isEmptySet(b) ? b : { [self]: leaf, ...b }
  if (isEmptySet(b)) return a[self] ? a : { [self]: leaf, ...a }
  return union(a, b)
}

/** What is in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return a === b ? a : filtered(a, b, intersectionOfNodes)
}

function intersectionOfNodes(a: FieldSet, b: FieldSet | undefined): FieldSet | undefined {
  if (!b) return undefined
  if (a === b) return a
  return nodeOf({ ...filtered(a, b, intersectionOfNodes) }, isMember(a) && isMember(b))
}

/** What is in one set and not in the other. Fields stay although the one above them goes, and the other way round. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return a === b ? noFields : isEmptySet(b) ? a : filtered(a, b, differenceOfNodes)
}

function differenceOfNodes(a: FieldSet, b: FieldSet | undefined): FieldSet | undefined {
  if (!b) return a
  if (a === b) return undefined
  return nodeOf({ ...filtered(a, b, differenceOfNodes) }, isMember(a) && !isMember(b))
}

/** As `difference`, but with a field goes all that is below it. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return a === b ? noFields : isEmptySet(b) ? a : filtered(a, b, recursiveDifferenceOfNodes)
}

function recursiveDifferenceOfNodes(a: FieldSet, b: FieldSet | undefined): FieldSet | undefined {
  if (!b) return a
  if (isMember(b)) return undefined
  return nodeOf({ ...filtered(a, b, recursiveDifferenceOfNodes) }, isMember(a))
}

type NodeRule = (a: FieldSet, b: FieldSet | undefined) => FieldSet | undefined

/** What a rule leaves of every element of a set. The set itself if that is everything. */
function filtered(a: FieldSet, b: FieldSet, rule: NodeRule): FieldSet {
  const result: Record<string, FieldSet> = {}
  let isSame = true
  for (const element in a) {
    if (element === self) continue
    const node = a[element] ?? leaf
    const left = rule(node, b[element])
    if (left !== node) isSame = false
    if (left) result[element] = left
  }
  return isSame && a[self] === undefined ? a : result
}
