import { Deployment } from '../../../api/apps/deployment.ts'
import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { Pod } from '../../../api/core/pod.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import { isEmptySelector } from '../../../api/meta/labelselector.ts'
import { type Cache, type Context, defineController, type Outcome, watchOf } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { controllerOf } from '../../../machinery/object.ts'
import { claim, claimantKeys } from '../ownership.ts'
import { hasDeadline, progressing, withCondition } from './conditions.ts'
import { cleanUpHistory } from './history.ts'
import { findSets } from './replicasets.ts'
import { type Rollout, writeStatus } from './rollout.ts'
import { isScaling, scale } from './scaling.ts'
import { syncStatus } from './status.ts'
import { recreate, rollingUpdate } from './strategies.ts'

/** Rolls out templates by growing and shrinking ReplicaSets. Models pkg/controller/deployment/deployment_controller.go. */
export const deploymentController = defineController({
  name: 'deployment-controller',
  reconciles: Deployment,
  owns: [ReplicaSet],
  watches: [
    watchOf(ReplicaSet, (old, next, cache) => orphanKeys(old, next, cache)),
    watchOf(Pod, (old, next, cache) => (old && !next ? recreatedKeys(old, cache) : [])),
  ],
  maxRetries: 15,

  reconcile(deployment, context) {
    if (isEmptySelector(deployment.spec.selector)) return refuseEverything(deployment, context)
    const rollout = rolloutOf(deployment, context)
    decide(rollout)
    const { requeueAfterMs } = rollout
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs }
  },
})

/** What is to be done now: every decision about a Deployment begins here. */
function decide(rollout: Rollout): void {
  const { deployment } = rollout
  if (deployment.metadata.deletionTimestamp !== undefined) return syncStatus(rollout, findSets(rollout, false))
  notePause(rollout)
  if (deployment.spec.paused) return keepSize(rollout)
  if (isScaling(rollout, findSets(rollout, false))) return keepSize(rollout)
  if (deployment.spec.strategy.type === 'Recreate') return recreate(rollout)
  rollingUpdate(rollout)
}

/** Scales without rolling out: the Deployment is paused, or its size was changed. */
function keepSize(rollout: Rollout): void {
  const sets = findSets(rollout, false)
  scale(rollout, sets)
  if (rollout.deployment.spec.paused) cleanUpHistory(rollout, sets)
  syncStatus(rollout, sets)
}

/** A pause stops the clock of the progress deadline; the condition says so. */
function notePause(rollout: Rollout): void {
  const { context, deployment } = rollout
  const { conditions } = deployment.status
  if (!hasDeadline(deployment)) return
  const reason = findCondition(conditions, 'Progressing')?.reason
  if (reason === 'ProgressDeadlineExceeded') return
  const isNoted = reason === 'DeploymentPaused'
  if (Boolean(deployment.spec.paused) === isNoted) return
  const condition = isNoted
    ? progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed', context.now)
    : progressing('Unknown', 'DeploymentPaused', 'Deployment is paused', context.now)
  writeStatus(rollout, withCondition(deployment, condition))
}

function rolloutOf(deployment: Deployment, context: Context): Rollout {
  const selects = (labels: Readonly<Record<string, string>> | undefined): boolean =>
    matches(deployment.spec.selector, labels)
  const replicaSets = claim(context, { kind: Deployment, owner: deployment, selects }, ReplicaSet)
  return { deployment, replicaSets, context, podsOf: rs => context.cache.ownedBy(Pod, rs) }
}

function refuseEverything(deployment: Deployment, { api, event }: Context): Outcome | void {
  event(
    deployment,
    'Warning',
    'SelectingAll',
    'This deployment is selecting all pods. A non-empty selector is required.',
  )
  const { generation } = deployment.metadata
  if (generation === undefined || (deployment.status.observedGeneration ?? 0) >= generation) return
  api.updateStatus(Deployment, { ...deployment, status: { ...deployment.status, observedGeneration: generation } })
}

function orphanKeys(old: ReplicaSet | undefined, next: ReplicaSet | undefined, cache: Cache): string[] {
  const isNews = next && (!old || controllerOf(old) !== undefined || old.metadata.labels !== next.metadata.labels)
  if (!isNews) return []
  const owners = (): Deployment[] => cache.list(Deployment, next.metadata.namespace)
  return claimantKeys(next, owners, ({ spec }, labels) => matches(spec.selector, labels))
}

/** The last Pod of a Deployment that recreates is gone: the new ones may come. */
function recreatedKeys(pod: Pod, cache: Cache): string[] {
  const { namespace } = pod.metadata
  const reference = controllerOf(pod)
  const rs = reference?.kind === 'ReplicaSet' ? cache.get(ReplicaSet, reference.name, namespace) : undefined
  const owner = rs && controllerOf(rs)
  const deployment = owner && cache.get(Deployment, owner.name, namespace)
  if (!deployment || deployment.spec.strategy.type !== 'Recreate') return []
  const hasPods = cache.ownedBy(ReplicaSet, deployment).some(each => cache.ownedBy(Pod, each).length > 0)
  return hasPods ? [] : [`${namespace}/${deployment.metadata.name}`]
}
