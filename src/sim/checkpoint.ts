/**
 * Copies a component's state: containers (objects, arrays, Maps, Sets) are copied, frozen values are shared. State is a
 * tree of such values; API objects in it are frozen, so a copy costs what the containers weigh (DESIGN.md, D1 and D5).
 */
export function copyState<T>(value: T): T
export function copyState(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return value.map(copyState)
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>()
    for (const [key, item] of value) copy.set(key, copyState(item))
    return copy
  }
  if (value instanceof Set) return new Set(value)
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice()
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(`state holds a ${String(value.constructor.name)}, which a checkpoint cannot copy`)
  }
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = copyState((value as Record<string, unknown>)[key])
  return copy
}
