import { NetworkPolicy } from '../../api/networking/networkpolicy.ts'
import { HorizontalPodAutoscaler } from '../../api/autoscaling/horizontalpodautoscaler.ts'
import { PodDisruptionBudget } from '../../api/policy/poddisruptionbudget.ts'
import { LimitRange } from '../../api/core/limitrange.ts'
import { ResourceQuota } from '../../api/core/resourcequota.ts'
import type { Kind } from '../../machinery/kind.ts'
import { type Drawing, drawingOf, idOf } from '../contribution.ts'

/** Kinds with no place on the graph that people still look for: the explorer lists them and the inspector shows them. */
export const listedDrawings: readonly Drawing[] = [
  listed(HorizontalPodAutoscaler),
  listed(NetworkPolicy),
  listed(PodDisruptionBudget),
  listed(ResourceQuota),
  listed(LimitRange),
]

function listed(kind: Kind): Drawing {
  return drawingOf(kind, ({ metadata }, order) => {
    const namespace = metadata.namespace ?? ''
    const item = {
      id: idOf.config(kind.resource, namespace, metadata.name),
      type: 'config',
      kind: kind.kind,
      resource: kind.resource,
      name: metadata.name,
      namespace,
      tone: 'good',
      status: '',
      facts: {},
      order,
    } as const
    return { items: [item], relations: [] }
  })
}
