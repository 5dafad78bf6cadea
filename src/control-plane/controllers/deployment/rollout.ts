import { Deployment } from '../../../api/apps/deployment.ts'
import type { ReplicaSet } from '../../../api/apps/replicaset.ts'
import type { Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'

/**
 * One sync of a Deployment: the object as this sync has written it last, so that a later write is not refused for the
 * version of an earlier one, and its ReplicaSets as the cache shows them.
 */
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

/** Writes status, and annotations with it, and goes on with what the server answers. */
export function writeStatus(rollout: Rollout, changed: Deployment): void {
  rollout.deployment = rollout.context.api.updateStatus(Deployment, changed)
}
