import { Deployment } from '../../../api/apps/deployment.ts'
import type { ReplicaSet } from '../../../api/apps/replicaset.ts'
import type { Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'

/** One sync of a Deployment: the object as this sync has changed it, and its ReplicaSets as the cache shows them. */
export interface Rollout {
  deployment: Deployment
  /** When to come back although nothing has changed. */
  requeueAfterMs?: number
  readonly replicaSets: readonly ReplicaSet[]
  readonly context: Context
  /** Pods of a ReplicaSet, as the cache shows them. */
  podsOf(rs: ReplicaSet): readonly Pod[]
}

/** The ReplicaSets of a Deployment by what they are to it. */
export interface Sets {
  /** The one with the Deployment's template. */
  readonly current: ReplicaSet | undefined
  readonly old: readonly ReplicaSet[]
  readonly all: readonly ReplicaSet[]
}

export function setsOf(current: ReplicaSet | undefined, old: readonly ReplicaSet[]): Sets {
  return { current, old, all: current ? [...old, current] : old }
}

/**
 * Writes status, and annotations with it. What the server answers is not looked at, as upstream does not: a second write
 * of the same sync is refused for its version and the Deployment comes back when the cache has caught up. That keeps a
 * ReplicaSet that was made just now from being counted before it has a status.
 */
export function writeStatus(rollout: Rollout, changed: Deployment): void {
  rollout.context.api.updateStatus(Deployment, changed)
  rollout.deployment = changed
}
