import type { DaemonSet } from '../../../api/apps/daemonset.ts'
import { isAvailable, type Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import { scaled } from '../deployment/sizes.ts'
import { type Daemons, isUpdated } from './daemons.ts'
import type { Changes } from './manage.ts'

/**
 * Replaces old Pods: without a surge as many are deleted as may be unavailable, and the next sync makes new ones in
 * their place; with a surge new ones come first. Models pkg/controller/daemon/update.go, rollingUpdate.
 */
export function rollingChanges(daemons: Daemons, hash: string, { now }: Context): Changes {
  if (!hasOldPods(daemons, hash)) return { create: [], remove: [] }
  const nodes = new Map<string, readonly Pod[]>(daemons.podsOn)
  let desired = 0
  for (const node of daemons.nodes) {
    if (!daemons.placement(node).shouldRun) continue
    desired++
    if (!nodes.has(node.metadata.name)) nodes.set(node.metadata.name, [])
  }
  const { maxSurge, maxUnavailable } = limitsOf(daemons.ds, desired)
  const places = [...nodes].map(([name, pods]) => placeOf(daemons.ds, name, pods, hash, now))
  return maxSurge === 0 ? withoutSurge(places, maxUnavailable) : withSurge(places, maxSurge)
}

/** Without an old Pod there is nothing to replace. */
function hasOldPods({ ds, podsOn }: Daemons, hash: string): boolean {
  for (const pods of podsOn.values()) {
    if (pods.some(pod => !pod.metadata.deletionTimestamp && !isUpdated(pod, ds, hash))) return true
  }
  return false
}

function limitsOf({ spec }: DaemonSet, desired: number): { maxSurge: number; maxUnavailable: number } {
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy.rollingUpdate ?? {}
  const surge = scaled(maxSurge, desired, true)
  const unavailable = scaled(maxUnavailable, desired, true)
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

/** The old and the new Pod of a node. */
interface Place {
  readonly name: string
  readonly old?: Pod
  readonly next?: Pod
  readonly isOldAvailable: boolean
  readonly isNextAvailable: boolean
  /** More than one of a sort: to be cleaned up first. */
  readonly isCrowded: boolean
}

function placeOf(ds: DaemonSet, name: string, pods: readonly Pod[], hash: string, now: number): Place {
  const alive = pods.filter(({ metadata }) => !metadata.deletionTimestamp)
  const [next, ...moreNew] = alive.filter(pod => isUpdated(pod, ds, hash))
  const [old, ...moreOld] = alive.filter(pod => !isUpdated(pod, ds, hash))
  const available = (pod: Pod | undefined): boolean =>
    pod !== undefined && isAvailable(pod, ds.spec.minReadySeconds ?? 0, now)
  return {
    name,
    ...(old && { old }),
    ...(next && { next }),
    isOldAvailable: available(old),
    isNextAvailable: available(next),
    isCrowded: moreNew.length + moreOld.length > 0,
  }
}

function withoutSurge(places: readonly Place[], maxUnavailable: number): Changes {
  const replaced: Pod[] = []
  const candidates: Pod[] = []
  let unavailable = 0
  for (const { old, next, isCrowded, isOldAvailable, isNextAvailable } of places) {
    if (isCrowded || (old === undefined) === (next === undefined)) unavailable++
    else if (!old) unavailable += isNextAvailable ? 0 : 1
    // An old Pod that serves nobody can go at once.
    else if (!isOldAvailable) replaced.push(old)
    else candidates.push(old)
  }
  return { create: [], remove: [...replaced, ...candidates.slice(0, Math.max(maxUnavailable - unavailable, 0))] }
}

function withSurge(places: readonly Place[], maxSurge: number): Changes {
  const remove: Pod[] = []
  const allowed: string[] = []
  const candidates: string[] = []
  let surge = 0
  for (const { name, old, next, isCrowded, isOldAvailable, isNextAvailable } of places) {
    if (isCrowded) surge++
    else if (!old) continue
    else if (!next) (isOldAvailable ? candidates : allowed).push(name)
    else if (isNextAvailable) remove.push(old)
    else surge++
  }
  return { create: [...allowed, ...candidates.slice(0, Math.max(maxSurge - surge, 0))], remove }
}
