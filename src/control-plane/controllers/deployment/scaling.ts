import type { Deployment } from '../../../api/apps/deployment.ts'
import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { byAge, activeSets, isRolling, isSaturated, maxSurge, specReplicas } from './sizes.ts'
import { desiredKey, hasAnnotations, maxKey, sizeAnnotations, sizeIn, withAnnotations } from './annotations.ts'
import type { Rollout, Sets } from './rollout.ts'

/** Scaling: of a Deployment that does not roll out, and in proportion of one that does. Models sync.go, scale. */

/** Gives a ReplicaSet a size and says so; returns it as it is now. */
export function scaleSet({ context, deployment }: Rollout, rs: ReplicaSet, replicas: number): ReplicaSet {
  const sizes = sizeAnnotations(deployment)
  const before = rs.spec.replicas
  if (before === replicas && hasAnnotations(rs.metadata.annotations, sizes)) return rs
  const next = withAnnotations({ ...rs, spec: { ...rs.spec, replicas } }, sizes)
  const written = context.api.update(ReplicaSet, next)
  if (before !== replicas) {
    const direction = before < replicas ? 'up' : 'down'
    const text = `Scaled ${direction} replica set ${rs.metadata.name} from ${before} to ${replicas}`
    context.event(deployment, 'Normal', 'ScalingReplicaSet', text)
  }
  return written
}

/** As `scaleSet`, but leaves alone what has the size already. Says whether there was something to do. */
export function resize(rollout: Rollout, rs: ReplicaSet, replicas: number): boolean {
  if (rs.spec.replicas === replicas) return false
  scaleSet(rollout, rs, replicas)
  return true
}

/** Whether the Deployment's size was changed since its ReplicaSets were last told of it. */
export function isScaling({ deployment }: Rollout, { all }: Sets): boolean {
  return activeSets(all).some(rs => {
    const desired = sizeIn(rs, desiredKey)
    return desired !== undefined && desired !== deployment.spec.replicas
  })
}

export function scale(rollout: Rollout, sets: Sets): void {
  const { deployment } = rollout
  const { replicas } = deployment.spec
  const only = activeOrLatest(sets)
  if (only) {
    if (only.spec.replicas !== replicas) resize(rollout, only, replicas)
    return
  }
  if (isSaturated(deployment, sets.current)) {
    for (const rs of activeSets(sets.old)) resize(rollout, rs, 0)
    return
  }
  if (isRolling(deployment)) scaleInProportion(rollout, sets)
}

/** The ReplicaSet that a scaling concerns when there is but one, or none with Pods; undefined in a roll-out. */
function activeOrLatest({ all, current, old }: Sets): ReplicaSet | undefined {
  const active = activeSets(all)
  if (active.length > 1) return undefined
  return active[0] ?? current ?? [...old].sort(byAge).at(-1)
}

/**
 * Shares the difference among all ReplicaSets by their size, so that a roll-out that goes wrong does not get all of
 * what was added: of 10 replicas with a surge of 3, that are 8 old and 5 new Pods, 15 replicas make 11 and 7. What
 * rounding leaves over goes to the largest.
 */
function scaleInProportion(rollout: Rollout, { all }: Sets): void {
  const { deployment } = rollout
  const { replicas } = deployment.spec
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0
  const sets = activeSets(all)
  const toAdd = allowed - specReplicas(sets)
  if (toAdd > 0) sets.sort((a, b) => b.spec.replicas - a.spec.replicas || byAge(b, a))
  if (toAdd < 0) sets.sort((a, b) => b.spec.replicas - a.spec.replicas || byAge(a, b))
  let added = 0
  const sizes = sets.map(rs => {
    const share = shareOf(rs, deployment, toAdd, added)
    added += share
    return rs.spec.replicas + share
  })
  if (sizes[0] !== undefined && toAdd !== 0) sizes[0] = Math.max(sizes[0] + toAdd - added, 0)
  sets.forEach((rs, index) => scaleSet(rollout, rs, sizes[index] ?? rs.spec.replicas))
}

function shareOf(rs: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (rs.spec.replicas === 0 || toAdd === 0 || toAdd === added) return 0
  const fraction = fractionOf(rs, deployment)
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added)
}

/** By how much a ReplicaSet would grow if it kept its part of the whole. */
function fractionOf(rs: ReplicaSet, deployment: Deployment): number {
  const { replicas } = deployment.spec
  if (replicas === 0) return -rs.spec.replicas
  const before = sizeIn(rs, maxKey) || deployment.status.replicas
  if (!before) return 0
  return Math.floor((rs.spec.replicas * (replicas + maxSurge(deployment))) / before + 0.5) - rs.spec.replicas
}
