import { ControllerRevision } from '../../../api/apps/controllerrevision.ts'
import { StatefulSet } from '../../../api/apps/statefulset.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import { type Context, defineController, watchOf } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { claim } from '../ownership.ts'
import { msUntilNextAvailable } from '../replicaset/replicas.ts'
import { cleanUpRevisions, revisionOwnerKeys } from '../revisions.ts'
import { claimantOf, findRevisions, type Revisions } from './history.ts'
import { isRunning, isServing, isTerminating, ordinalOf, revisionOf } from './pods.ts'
import { act, syncOf } from './update.ts'

type Status = StatefulSet['status']

/** Runs Pods with names, places and claims that stay. Models pkg/controller/statefulset/stateful_set.go. */
export const statefulSetController = defineController({
  name: 'statefulset-controller',
  reconciles: StatefulSet,
  owns: [Pod],
  reads: [PersistentVolumeClaim],
  watches: [watchOf(ControllerRevision, (old, next) => revisionOwnerKeys(StatefulSet, next ?? old))],

  reconcile(set, context) {
    const { now } = context
    const pods = claim(context, claimantOf(set), Pod, pod => ordinalOf(pod, set) >= 0)
    const revisions = findRevisions(set, context)
    const isGoing = set.metadata.deletionTimestamp !== undefined
    let gone = 0
    const failure = isGoing
      ? undefined
      : attempt(() => {
          gone = act(syncOf(set, revisions, pods, context))
        })
    const status = statusOf(set, revisions, pods, gone, now)
    if (!isEqual(status, set.status)) context.api.updateStatus(StatefulSet, { ...set, status })
    if (failure) throw failure
    forgetOld(set, revisions, pods, context)
    const { minReadySeconds = 0 } = set.spec
    if (minReadySeconds > 0 && (status.readyReplicas ?? 0) !== status.availableReplicas) {
      return { requeueAfterMs: msUntilNextAvailable(pods, minReadySeconds, now) }
    }
  },
})

function statusOf(set: StatefulSet, revisions: Revisions, pods: readonly Pod[], gone: number, now: number): Status {
  const { generation } = set.metadata
  const { spec } = set
  const current = revisions.current.metadata.name
  const update = revisions.update.metadata.name
  const alive = pods.filter(pod => !isTerminating(pod))
  const ready = pods.filter(isRunning)
  const updated = alive.filter(pod => revisionOf(pod) === update).length
  const isDone =
    spec.updateStrategy.type === 'RollingUpdate' &&
    [updated, ready.length, pods.length].every(count => count === spec.replicas)
  const ofCurrent = alive.filter(pod => revisionOf(pod) === current).length - gone
  const currentReplicas = isDone ? updated : ofCurrent
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    replicas: pods.length,
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    availableReplicas: ready.filter(pod => isServing(pod, set, now)).length,
    currentRevision: isDone ? update : current,
    updateRevision: update,
    collisionCount: revisions.collisionCount,
    ...(set.status.conditions && { conditions: set.status.conditions }),
  }
}

/** Deletes revisions beyond the limit that no Pod has. */
function forgetOld(
  set: StatefulSet,
  { all, current, update }: Revisions,
  pods: readonly Pod[],
  context: Context,
): void {
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(revisionOf)])
  const old = all.filter(({ metadata }) => !live.has(metadata.name))
  cleanUpRevisions(context, old, set.spec.revisionHistoryLimit, () => false)
}
