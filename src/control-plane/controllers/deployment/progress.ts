import type { Deployment, DeploymentCondition } from '../../../api/apps/deployment.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import { isEqual } from '../../../machinery/object.ts'
import { parseTime } from '../../../machinery/time.ts'
import { type Conditions, hasDeadline, progressing, setCondition, without } from './conditions.ts'
import { type Rollout, type Sets, writeStatus } from './rollout.ts'
import { isComplete, type Status, statusOf } from './status.ts'

/** Says how a roll-out gets on, and when it has not got on for too long. Models progress.go, syncRolloutStatus. */
export function syncRolloutStatus(rollout: Rollout, sets: Sets): void {
  const { context, deployment } = rollout
  const counted = statusOf(deployment, sets, context.now)
  const judged = judge(deployment, counted, sets, context.now)
  const failure = replicaFailure(sets)
  const conditions = failure ? setCondition(judged, failure) : without(judged, 'ReplicaFailure')
  const status = { ...counted, conditions: [...conditions] }
  if (isEqual(status, deployment.status)) waitForDeadline(rollout, status)
  else writeStatus(rollout, { ...deployment, status })
}

/** The conditions with what is to be said about progress. */
function judge(deployment: Deployment, status: Status, { current }: Sets, now: number): Conditions {
  const conditions = status.conditions ?? []
  if (!hasDeadline(deployment)) return without(conditions, 'Progressing')
  const old = findCondition(deployment.status.conditions, 'Progressing')
  const isSettled = status.replicas === status.updatedReplicas && old?.reason === 'NewReplicaSetAvailable'
  if (isSettled) return conditions
  const subject = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  if (isComplete(deployment, status)) {
    const text = `${subject} has successfully progressed.`
    return setCondition(conditions, progressing('True', 'NewReplicaSetAvailable', text, now))
  }
  if (hasProgressed(deployment.status, status)) {
    const condition = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`, now)
    // The time of the update moves even where the reason is the same: the deadline counts from it.
    const since = old?.status === 'True' ? old.lastTransitionTime : condition.lastTransitionTime
    return [
      ...without(conditions, 'Progressing'),
      { ...condition, ...(since !== undefined && { lastTransitionTime: since }) },
    ]
  }
  if (hasTimedOut(deployment, status, now)) {
    const text = `${subject} has timed out progressing.`
    return setCondition(conditions, progressing('False', 'ProgressDeadlineExceeded', text, now))
  }
  return conditions
}

function hasProgressed(old: Status, next: Status): boolean {
  const outdated = ({ replicas = 0, updatedReplicas = 0 }: Status): number => replicas - updatedReplicas
  return (
    (next.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    outdated(next) < outdated(old) ||
    (next.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  )
}

function hasTimedOut({ spec }: Deployment, { conditions }: Status, now: number): boolean {
  const condition = findCondition(conditions, 'Progressing')
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return parseTime(condition.lastUpdateTime ?? '') + spec.progressDeadlineSeconds * 1000 < now
}

/** What a ReplicaSet could not create or delete, the new one's first. */
function replicaFailure({ all, current }: Sets): DeploymentCondition | undefined {
  for (const rs of current ? [current, ...all] : all) {
    const found = findCondition(rs.status.conditions, 'ReplicaFailure')
    if (!found) continue
    const { lastTransitionTime } = found
    return { ...found, ...(lastTransitionTime !== undefined && { lastUpdateTime: lastTransitionTime }) }
  }
  return undefined
}

/** Nothing happens to a roll-out that is stuck, so somebody must look at the clock. */
function waitForDeadline(rollout: Rollout, status: Status): void {
  const { deployment, context } = rollout
  const condition = findCondition(deployment.status.conditions, 'Progressing')
  if (!hasDeadline(deployment) || !condition) return
  if (isComplete(deployment, status) || condition.reason === 'ProgressDeadlineExceeded') return
  // A settled Deployment that lost Pods later has no deadline to meet; upstream looks at it again and again to no effect.
  if (condition.reason === 'NewReplicaSetAvailable') return
  const deadline = parseTime(condition.lastUpdateTime ?? '') + deployment.spec.progressDeadlineSeconds * 1000
  const left = deadline - context.now
  rollout.requeueAfterMs = left < 1000 ? Math.max(left, 0) + 1 : left + 1000
}
