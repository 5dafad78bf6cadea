/** Sizes of frozen containers that were measured once. A memo and no state: it gives what measuring again would. */
const measured = new WeakMap<object, number>()

/** Smaller parts are measured again: that is quicker than to remember them. */
const rememberedFrom = 128

/**
 * About how many bytes a frozen value has as JSON. Versions of an object share what did not change (DESIGN.md, D5), so
 * that only its new parts are walked.
 */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 5
  const known = measured.get(value)
  if (known !== undefined) return known
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item) + 1
  else if (isRecord(value)) {
    for (const name in value) if (value[name] !== undefined) size += name.length + 4 + sizeOf(value[name])
  }
  if (size >= rememberedFrom && Object.isFrozen(value)) measured.set(value, size)
  return size
}

/** Every object that is no array is one here: what is stored is plain data. */
function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  return !Array.isArray(value)
}
