import { isWrittenNull, isZero, scalar, unset, zeroOf } from './decode-values.ts'
import { setOwn } from './json-text.ts'
import { isList, isObject, type JsonObject } from './json-value.ts'
import { draftOf } from './object.ts'
import type { TypeSchema, ValueSchema } from './schema.ts'

/**
 * Decoding of what there is nothing to say about. It answers what decode.ts answers, but as a copy that may be changed,
 * and it keeps no account of where it is: as soon as it meets anything unusual (an unknown field, a wrong type, a JSON
 * schema) it gives up, and the document is decoded again by those who know the words for it.
 */

/** Stands for a value that somebody else has to decode. */
export const unusual = Symbol('unusual')

/** Types that contain themselves can be nested as deep as the text; ordinary objects are not. */
const maxDepth = 60

/** What need not be copied into a draft. */
export interface DraftOptions {
  /** A stored object: parts of it are taken over as they are, since what is stored was decoded. */
  readonly stored?: unknown
  /** Items of lists that are frozen are taken over unseen; whoever settles the draft looks at them. */
  readonly takesItems?: boolean
}

/** A draft of the object that a value decodes to, or undefined where the value is unusual. */
export function quickDraft(type: TypeSchema, source: JsonObject, options: DraftOptions = {}): JsonObject | undefined {
  const { stored, takesItems = false } = options
  const draft = new Drafting(takesItems).object(type, source, stored, 0)
  return isObject(draft) ? draft : undefined
}

class Drafting {
  constructor(private readonly takesItems: boolean) {}

  object(type: TypeSchema, source: JsonObject, stored: unknown, depth: number): JsonObject | typeof unusual {
    if (source === stored) return source
    if (depth > maxDepth) return unusual
    const before = isObject(stored) ? stored : undefined
    const draft: Record<string, unknown> = {}
    for (const name in source) {
      const value = source[name]
      if (value === undefined) continue
      const field = type.fields.get(name)
      if (!field) return unusual
      if (value === null) {
        if (isWrittenNull(field)) draft[name] = null
        continue
      }
      const decoded = this.value(field.value, value, before?.[name], depth + 1)
      if (decoded === unusual) return unusual
      if (field.presence !== 'omit-zero' || !isZero(decoded)) draft[name] = decoded
    }
    for (const field of type.filled) {
      if (draft[field.name] !== undefined) continue
      const value = unset(field)
      if (value !== undefined) draft[field.name] = value
    }
    return draft
  }

  private value(schema: ValueSchema, source: unknown, stored: unknown, depth: number): unknown {
    switch (schema.type) {
      case 'object':
        return isObject(source) && schema.object ? this.object(schema.object, source, stored, depth) : unusual
      case 'array':
        return isList(source) ? this.list(schema, source, stored, depth) : unusual
      case 'map':
        return isObject(source) ? this.map(schema, source, stored, depth) : unusual
      case 'raw':
        return source === stored ? source : draftOf(source)
      default:
        return quickScalar(schema, source)
    }
  }

  private map({ items }: ValueSchema, source: JsonObject, stored: unknown, depth: number): unknown {
    if (source === stored) return source
    if (!items) return draftOf(source)
    const before = isObject(stored) ? stored : undefined
    const draft: Record<string, unknown> = {}
    for (const key in source) {
      const value = source[key]
      if (value === undefined) continue
      const decoded = value === null ? zeroOf(items) : this.value(items, value, before?.[key], depth + 1)
      if (decoded === unusual) return unusual
      setOwn(draft, key, decoded)
    }
    return draft
  }

  private list({ items }: ValueSchema, source: readonly unknown[], stored: unknown, depth: number): unknown {
    if (source === stored) return source
    if (!items) return draftOf(source)
    const before = new Cursor(stored)
    const takesItems = this.takesItems && items.type === 'object'
    const draft: unknown[] = []
    for (const value of source) {
      if (before.has(value) || (takesItems && isObject(value) && Object.isFrozen(value))) draft.push(value)
      else {
        const decoded = isNone(value) ? zeroOf(items) : this.value(items, value, undefined, depth + 1)
        if (decoded === unusual) return unusual
        draft.push(decoded)
      }
    }
    return draft
  }
}

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** A scalar as its type keeps it. */
export function quickScalar(schema: ValueSchema, source: unknown): unknown {
  switch (schema.type) {
    case 'string':
      return typeof source === 'string' ? source : unusual
    case 'boolean':
      return typeof source === 'boolean' ? source : unusual
    case 'schema-or-array':
    case 'schema-or-bool':
    case 'schema-or-strings':
      return unusual
    default:
      return scalar(schema, source, undefined, ignore) ?? unusual
  }
}

/** What is wrong is said by decode.ts. */
function ignore(): void {}

/** Calls back for every item that another list, such as the one before an update, does not hold. */
export function forNewItems<T>(list: readonly T[], before: unknown, look: (item: T, index: number) => void): void {
  if (list === before) return
  const known = new Cursor(before)
  list.forEach((item, index) => {
    if (!known.has(item)) look(item, index)
  })
}

/** Finds objects again in a list, quickest where they come in its order. */
export class Cursor {
  private readonly list: readonly unknown[] | undefined
  private at = 0

  constructor(list: unknown) {
    this.list = isList(list) ? list : undefined
  }

  /** Whether the list holds this very object at or after the place of the last one that was found. */
  has(item: unknown): boolean {
    if (!this.list || typeof item !== 'object') return false
    if (this.list[this.at] !== item) {
      const place = this.list.indexOf(item, this.at)
      if (place < 0) return false
      this.at = place
    }
    this.at++
    return true
  }
}
