/** About how many bytes a value has as JSON. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 5
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item) + 1
  else if (isRecord(value)) for (const name in value) size += sizeOfField(name, value[name])
  return size
}

/**
 * How many bytes a value has more than another. Versions of an object share what did not change (DESIGN.md, D5), so only
 * their differences are walked: what one write costs does not depend on how large the object is.
 */
export function sizeDifference(before: unknown, after: unknown): number {
  if (before === after) return 0
  if (isRecord(before) && isRecord(after)) return fieldsDifference(before, after)
  if (Array.isArray(before) && Array.isArray(after)) return itemsDifference(before, after)
  return sizeOf(after) - sizeOf(before)
}

type Fields = Readonly<Record<string, unknown>>

/** Every object that is no array is one here: what is stored is plain data. */
function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sizeOfField(name: string, value: unknown): number {
  return value === undefined ? 0 : name.length + 4 + sizeOf(value)
}

function fieldsDifference(before: Fields, after: Fields): number {
  let difference = 0
  for (const name in after) {
    const now = after[name]
    const was = before[name]
    if (now === was) continue
    const isPair = was !== undefined && now !== undefined && Object.hasOwn(before, name)
    if (isPair) difference += sizeDifference(was, now)
    else difference += sizeOfField(name, now) - (Object.hasOwn(before, name) ? sizeOfField(name, was) : 0)
  }
  for (const name in before) if (!Object.hasOwn(after, name)) difference -= sizeOfField(name, before[name])
  return difference
}

/** Items that came or went leave those before and after them as they were. */
function itemsDifference(before: readonly unknown[], after: readonly unknown[]): number {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  let difference = after.length - before.length
  const pairs = shorter - end
  for (let i = start; i < pairs; i++) difference += sizeDifference(before[i], after[i])
  for (let i = pairs; i < before.length - end; i++) difference -= sizeOf(before[i])
  for (let i = pairs; i < after.length - end; i++) difference += sizeOf(after[i])
  return difference
}
