import type { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import { cleanUpHistory } from './history.ts'
import { syncRolloutStatus } from './progress.ts'
import { findSets } from './replicasets.ts'
import { type Rollout, type Sets, setsOf } from './rollout.ts'
import { resize, scaleSet } from './scaling.ts'
import {
  activeSets,
  actualReplicas,
  availableReplicas,
  maxUnavailable,
  newReplicaCount,
  oldestFirst,
  specReplicas,
} from './sizes.ts'
import { isComplete } from './status.ts'

/** The Recreate strategy: nothing new before the last old Pod is gone. Models recreate.go. */
export function recreate(rollout: Rollout): void {
  let sets = findSets(rollout, false)
  const active = activeSets(sets.old)
  for (const rs of active) resize(rollout, rs, 0)
  if (active.length > 0 || hasOldPods(rollout, sets)) return syncRolloutStatus(rollout, sets)
  if (!sets.current) sets = findSets(rollout, true)
  const { current } = sets
  if (current) resize(rollout, current, rollout.deployment.spec.replicas)
  finish(rollout, sets)
}

function hasOldPods(rollout: Rollout, { current, old }: Sets): boolean {
  if (actualReplicas(old) > 0) return true
  return rollout.replicaSets.some(
    rs => rs.metadata.uid !== current?.metadata.uid && rollout.podsOf(rs).some(pod => !isTerminal(pod)),
  )
}

/**
 * The RollingUpdate strategy: first up as far as the surge allows, then down as far as availability allows, one step a
 * sync; the ReplicaSets' new statuses bring the next sync. Models rolling.go.
 */
export function rollingUpdate(rollout: Rollout): void {
  const sets = findSets(rollout, true)
  const { current } = sets
  if (current && (scaleUp(rollout, sets, current) || scaleDown(rollout, sets, current))) {
    return syncRolloutStatus(rollout, sets)
  }
  finish(rollout, sets)
}

function finish(rollout: Rollout, sets: Sets): void {
  const { deployment } = rollout
  if (isComplete(deployment, deployment.status)) cleanUpHistory(rollout, sets)
  syncRolloutStatus(rollout, sets)
}

function scaleUp(rollout: Rollout, { all }: Sets, current: ReplicaSet): boolean {
  const { deployment } = rollout
  const { replicas } = deployment.spec
  if (current.spec.replicas === replicas) return false
  const size = current.spec.replicas > replicas ? replicas : newReplicaCount(deployment, all, current)
  return resize(rollout, current, size)
}

/**
 * Takes Pods from the old ReplicaSets. Example: 10 replicas of which 2 may be missing, 13 Pods, 4 of them new and not
 * yet available: 13 - 8 - 4 = 1 may go. Pods that are not available anyway go first.
 */
function scaleDown(rollout: Rollout, { all, old }: Sets, current: ReplicaSet): boolean {
  const { deployment } = rollout
  const active = activeSets(old)
  if (active.length === 0) return false
  const least = deployment.spec.replicas - maxUnavailable(deployment)
  const unavailable = current.spec.replicas - (current.status.availableReplicas ?? 0)
  const mayGo = specReplicas(all) - least - unavailable
  if (mayGo <= 0) return false
  const { cleaned, sets } = cleanUpUnhealthy(rollout, active, mayGo)
  return takeAvailable(rollout, sets, current, least) + cleaned > 0
}

function cleanUpUnhealthy(
  rollout: Rollout,
  old: readonly ReplicaSet[],
  most: number,
): { cleaned: number; sets: readonly ReplicaSet[] } {
  let cleaned = 0
  const sets = oldestFirst(old).map(rs => {
    const unhealthy = rs.spec.replicas - (rs.status.availableReplicas ?? 0)
    const count = Math.min(most - cleaned, unhealthy)
    if (count <= 0) return rs
    cleaned += count
    return scaleSet(rollout, rs, rs.spec.replicas - count)
  })
  return { cleaned, sets }
}

function takeAvailable(rollout: Rollout, old: readonly ReplicaSet[], current: ReplicaSet, least: number): number {
  const most = availableReplicas(setsOf(current, old).all) - least
  let taken = 0
  for (const rs of old) {
    const count = Math.min(rs.spec.replicas, most - taken)
    if (count <= 0) continue
    resize(rollout, rs, rs.spec.replicas - count)
    taken += count
  }
  return taken
}
