import { Deployment } from '../../api/apps/deployment.ts'
import { ReplicaSet } from '../../api/apps/replicaset.ts'
import { StatefulSet } from '../../api/apps/statefulset.ts'
import { isReady, Pod } from '../../api/core/pod.ts'
import { ReplicationController } from '../../api/core/replicationcontroller.ts'
import { PodDisruptionBudget } from '../../api/policy/poddisruptionbudget.ts'
import { type Cache, type Context, defineController, watchOf } from '../../client/controller.ts'
import { matches } from '../../machinery/labels.ts'
import { controllerOf, isEqual } from '../../machinery/object.ts'
import { parseTime, timestamp } from '../../machinery/time.ts'
import { scaled } from './deployment/sizes.ts'

/** After so long a Pod that was to be evicted counts as one that stays (DeletionTimeout). */
const deletionTimeoutMs = 2 * 60_000

/** Says how many Pods of a budget may be disrupted now. Models pkg/controller/disruption/disruption.go. */
export const disruptionController = defineController({
  // Its events say `controllermanager`.
  name: 'controllermanager',
  serviceAccount: 'disruption-controller',
  reconciles: PodDisruptionBudget,
  workers: 1,
  reads: [Deployment, ReplicaSet, StatefulSet, ReplicationController],
  watches: [watchOf(Pod, (old, next, cache) => budgetsOf(old, next, cache))],

  reconcile(budget, context) {
    const { cache, event, now } = context
    const { metadata, spec } = budget
    const pods = cache.list(Pod, metadata.namespace).filter(pod => matches(spec.selector, pod.metadata.labels))
    if (pods.length === 0) event(budget, 'Normal', 'NoPods', 'No matching pods found')
    const wanted = wantedOf(budget, pods, cache)
    const { disrupted, recheckMs } = disruptedOf(budget, pods, context)
    const isHealthy = (pod: Pod): boolean =>
      pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name] === undefined && isReady(pod)
    write(budget, pods.filter(isHealthy).length, wanted, disrupted, context)
    return recheckMs === undefined ? undefined : { requeueAfterMs: Math.max(recheckMs - now, 0) }
  },
})

function budgetsOf(old: Pod | undefined, next: Pod | undefined, cache: Cache): string[] {
  const pod = next ?? old
  if (!pod) return []
  const found = cache
    .list(PodDisruptionBudget, pod.metadata.namespace)
    .filter(({ spec }) => [old, next].some(each => each && matches(spec.selector, each.metadata.labels)))
  return found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
}

interface Wanted {
  readonly expected: number
  readonly healthy: number
}

/** How many Pods there should be, and how many of them healthy. */
function wantedOf({ spec }: PodDisruptionBudget, pods: readonly Pod[], cache: Cache): Wanted {
  const { maxUnavailable, minAvailable } = spec
  if (maxUnavailable !== undefined) {
    const expected = scaleOf(pods, cache)
    return { expected, healthy: Math.max(expected - scaled(maxUnavailable, expected, true), 0) }
  }
  if (typeof minAvailable === 'number') return { expected: pods.length, healthy: minAvailable }
  const expected = scaleOf(pods, cache)
  return { expected, healthy: minAvailable === undefined ? 0 : scaled(minAvailable, expected, true) }
}

/** The sizes of all that the Pods belong to, each counted once. */
function scaleOf(pods: readonly Pod[], cache: Cache): number {
  const sizes = new Map<string, number>()
  for (const pod of pods) {
    const { namespace } = pod.metadata
    const reference = controllerOf(pod)
    if (!reference || sizes.has(reference.uid)) continue
    const rs = cache.get(ReplicaSet, reference.name, namespace)
    const above = rs && controllerOf(rs)
    const owner =
      (reference.kind === 'ReplicaSet' && above ? cache.get(Deployment, above.name, namespace) : undefined) ??
      (reference.kind === 'ReplicaSet' ? rs : undefined) ??
      (reference.kind === 'StatefulSet' ? cache.get(StatefulSet, reference.name, namespace) : undefined) ??
      (reference.kind === 'ReplicationController'
        ? cache.get(ReplicationController, reference.name, namespace)
        : undefined)
    if (owner) sizes.set(owner.metadata.uid, owner.spec.replicas)
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

/** Pods that an eviction was granted for and that are not on their way out yet. */
function disruptedOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { event, now }: Context,
): { disrupted: Record<string, string>; recheckMs?: number } {
  const disrupted: Record<string, string> = {}
  let recheckMs: number | undefined
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const since = budget.status.disruptedPods?.[name]
    if (since === undefined || deletionTimestamp !== undefined) continue
    const until = parseTime(since) + deletionTimeoutMs
    if (until <= now) {
      const { name: budgetName, namespace } = budget.metadata
      const text = `Pod was expected by PDB ${namespace}/${budgetName} to be deleted but it wasn't`
      event(pod, 'Warning', 'NotDeleted', text)
      continue
    }
    disrupted[name] = since
    recheckMs = Math.min(recheckMs ?? Infinity, until)
  }
  return { disrupted, ...(recheckMs !== undefined && { recheckMs }) }
}

function write(
  budget: PodDisruptionBudget,
  currentHealthy: number,
  { expected, healthy }: Wanted,
  disruptedPods: Record<string, string>,
  { api, now }: Context,
): void {
  const { generation } = budget.metadata
  const { conditions = [] } = budget.status
  // A budget that matches nothing yet allows nothing: its first Pods are safe.
  const allowed = expected <= 0 ? 0 : Math.max(currentHealthy - healthy, 0)
  const type = 'DisruptionAllowed'
  const old = conditions.find(condition => condition.type === type)
  const status = allowed > 0 ? 'True' : 'False'
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(now)
  const observed = generation !== undefined && { observedGeneration: generation }
  const reason = allowed > 0 ? 'SufficientPods' : 'InsufficientPods'
  const condition = { type, status, ...observed, lastTransitionTime, reason, message: '' }
  const next: PodDisruptionBudget['status'] = {
    ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
    disruptionsAllowed: allowed,
    currentHealthy,
    desiredHealthy: healthy,
    expectedPods: expected,
    ...observed,
    conditions: old ? conditions.map(each => (each === old ? condition : each)) : [...conditions, condition],
  }
  if (!isEqual(next, budget.status)) api.updateStatus(PodDisruptionBudget, { ...budget, status: next })
}
