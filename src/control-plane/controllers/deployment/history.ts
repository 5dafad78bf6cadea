import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { attempt } from '../../../machinery/status.ts'
import { revisionOf } from './annotations.ts'
import { hasHistoryLimit } from './conditions.ts'
import type { Rollout, Sets } from './rollout.ts'
import { byAge } from './sizes.ts'

/** Deletes the oldest revisions beyond revisionHistoryLimit, if they are empty. Models sync.go, cleanupDeployment. */
export function cleanUpHistory({ context, deployment }: Rollout, { old }: Sets): void {
  if (!hasHistoryLimit(deployment)) return
  const deletable = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const surplus = deletable.length - deployment.spec.revisionHistoryLimit
  if (surplus <= 0) return
  deletable.sort((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b))
  for (const rs of deletable.slice(0, surplus)) {
    const { metadata, spec, status } = rs
    if (status.replicas > 0 || spec.replicas > 0) continue
    if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) continue
    const failure = attempt(() => context.api.delete(ReplicaSet, rs))
    if (failure && failure.reason !== 'NotFound') throw failure
  }
}
