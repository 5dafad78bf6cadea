/** Plain data with named fields, seen without its type: for what the server does alike with every kind. */
export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const empty: Fields = Object.freeze({})

/** The fields of a value, or none when it has no fields. Not for writing. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : empty
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
