/**
 * What a value may be and how its parts belong together, as server-side apply sees it: schema.Atom of
 * structured-merge-diff. schema-atoms.ts makes atoms of the built-in kinds' schema, structural-atoms.ts of the schemas of
 * CustomResourceDefinitions.
 */
export interface Atom {
  readonly scalar?: 'numeric' | 'string' | 'boolean' | 'untyped'
  readonly list?: ListAtom
  readonly map?: MapAtom
}

export interface ListAtom {
  readonly items: Atom
  /** One value as a whole. Otherwise items are owned one by one. */
  readonly isAtomic: boolean
  /** The fields that tell items apart; none for a set of scalars. */
  readonly keys: readonly string[]
}

/** An object or a map. */
export interface MapAtom {
  readonly isAtomic: boolean
  /** A field that the schema declares. */
  field(name: string): FieldAtom | undefined
  /** What other keys hold; undefined if there must be none. */
  readonly elements: Atom | undefined
  /** Whether any field is declared. */
  readonly hasFields: boolean
}

export interface FieldAtom {
  readonly type: Atom
  /** What the field is taken for in a key of a list when it is left out. */
  readonly default?: unknown
}

const scalar = 'untyped'

/** __untyped_atomic_: anything, in one piece. */
export const untypedAtom: Atom = {
  scalar,
  get list(): ListAtom {
    return { items: untypedAtom, isAtomic: true, keys: [] }
  },
  get map(): MapAtom {
    return { isAtomic: true, field: () => undefined, elements: untypedAtom, hasFields: false }
  },
}

/** __untyped_deduced_: anything; objects field by field, lists in one piece. */
export const deducedAtom: Atom = {
  scalar,
  list: { items: untypedAtom, isAtomic: true, keys: [] },
  get map(): MapAtom {
    return { isAtomic: false, field: () => undefined, elements: deducedAtom, hasFields: false }
  },
}

/** A value's form under an atom. It is `open` when the value does not decide which of several forms is meant. */
export interface Form {
  readonly kind: 'map' | 'scalar' | 'list' | 'none'
  readonly isOpen: boolean
}

const forms = {
  map: { kind: 'map', isOpen: false },
  scalar: { kind: 'scalar', isOpen: false },
  list: { kind: 'list', isOpen: false },
  none: { kind: 'none', isOpen: false },
} as const

/** deduceAtom and the choice of handleAtom: the form in which a value is to be handled. */
export function formOf(atom: Atom, value: unknown): Form {
  if (Array.isArray(value)) {
    if (atom.list) return forms.list
  } else if (typeof value === 'object' && value !== null) {
    if (atom.map) return forms.map
  } else if (value !== undefined && value !== null && atom.scalar) return forms.scalar
  const count = Number(Boolean(atom.map)) + Number(Boolean(atom.scalar)) + Number(Boolean(atom.list))
  const kind = atom.map ? 'map' : atom.scalar ? 'scalar' : atom.list ? 'list' : 'none'
  return count > 1 ? { kind, isOpen: true } : forms[kind]
}

/** A value as an object's fields; undefined for null and for what is none. */
export function asMap(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

/** A member of an object that may be absent, also where its name is one that every object inherits. */
export function memberOf(fields: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
}

export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

/** Whether nothing is below a value: neither a map with fields nor a list with items. */
export function isHollow(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'object' || value === null) return true
  for (const name in value) if ((value as Record<string, unknown>)[name] !== undefined) return false
  return true
}

/** value.Equals: null is not the same as absent. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => sameValue(item, b[index]))
  }
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  for (const name in left) if (!sameValue(left[name], memberOf(right, name))) return false
  for (const name in right) if (right[name] !== undefined && memberOf(left, name) === undefined) return false
  return true
}
