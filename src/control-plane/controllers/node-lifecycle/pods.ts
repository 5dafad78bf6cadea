import { Pod } from '../../../api/core/pod.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'

/** Nobody knows whether the Pods of a lost node still serve: they count as not ready. Models MarkPodsNotReady. */
export function markPodsNotReady(nodeName: string, { api, cache, event, now }: Context): void {
  for (const pod of cache.list(Pod)) {
    if (pod.spec.nodeName !== nodeName) continue
    const ready = findCondition(pod.status.conditions, 'Ready')
    if (!ready || ready.status === 'False') continue
    const next = { ...ready, status: 'False', lastTransitionTime: timestamp(now) }
    const conditions = pod.status.conditions?.map(condition => (condition === ready ? next : condition)) ?? []
    const failure = attempt(() => api.updateStatus(Pod, { ...pod, status: { ...pod.status, conditions } }))
    if (failure && failure.reason !== 'NotFound' && failure.reason !== 'Conflict') throw failure
    if (!failure) event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
  }
}
