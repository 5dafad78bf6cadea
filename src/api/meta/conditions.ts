import { timestamp } from '../../machinery/time.ts'

/** What conditions of all kinds have in common. */
export interface AnyCondition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

const none: readonly never[] = []

export function findCondition<C extends { type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  // A loop, because controllers ask this of every Pod that they count.
  for (const condition of conditions ?? none) if (condition.type === type) return condition
  return undefined
}

export function isConditionTrue(
  conditions: readonly { type: string; status: string }[] | undefined,
  type: string,
): boolean {
  return findCondition(conditions, type)?.status === 'True'
}

/**
 * The conditions with one added or replaced in its place. `lastTransitionTime` moves only when the status does, unless
 * the condition brings its own. If nothing would change the same array comes back, so callers can skip the write.
 */
export function setCondition<C extends AnyCondition>(
  conditions: readonly C[] | undefined,
  condition: C,
  now: number,
): readonly C[] {
  const present = conditions ?? []
  const position = present.findIndex(({ type }) => type === condition.type)
  const old = present[position]
  const kept = old?.status === condition.status ? old.lastTransitionTime : undefined
  const next = { ...condition, lastTransitionTime: condition.lastTransitionTime ?? kept ?? timestamp(now) }
  if (!old) return [...present, next]
  if (isSame(old, next)) return present
  return present.with(position, next)
}

export function removeCondition<C extends { type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): readonly C[] {
  const present = conditions ?? []
  return present.some(condition => condition.type === type)
    ? present.filter(condition => condition.type !== type)
    : present
}

function isSame(a: object, b: object): boolean {
  const left = Object.entries(a)
  const right = new Map(Object.entries(b))
  return left.length === right.size && left.every(([key, value]) => right.get(key) === value)
}
