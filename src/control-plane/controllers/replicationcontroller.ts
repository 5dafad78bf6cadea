import { Pod } from '../../api/core/pod.ts'
import { ReplicationController } from '../../api/core/replicationcontroller.ts'
import { type Cache, defineController, watchOf } from '../../client/controller.ts'
import { matchesSet } from '../../machinery/labels.ts'
import { controllerOf } from '../../machinery/object.ts'
import { claimantKeys } from './ownership.ts'
import { type ReplicaKind, reconcileReplicas } from './replicaset/replicas.ts'

const replicationControllers: ReplicaKind<ReplicationController> = {
  kind: ReplicationController,
  selects: ({ spec: { selector } }, labels) =>
    selector !== undefined && Object.keys(selector).length > 0 && matchesSet(selector, labels),
  // Nothing owns a ReplicationController.
  related: () => [],
  countsTerminating: false,
  withStatus: (rc, status) => ({ ...rc, status }),
}

/** The ReplicaSet's forerunner. Models pkg/controller/replication: upstream, too, runs the ReplicaSet controller over it. */
export const replicationController = defineController({
  name: 'replication-controller',
  reconciles: ReplicationController,
  owns: [Pod],
  watches: [watchOf(Pod, (old, next, cache) => orphanKeys(old, next, cache))],
  reconcile: (rc, context) => reconcileReplicas(replicationControllers, rc, context),
})

function orphanKeys(old: Pod | undefined, next: Pod | undefined, cache: Cache): string[] {
  if (!next || next.metadata.deletionTimestamp !== undefined) return []
  if (old && !controllerOf(old) && old.metadata.labels === next.metadata.labels) return []
  const owners = (): ReplicationController[] => cache.list(ReplicationController, next.metadata.namespace)
  return claimantKeys(next, owners, replicationControllers.selects)
}
