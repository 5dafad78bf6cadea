import { isWrittenNull, isZero, unset, zeroOf } from './decode-values.ts'
import { compareBytes } from './go-text.ts'
import { setOwn } from './json-text.ts'
import { isList, isObject, type JsonObject } from './json-value.ts'
import { Cursor, quickScalar, unusual } from './quick-decode.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from './schema.ts'

/**
 * The last step before an object is stored: in one walk it is brought into the form in which decoding would leave it,
 * takes over every part that it has in common with the version before (DESIGN.md, D5), and is frozen. Nothing is
 * looked at twice that is part of the version before, so the walk is as long as what changed.
 */

type Draft = Record<string, unknown>

/**
 * The final form of a draft; undefined where the draft is unusual (quick-decode.ts). Answers the version before itself when
 * they are equal. Parts of it are not looked at in the draft: they must be settled, unless the draft has none of them. A
 * draft that is somebody else's is left as it is.
 */
export function settle(type: TypeSchema, draft: JsonObject, before: unknown, isOthers = false): JsonObject | undefined {
  const settled = new Settling(isOthers).object(type, draft, before)
  return isObject(settled) ? settled : undefined
}

/** As settle, for what has no schema: nothing but sharing and freezing. */
export function settleRaw<T>(draft: T, before: unknown, isOthers?: boolean): T
export function settleRaw(draft: unknown, before: unknown, isOthers = false): unknown {
  return new Settling(isOthers).raw(draft, before)
}

class Settling {
  constructor(private readonly isOthers: boolean) {}

  object(type: TypeSchema, draft: JsonObject, before: unknown): unknown {
    if (draft === before) return draft
    const old = isObject(before) ? before : undefined
    let target = this.own(draft)
    let count = 0
    let last = -1
    let isSame = old !== undefined
    let isTidy = true
    for (const name in draft) {
      const value = draft[name]
      const field = value === undefined ? undefined : type.fields.get(name)
      const settled = field && this.field(field, value, old?.[name])
      if (settled === unusual) return unusual
      if (settled !== value) target = write(target, name, settled)
      if (settled === undefined || !field) {
        isTidy = false
        continue
      }
      count++
      if (isSame && settled !== old?.[name]) isSame = false
      if (field.position < last) isTidy = false
      last = field.position
    }
    for (const field of type.filled) {
      if (target[field.name] !== undefined) continue
      const value = settleRaw(unset(field), old?.[field.name])
      if (value === undefined) continue
      target = write(target, field.name, value)
      count++
      if (value !== old?.[field.name]) isSame = false
      isTidy = false
    }
    if (isSame && isWhole(old, count)) return old
    return Object.freeze(isTidy ? target : inOrder(target, type))
  }

  raw(draft: unknown, before: unknown): unknown {
    if (draft === before || typeof draft !== 'object' || draft === null) return draft
    if (isList(draft)) return this.items(draft, before, '', (item, old) => this.raw(item, old))
    if (!isObject(draft)) return draft
    const old = isObject(before) ? before : undefined
    let target = this.own(draft)
    let count = 0
    let isSame = old !== undefined
    for (const name in draft) {
      const value = draft[name]
      if (value === undefined) continue
      count++
      const settled = this.raw(value, old?.[name])
      if (settled !== value) target = write(target, name, settled)
      if (isSame && settled !== old?.[name]) isSame = false
    }
    return isSame && isWhole(old, count) ? old : Object.freeze(target)
  }

  /** The field's value, or undefined if Go leaves it out. */
  private field(field: FieldSchema, value: unknown, before: unknown): unknown {
    if (value === null) return isWrittenNull(field) ? null : undefined
    const settled = this.value(field.value, value, before, field)
    return field.presence === 'omit-zero' && isZero(settled) ? undefined : settled
  }

  private value(schema: ValueSchema, value: unknown, before: unknown, field?: FieldSchema): unknown {
    switch (schema.type) {
      case 'string':
        return typeof value === 'string' ? value : unusual
      case 'object':
        return isObject(value) && schema.object ? this.object(schema.object, value, before) : unusual
      case 'array':
        return isList(value) ? this.list(schema, value, before, field) : unusual
      case 'map':
        return isObject(value) ? this.map(schema, value, before) : unusual
      case 'raw':
        return this.raw(value, before)
      default:
        return quickScalar(schema, value)
    }
  }

  private map({ items }: ValueSchema, draft: JsonObject, before: unknown): unknown {
    if (draft === before) return draft
    if (!items) return this.raw(draft, before)
    const old = isObject(before) ? before : undefined
    let target = this.own(draft)
    let count = 0
    let last = ''
    let isSame = old !== undefined
    let isTidy = true
    for (const key in draft) {
      const value = draft[key]
      if (value === undefined) {
        isTidy = false
        continue
      }
      const settled = value === null ? zeroOf(items) : this.value(items, value, old?.[key])
      if (settled === unusual) return unusual
      if (settled !== value) target = write(target, key, settled)
      count++
      if (isSame && settled !== old?.[key]) isSame = false
      if (key < last) isTidy = false
      last = key
    }
    if (isSame && isWhole(old, count)) return old
    return Object.freeze(isTidy ? target : sorted(target))
  }

  private list({ items }: ValueSchema, draft: readonly unknown[], before: unknown, field?: FieldSchema): unknown {
    if (draft === before) return draft
    if (!items) return this.raw(draft, before)
    const mergeKey = field?.patchMergeKey ?? field?.listMapKeys?.[0] ?? ''
    return this.items(draft, before, mergeKey, (item, old) => {
      return item === null || item === undefined ? settleRaw(zeroOf(items), old) : this.value(items, item, old)
    })
  }

  private items(
    draft: readonly unknown[],
    before: unknown,
    mergeKey: string,
    settleItem: (item: unknown, old: unknown) => unknown,
  ): unknown {
    const old = isList(before) ? before : undefined
    const cursor = new Cursor(old)
    let target = this.isOthers && !Object.isFrozen(draft) ? [...draft] : draft
    let isSame = old?.length === draft.length
    for (let i = 0; i < draft.length; i++) {
      const item = draft[i]
      const settled = cursor.has(item) ? item : settleItem(item, old && counterpart(old, item, i, mergeKey))
      if (settled === unusual) return unusual
      if (settled !== item) {
        if (Object.isFrozen(target)) target = [...target]
        ;(target as unknown[])[i] = settled
      }
      if (isSame && settled !== old?.[i]) isSame = false
    }
    return isSame && Object.isFrozen(old) ? old : Object.freeze(target)
  }

  /** The draft itself, or a copy if it could still be changed by others and must not be by us. */
  private own(draft: JsonObject): JsonObject {
    return this.isOthers && !Object.isFrozen(draft) ? { ...draft } : draft
  }
}

/** The item of the list before that stands for the same thing. */
function counterpart(old: readonly unknown[], item: unknown, index: number, mergeKey: string): unknown {
  const candidate = old[index]
  if (mergeKey === '' || !isObject(item)) return candidate
  const id = item[mergeKey]
  if (isObject(candidate) && candidate[mergeKey] === id) return candidate
  return old.find(other => isObject(other) && other[mergeKey] === id)
}

/** Sets a field of a draft, or of a copy of it where it is frozen. */
function write(target: JsonObject, name: string, value: unknown): JsonObject {
  const draft: Draft = Object.isFrozen(target) ? { ...target } : (target as Draft)
  setOwn(draft, name, value)
  return draft
}

/** Whether a frozen object has no more than so many fields: those that were found to be the same. */
function isWhole(old: JsonObject | undefined, count: number): boolean {
  if (!old || !Object.isFrozen(old)) return false
  let fields = 0
  for (const name in old) if (old[name] !== undefined) fields++
  return fields === count
}

/** Without what was left out, in the order in which Go writes the fields. */
function inOrder(target: JsonObject, { fields }: TypeSchema): JsonObject {
  const inPlace: FieldSchema[] = []
  for (const name in target) {
    const field = target[name] === undefined ? undefined : fields.get(name)
    if (!field) continue
    // Most fields come in order, and few stand out of it.
    let place = inPlace.length
    for (let before = inPlace[place - 1]; before && before.position > field.position; before = inPlace[place - 1]) {
      inPlace[place--] = before
    }
    inPlace[place] = field
  }
  const ordered: Draft = {}
  for (const { name } of inPlace) ordered[name] = target[name]
  return ordered
}

function sorted(target: JsonObject): JsonObject {
  const ordered: Draft = {}
  for (const key of Object.keys(target).sort(compareBytes)) {
    if (target[key] !== undefined) setOwn(ordered, key, target[key])
  }
  return ordered
}
