import type { Deployment } from '../../../api/apps/deployment.ts'
import type { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { parseTime } from '../../../machinery/time.ts'

/** Arithmetic of roll-outs. Models pkg/controller/deployment/util/{deployment_util,replicaset_util}.go. */

type Sets = readonly ReplicaSet[]

export function specReplicas(sets: Sets): number {
  return sets.reduce((sum, rs) => sum + rs.spec.replicas, 0)
}

export function actualReplicas(sets: Sets): number {
  return sets.reduce((sum, rs) => sum + rs.status.replicas, 0)
}

export function readyReplicas(sets: Sets): number {
  return sets.reduce((sum, rs) => sum + (rs.status.readyReplicas ?? 0), 0)
}

export function availableReplicas(sets: Sets): number {
  return sets.reduce((sum, rs) => sum + (rs.status.availableReplicas ?? 0), 0)
}

/** Undefined while a ReplicaSet has not said yet. */
export function terminatingReplicas(sets: Sets): number | undefined {
  let sum = 0
  for (const { status } of sets) {
    if (status.terminatingReplicas === undefined) return undefined
    sum += status.terminatingReplicas
  }
  return sum
}

export function isRolling({ spec }: Deployment): boolean {
  return spec.strategy.type === 'RollingUpdate'
}

/** A count, or a percentage of a total: intstr.GetScaledValueFromIntOrPercent. */
export function scaled(value: number | string, total: number, isRoundedUp: boolean): number {
  if (typeof value === 'number') return value
  const share = (Number.parseInt(value, 10) * total) / 100
  return isRoundedUp ? Math.ceil(share) : Math.floor(share)
}

/**
 * How many Pods may be missing and how many too many. Percentages of a surge are rounded up, those of what may be
 * missing down; if both come to nothing one Pod may be missing, or there would be no way forward.
 */
function fenceposts({ spec }: Deployment): { surge: number; unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 0 } = spec.strategy.rollingUpdate ?? {}
  const surge = scaled(maxSurge, spec.replicas, true)
  const unavailable = scaled(maxUnavailable, spec.replicas, false)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

export function maxSurge(deployment: Deployment): number {
  return isRolling(deployment) ? fenceposts(deployment).surge : 0
}

export function maxUnavailable(deployment: Deployment): number {
  const { replicas } = deployment.spec
  if (!isRolling(deployment) || replicas === 0) return 0
  return Math.min(fenceposts(deployment).unavailable, replicas)
}

/** How large the new ReplicaSet may be now. */
export function newReplicaCount(deployment: Deployment, all: Sets, current: { spec: { replicas: number } }): number {
  const { replicas } = deployment.spec
  if (!isRolling(deployment)) return replicas
  const surge = scaled(deployment.spec.strategy.rollingUpdate?.maxSurge ?? 0, replicas, true)
  const room = replicas + surge - specReplicas(all)
  if (room <= 0) return current.spec.replicas
  return current.spec.replicas + Math.min(room, replicas - current.spec.replicas)
}

export function activeSets(sets: Sets): ReplicaSet[] {
  return sets.filter(({ spec }) => spec.replicas > 0)
}

export function oldestFirst(sets: Sets): ReplicaSet[] {
  return [...sets].sort(byAge)
}

/** The order of creation; of one second, by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const difference = parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp)
  return difference || (a.metadata.name < b.metadata.name ? -1 : 1)
}

/** Whether the new ReplicaSet has, and shows, all that the Deployment wants. */
export function isSaturated({ spec }: Deployment, current: ReplicaSet | undefined): boolean {
  if (!current) return false
  const desired = Number(current.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'])
  const isFull = current.spec.replicas === spec.replicas && desired === spec.replicas
  return isFull && current.status.availableReplicas === spec.replicas
}
