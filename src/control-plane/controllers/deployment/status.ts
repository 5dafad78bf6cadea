import type { Deployment } from '../../../api/apps/deployment.ts'
import { isEqual } from '../../../machinery/object.ts'
import { newCondition, setCondition } from './conditions.ts'
import { type Rollout, type Sets, writeStatus } from './rollout.ts'
import {
  actualReplicas,
  availableReplicas,
  maxUnavailable,
  readyReplicas,
  specReplicas,
  terminatingReplicas,
} from './sizes.ts'

export type Status = Deployment['status']

/** What the ReplicaSets' own statuses come to. Models sync.go, calculateStatus. */
export function statusOf(deployment: Deployment, { all, current }: Sets, now: number): Status {
  const available = availableReplicas(all)
  const unavailable = Math.max(specReplicas(all) - available, 0)
  const isAvailable = available >= deployment.spec.replicas - maxUnavailable(deployment)
  const condition = isAvailable
    ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
    : newCondition('Available', 'False', 'MinimumReplicasUnavailable', minimumMissing, now)
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas: actualReplicas(all),
    updatedReplicas: actualReplicas(current ? [current] : []),
    readyReplicas: readyReplicas(all),
    availableReplicas: available,
    unavailableReplicas: unavailable,
  }
  const status: Status = {}
  for (const key of countNames) if (counts[key]) status[key] = counts[key]
  const terminating = terminatingReplicas(all)
  if (terminating !== undefined) status.terminatingReplicas = terminating
  const { collisionCount, conditions } = deployment.status
  if (collisionCount !== undefined) status.collisionCount = collisionCount
  status.conditions = [...setCondition(conditions, condition)]
  return status
}

const minimumMissing = 'Deployment does not have minimum availability.'
const countNames = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
] as const

/** Writes the status of a Deployment that is not looked at for progress: paused, scaled or going. */
export function syncStatus(rollout: Rollout, sets: Sets): void {
  const { context, deployment } = rollout
  const status = statusOf(deployment, sets, context.now)
  if (!isEqual(status, deployment.status)) writeStatus(rollout, { ...deployment, status })
}

/** Whether the roll-out that a status tells of is over. */
export function isComplete({ metadata, spec }: Deployment, status: Status): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  )
}
