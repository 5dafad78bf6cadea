import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { isTerminal } from '../../api/core/podstatus.ts'
import { setCondition } from '../../api/meta/conditions.ts'
import { type Context, defineController } from '../../client/controller.ts'
import { attempt } from '../../machinery/status.ts'
import { parseTime } from '../../machinery/time.ts'

/** gcCheckPeriod and quarantineTime of pkg/controller/podgc. */
const periodMs = 20_000
const quarantineMs = 40_000
/** --terminated-pod-gc-threshold. */
const terminatedThreshold = 12_500

/**
 * Removes Pods that nobody else will: of nodes that are gone, those that were deleted before they had a node, and the
 * oldest of too many that have ended. Models pkg/controller/podgc/gc_controller.go.
 */
export const podGarbageCollector = defineController({
  name: 'pod-garbage-collector-controller',
  serviceAccount: 'pod-garbage-collector',
  reconciles: Node,
  reads: [Pod],
  concerns: () => false,
  reconcile: () => undefined,
  periodMs,
  tick(context) {
    const pods = context.cache.list(Pod)
    collectTerminated(pods, context)
    collectOrphaned(pods, context)
    for (const pod of pods) {
      if (pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName) markAndDelete(pod, context)
    }
  },
})

function collectTerminated(pods: readonly Pod[], context: Context): void {
  const ended = pods.filter(isTerminal)
  const surplus = ended.length - terminatedThreshold
  if (surplus <= 0) return
  const order = (a: Pod, b: Pod): number =>
    parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  for (const pod of ended.sort(order).slice(0, surplus)) markAndDelete(pod, context)
}

/** A node that is missing is waited for a while, and then asked for at the server, before its Pods are given up. */
function collectOrphaned(pods: readonly Pod[], context: Context): void {
  const { api, cache, memory, now } = context
  const missing = new Map<string, Pod[]>()
  for (const pod of pods) {
    const { nodeName } = pod.spec
    if (!nodeName || cache.get(Node, nodeName)) continue
    const others = missing.get(nodeName)
    if (others) others.push(pod)
    else missing.set(nodeName, [pod])
  }
  for (const name of memory.keys()) if (!missing.has(name)) memory.delete(name)
  for (const [name, orphans] of missing) {
    const since = memory.get(name)
    if (typeof since !== 'number') memory.set(name, now)
    else if (now - since >= quarantineMs && !api.find(Node, name)) {
      for (const pod of orphans) markAndDelete(pod, context, orphaned)
    }
  }
}

const orphaned = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByPodGC',
  message: 'PodGC: node no longer exists',
}

/** Deletes a Pod at once. One that had not ended has failed: whoever counts on it must see that. */
function markAndDelete(pod: Pod, { api, now }: Context, condition?: typeof orphaned): void {
  attempt(() => {
    if (!isTerminal(pod)) {
      const conditions = condition ? [...setCondition(pod.status.conditions, condition, now)] : pod.status.conditions
      const status: Pod['status'] = { ...pod.status, phase: 'Failed', ...(conditions && { conditions }) }
      api.updateStatus(Pod, { ...pod, status })
    }
    api.delete(Pod, pod, { gracePeriodSeconds: 0 })
  })
}
