import type { HorizontalPodAutoscaler, HPAScalingRules } from '../../../api/autoscaling/horizontalpodautoscaler.ts'

/** How far and how fast a target may be scaled: normalizeDesiredReplicas and …WithBehaviors of horizontal.go. */

/** What was recommended and done lately for one autoscaler. Plain data. */
export interface Record {
  recommendations: Stamped[]
  ups: Stamped[]
  downs: Stamped[]
}

interface Stamped {
  readonly at: number
  readonly replicas: number
}

export interface Verdict {
  readonly replicas: number
  /** For the condition AbleToScale. */
  readonly able: { readonly reason: string; readonly message: string }
  /** For the condition ScalingLimited. */
  readonly limited: { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string }
}

/** horizontal-pod-autoscaler-downscale-stabilization. */
const downscaleWindowS = 300

const ready = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
const heldDown = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const heldUp = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}
const within = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' }
const limits = {
  max: { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' },
  min: { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' },
  up: {
    reason: 'ScaleUpLimit',
    message: 'the desired replica count is increasing faster than the maximum scale rate',
  },
  down: {
    reason: 'ScaleDownLimit',
    message: 'the desired replica count is decreasing faster than the maximum scale rate',
  },
}

/** The number that is allowed now, of the number that metrics propose. Remembers the proposal. */
export function limit(
  { spec }: HorizontalPodAutoscaler,
  record: Record,
  current: number,
  proposed: number,
  now: number,
): Verdict {
  const rules = spec.behavior && {
    up: spec.behavior.scaleUp,
    down: spec.behavior.scaleDown,
  }
  const bounds = { min: spec.minReplicas, max: spec.maxReplicas }
  const upS = rules?.up?.stabilizationWindowSeconds ?? 0
  const downS = rules?.down?.stabilizationWindowSeconds ?? downscaleWindowS
  const isUp = proposed >= current
  const stable = stabilize(record, proposed, isUp ? 'lowest' : 'highest', { upS, downS, hasRules: !!rules }, now)
  const able = stable === proposed ? ready : isUp && rules ? heldUp : heldDown
  const { replicas, why } = rules
    ? withinRate(current, stable, bounds, rules, record, now)
    : withinBounds(current, stable, bounds)
  return { replicas, able, limited: { status: replicas === stable ? 'False' : 'True', ...why } }
}

/** Remembers a change, since policies count what was changed within their period. */
export function rememberChange(record: Record, before: number, after: number, now: number): void {
  const list = after > before ? record.ups : record.downs
  list.push({ at: now, replicas: Math.abs(after - before) })
  while (list[0] && list[0].at < now - longestPeriodMs) list.shift()
}

/** The longest period that a policy may name: 1800 s. */
const longestPeriodMs = 1_800_000

interface Windows {
  readonly upS: number
  readonly downS: number
  readonly hasRules: boolean
}

function stabilize(
  record: Record,
  proposed: number,
  towards: 'lowest' | 'highest',
  { upS, downS, hasRules }: Windows,
  now: number,
): number {
  // Without rules of its own an autoscaler is held in one direction only: it goes down late.
  const isUp = towards === 'lowest' && hasRules
  const cutoff = now - (isUp ? upS : downS) * 1000
  let result = proposed
  for (const { at, replicas } of record.recommendations) {
    const counts = hasRules ? at > cutoff : at >= cutoff
    if (counts) result = isUp ? Math.min(result, replicas) : Math.max(result, replicas)
  }
  const oldest = now - Math.max(upS, downS) * 1000
  record.recommendations = record.recommendations.filter(({ at }) => at >= oldest)
  record.recommendations.push({ at: now, replicas: proposed })
  return result
}

interface Bounds {
  readonly min: number
  readonly max: number
}

interface Limited {
  readonly replicas: number
  readonly why: { readonly reason: string; readonly message: string }
}

function withinBounds(current: number, desired: number, { min, max }: Bounds): Limited {
  const fastest = Math.max(2 * current, 4)
  if (desired < min) return { replicas: min, why: limits.min }
  if (desired > Math.min(max, fastest)) {
    return max > fastest ? { replicas: fastest, why: limits.up } : { replicas: max, why: limits.max }
  }
  return { replicas: desired, why: within }
}

interface Rules {
  readonly up?: HPAScalingRules | undefined
  readonly down?: HPAScalingRules | undefined
}

function withinRate(
  current: number,
  desired: number,
  { min, max }: Bounds,
  { up, down }: Rules,
  record: Record,
  now: number,
): Limited {
  if (desired > current && up) {
    const fastest = Math.max(upLimit(current, up, record, now), current)
    const allowed = Math.min(max, fastest)
    if (desired > allowed) return { replicas: allowed, why: max > fastest ? limits.up : limits.max }
  }
  if (desired < current && down) {
    const fastest = Math.min(downLimit(current, down, record, now), current)
    const allowed = Math.max(min, fastest)
    if (desired < allowed) return { replicas: allowed, why: min < fastest ? limits.down : limits.min }
  }
  return { replicas: desired, why: within }
}

function upLimit(current: number, { policies, selectPolicy }: HPAScalingRules, record: Record, now: number): number {
  if (selectPolicy === 'Disabled') return current
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const atStart =
      current - changedWithin(record.ups, periodSeconds, now) + changedWithin(record.downs, periodSeconds, now)
    return type === 'Pods' ? atStart + value : Math.ceil(atStart * (1 + value / 100))
  })
  return selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals)
}

function downLimit(current: number, { policies, selectPolicy }: HPAScalingRules, record: Record, now: number): number {
  if (selectPolicy === 'Disabled') return current
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const atStart =
      current - changedWithin(record.ups, periodSeconds, now) + changedWithin(record.downs, periodSeconds, now)
    return type === 'Pods' ? atStart - value : Math.trunc(atStart * (1 - value / 100))
  })
  return selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals)
}

function changedWithin(changes: readonly Stamped[], periodS: number, now: number): number {
  let total = 0
  for (const { at, replicas } of changes) if (at > now - periodS * 1000) total += replicas
  return total
}
