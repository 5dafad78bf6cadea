import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { isActive, Pod } from '../../../api/core/pod.ts'
import { type Cache, type Context, defineController, watchOf } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { controllerOf } from '../../../machinery/object.ts'
import { claimantKeys } from '../ownership.ts'
import { type ReplicaKind, reconcileReplicas } from './replicas.ts'

const replicaSets: ReplicaKind<ReplicaSet> = {
  kind: ReplicaSet,
  selects: ({ spec }, labels) => matches(spec.selector, labels),
  related,
  countsTerminating: true,
  withStatus: (rs, status) => ({ ...rs, status }),
}

/** Keeps spec.replicas Pods alive for every ReplicaSet. Models pkg/controller/replicaset/replica_set.go. */
export const replicaSetController = defineController({
  name: 'replicaset-controller',
  reconciles: ReplicaSet,
  owns: [Pod],
  watches: [watchOf(Pod, (old, next, cache) => orphanKeys(old, next, cache))],
  reconcile: (rs, context) => reconcileReplicas(replicaSets, rs, context),
})

/** An orphan that is new, that has changed its labels, or that has just been released wakes those that may adopt it. */
function orphanKeys(old: Pod | undefined, next: Pod | undefined, cache: Cache): string[] {
  if (!next || next.metadata.deletionTimestamp !== undefined || controllerOf(next)) return []
  const isNews = !old || controllerOf(old) !== undefined || old.metadata.labels !== next.metadata.labels
  if (!isNews) return []
  return claimantKeys(next, () => cache.list(ReplicaSet, next.metadata.namespace), replicaSets.selects)
}

/** Active Pods of all ReplicaSets of the same Deployment: a roll-out leaves its Pods spread over the nodes. */
function related(rs: ReplicaSet, { cache }: Context): Pod[] {
  const owner = controllerOf(rs)
  if (!owner) return []
  const siblings = cache.list(ReplicaSet, rs.metadata.namespace).filter(other => controllerOf(other)?.uid === owner.uid)
  return siblings.flatMap(sibling => cache.ownedBy(Pod, sibling).filter(isActive))
}
