import { isActive, isAvailable, isReady, Pod } from '../../../api/core/pod.ts'
import type { PodTemplateSpec } from '../../../api/core/podtemplate.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { Context, Outcome } from '../../../client/controller.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { matchesSet } from '../../../machinery/labels.ts'
import { type ApiObject, isEqual } from '../../../machinery/object.ts'
import { type ApiError, attempt } from '../../../machinery/status.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'
import { claim } from '../ownership.ts'
import { burstReplicas, createPod, deletePod, isNamespaceGoing, podFromTemplate, slowStart } from '../pod-control.ts'
import { firstToDelete } from '../pod-ranking.ts'

/** What ReplicaSets and ReplicationControllers have in common: upstream runs one controller over both. */
export interface ReplicaOwner extends ApiObject {
  spec: { replicas: number; minReadySeconds?: number; template: PodTemplateSpec }
  status: ReplicaStatus
}

export interface ReplicaStatus {
  availableReplicas?: number
  conditions?: ReplicaCondition[]
  fullyLabeledReplicas?: number
  observedGeneration?: number
  readyReplicas?: number
  replicas: number
  terminatingReplicas?: number
}

interface ReplicaCondition {
  lastTransitionTime?: string
  message?: string
  reason?: string
  status: string
  type: string
}

export interface ReplicaKind<Owner extends ReplicaOwner> {
  readonly kind: Kind<Owner>
  selects(owner: Owner, labels: Readonly<Record<string, string>> | undefined): boolean
  /** Pods of the sets that share this one's owner: only asked when Pods are to be deleted. */
  related(owner: Owner, context: Context): readonly Pod[]
  /** Whether the status says how many Pods are on their way out. */
  readonly countsTerminating: boolean
  withStatus(owner: Owner, status: ReplicaStatus): Owner
}

/** Keeps as many Pods alive as the spec says. Models pkg/controller/replicaset/replica_set.go. */
export function reconcileReplicas<Owner extends ReplicaOwner>(
  of: ReplicaKind<Owner>,
  owner: Owner,
  context: Context,
): Outcome | void {
  const { api, expectations, now } = context
  const claimant = {
    kind: of.kind,
    owner,
    selects: (labels: Readonly<Record<string, string>> | undefined) => of.selects(owner, labels),
  }
  const pods = claim(context, claimant, Pod, isActive)
  // The cache trails our own writes by one watch delay: acting before it has caught up would create Pods twice.
  const mayScale = expectations.met(owner) && !owner.metadata.deletionTimestamp
  const failure = mayScale ? scale(of, owner, pods, context) : undefined
  // Written even when scaling failed, because status is where a user reads of the failure.
  const status = statusOf(of, owner, pods, failure, context)
  if (!isEqual(status, owner.status)) api.updateStatus(of.kind, of.withStatus(owner, status))
  if (failure) throw failure
  const { minReadySeconds = 0 } = owner.spec
  if (minReadySeconds > 0 && status.readyReplicas !== status.availableReplicas) {
    return { requeueAfterMs: msUntilNextAvailable(pods, minReadySeconds, now) }
  }
}

/** Creates what is missing or deletes what is too much, and returns the first refusal. */
function scale<Owner extends ReplicaOwner>(
  of: ReplicaKind<Owner>,
  owner: Owner,
  pods: readonly Pod[],
  context: Context,
): ApiError | undefined {
  const missing = Math.min(owner.spec.replicas - pods.length, burstReplicas)
  if (missing > 0) {
    const pod = podFromTemplate(of.kind, owner, owner.spec.template)
    return slowStart(context, missing, () => {
      const refusal = attempt(() => createPod(context, owner, pod))
      if (refusal && !isNamespaceGoing(refusal)) throw refusal
    })
  }
  const surplus = Math.min(pods.length - owner.spec.replicas, burstReplicas)
  if (surplus <= 0) return undefined
  const related = surplus < pods.length ? of.related(owner, context) : []
  let failure: ApiError | undefined
  context.together(() => {
    for (const pod of firstToDelete(pods, related, surplus, context.now)) {
      const refusal = attempt(() => deletePod(context, owner, pod))
      failure ??= refusal
    }
  })
  return failure
}

function statusOf<Owner extends ReplicaOwner>(
  of: ReplicaKind<Owner>,
  owner: Owner,
  pods: readonly Pod[],
  failure: ApiError | undefined,
  { cache, now }: Context,
): ReplicaStatus {
  const { spec, metadata, status: old } = owner
  const { minReadySeconds = 0 } = spec
  const templateLabels = spec.template.metadata.labels ?? {}
  let fullyLabeled = 0
  let ready = 0
  let available = 0
  for (const pod of pods) {
    if (matchesSet(templateLabels, pod.metadata.labels)) fullyLabeled++
    if (!isReady(pod)) continue
    ready++
    if (isAvailable(pod, minReadySeconds, now)) available++
  }
  const conditions = conditionsOf(owner, pods, failure, now)
  const status: ReplicaStatus = { replicas: pods.length }
  if (fullyLabeled > 0) status.fullyLabeledReplicas = fullyLabeled
  if (ready > 0) status.readyReplicas = ready
  if (available > 0) status.availableReplicas = available
  if (of.countsTerminating) status.terminatingReplicas = countTerminating(of, owner, cache.ownedBy(Pod, owner))
  else if (old.terminatingReplicas !== undefined) status.terminatingReplicas = old.terminatingReplicas
  if (metadata.generation !== undefined) status.observedGeneration = metadata.generation
  if (conditions.length > 0) status.conditions = conditions
  return status
}

function countTerminating<Owner extends ReplicaOwner>(
  of: ReplicaKind<Owner>,
  owner: Owner,
  pods: readonly Pod[],
): number {
  let count = 0
  for (const pod of pods) {
    const { deletionTimestamp, labels } = pod.metadata
    if (deletionTimestamp !== undefined && !isTerminal(pod) && of.selects(owner, labels)) count++
  }
  return count
}

/** ReplicaFailure while the server refuses; its text stays that of the first refusal. */
function conditionsOf(
  { spec, status: { conditions = [] } }: ReplicaOwner,
  pods: readonly Pod[],
  failure: ApiError | undefined,
  now: number,
): ReplicaCondition[] {
  const type = 'ReplicaFailure'
  const isFailing = findCondition(conditions, type) !== undefined
  if (!failure) return isFailing ? conditions.filter(condition => condition.type !== type) : conditions
  if (isFailing) return conditions
  const difference = pods.length - spec.replicas
  const reason = difference < 0 ? 'FailedCreate' : difference > 0 ? 'FailedDelete' : ''
  const condition = { type, status: 'True', lastTransitionTime: timestamp(now), reason, message: failure.message }
  return [...conditions, condition]
}

/** When the next ready Pod will have been ready for long enough, in ms. */
export function msUntilNextAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number {
  let least = minReadySeconds * 1000
  for (const { status } of pods) {
    const ready = findCondition(status.conditions, 'Ready')
    if (ready?.status !== 'True' || ready.lastTransitionTime === undefined) continue
    const left = parseTime(ready.lastTransitionTime) + minReadySeconds * 1000 - now
    if (left > 0 && left < least) least = left
  }
  return least
}
