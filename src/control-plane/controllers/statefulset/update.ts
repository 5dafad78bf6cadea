import type { StatefulSet } from '../../../api/apps/statefulset.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { scaled } from '../deployment/sizes.ts'
import { type Revisions, templateOf } from './history.ts'
import {
  createReplica,
  deleteReplica,
  firstOrdinal,
  isHealthy,
  isServing,
  isTerminating,
  ordinalOf,
  revisionOf,
} from './pods.ts'
import { claimsFollowPolicy, setOwners } from './retention.ts'

/** One sync of a StatefulSet. */
export interface Sync {
  readonly set: StatefulSet
  readonly revisions: Revisions
  /** By place in the sequence; a place without a Pod is empty. */
  readonly replicas: readonly (Pod | undefined)[]
  /** Beyond the sequence, highest ordinal first. */
  readonly condemned: readonly Pod[]
  readonly context: Context
}

export function syncOf(set: StatefulSet, revisions: Revisions, pods: readonly Pod[], context: Context): Sync {
  const first = firstOrdinal(set)
  const replicas: (Pod | undefined)[] = Array.from({ length: set.spec.replicas }, () => undefined)
  const condemned: Pod[] = []
  for (const pod of pods) {
    const ordinal = ordinalOf(pod, set)
    if (ordinal >= first && ordinal < first + set.spec.replicas) replicas[ordinal - first] = pod
    else if (ordinal >= 0) condemned.push(pod)
  }
  condemned.sort((a, b) => ordinalOf(b, set) - ordinalOf(a, set))
  return { set, revisions, replicas, condemned, context }
}

/**
 * Creates, deletes and replaces Pods; returns how many of the current revision were told to go. In order, each step
 * waits until the one before it is done, unless the set manages its Pods in parallel. Models stateful_set_control.go.
 */
export function act(sync: Sync): number {
  const isOrdered = sync.set.spec.podManagementPolicy !== 'Parallel'
  for (const index of sync.replicas.keys()) if (keepReplica(sync, index, isOrdered) && isOrdered) return 0
  if (condemn(sync, isOrdered)) return 0
  if (sync.set.spec.updateStrategy.type !== 'RollingUpdate') return 0
  return replaceOld(sync)
}

/** Brings one replica about; true while it is to be waited for. */
function keepReplica(sync: Sync, index: number, isOrdered: boolean): boolean {
  const { context, set } = sync
  const pod = sync.replicas[index]
  if (!pod) {
    createMissing(sync, index)
    return true
  }
  if (isTerminal(pod)) {
    if (!isTerminating(pod)) deleteReplica(set, pod, context)
    return true
  }
  if (isOrdered && (isTerminating(pod) || !isServing(pod, set, context.now))) return true
  if (!claimsFollowPolicy(set, pod, context)) updateClaims(set, pod, context)
  return false
}

/** A replica is right only if its claims are, too: UpdateStatefulPod. */
function updateClaims(set: StatefulSet, pod: Pod, context: Context): void {
  const failure = attempt(() => setOwners(set, pod, context))
  const what = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
  if (failure) {
    context.event(set, 'Warning', 'FailedUpdate', `Update ${what} failed error: ${failure.message}`)
    throw failure
  }
}

/** A Pod below the partition comes back as it was, one above it comes as it shall be. */
function createMissing({ context, revisions, set }: Sync, index: number): void {
  const { rollingUpdate, type } = set.spec.updateStrategy
  const isOld = type === 'RollingUpdate' && index < (rollingUpdate?.partition ?? set.status.currentReplicas ?? 0)
  const revision = isOld ? revisions.current : revisions.update
  createReplica(set, templateOf(set, revision), revision.metadata.name, index + firstOrdinal(set), context)
}

/** Takes away what is too much, the highest ordinal first; true while one is to be waited for. */
function condemn({ condemned, context, replicas, set }: Sync, isOrdered: boolean): boolean {
  for (const pod of condemned) if (!claimsFollowPolicy(set, pod, context)) setOwners(set, pod, context)
  const sick = [...replicas, ...[...condemned].reverse()].find(pod => pod && !isHealthy(pod))
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (isOrdered) return true
      continue
    }
    if (isOrdered && !isServing(pod, set, context.now) && pod !== sick) return true
    deleteReplica(set, pod, context)
    if (isOrdered) return true
  }
  return false
}

/** Deletes Pods of an old revision from the highest ordinal down to the partition, as many as may be missing. */
function replaceOld({ context, replicas, revisions, set }: Sync): number {
  const { maxUnavailable, partition = 0 } = set.spec.updateStrategy.rollingUpdate ?? {}
  const mostMissing = maxUnavailable === undefined ? 1 : Math.max(scaled(maxUnavailable, set.spec.replicas, false), 1)
  const isMissing = (pod: Pod | undefined): boolean => !pod || isTerminating(pod) || !isServing(pod, set, context.now)
  let missing = maxUnavailable === undefined ? 0 : replicas.filter(isMissing).length
  let gone = 0
  for (let index = replicas.length - 1; index >= partition && missing < mostMissing; index--) {
    const pod = replicas[index]
    if (!pod) return gone
    if (revisionOf(pod) !== revisions.update.metadata.name && !isTerminating(pod)) {
      deleteReplica(set, pod, context)
      if (revisionOf(pod) === revisions.current.metadata.name) gone++
      missing++
    } else if (maxUnavailable === undefined && !isHealthy(pod)) return gone
  }
  return gone
}
