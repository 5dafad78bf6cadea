import type { Node } from '../../api/core/node.ts'
import type { Pod } from '../../api/core/pod.ts'
import { compareQuantities } from '../../machinery/quantity.ts'
import { podRequests } from '../../api/core/resources.ts'
import { isEqual } from '../../machinery/object.ts'
import type { ClusterEvent } from './framework.ts'

/** What happened to a node that may matter to Pods that wait: nodeSchedulingPropertiesChange of framework/events.go. */
export function nodeEvents(old: Node | undefined, next: Node | undefined): ClusterEvent[] {
  if (!next) return ['Node/Delete']
  if (!old) return ['Node/Add']
  const events: ClusterEvent[] = []
  if (!isEqual(old.status.allocatable, next.status.allocatable)) events.push('Node/UpdateAllocatable')
  if (!isEqual(old.metadata.labels, next.metadata.labels)) events.push('Node/UpdateLabel')
  const hasNewTaints = !isEqual(old.spec.taints, next.spec.taints)
  if (hasNewTaints || old.spec.unschedulable !== next.spec.unschedulable) events.push('Node/UpdateTaint')
  if (!isEqual(statusesOf(old), statusesOf(next))) events.push('Node/UpdateCondition')
  if (!isEqual(old.metadata.annotations, next.metadata.annotations)) events.push('Node/UpdateAnnotation')
  return events
}

function statusesOf({ status: { conditions = [] } }: Node): Record<string, string> {
  return Object.fromEntries(conditions.map(({ type, status }) => [type, status]))
}

/** What changed in a Pod that has no node yet: PodSchedulingPropertiesChange. */
export function podEvents(old: Pod, next: Pod): ClusterEvent[] {
  return changesOf(old, next).map((what): ClusterEvent => `Pod/${what}`)
}

/** The same for a Pod that is on a node. */
export function assignedPodEvents(old: Pod, next: Pod): ClusterEvent[] {
  return changesOf(old, next).map((what): ClusterEvent => `AssignedPod/${what}`)
}

function changesOf(old: Pod, next: Pod): string[] {
  const events: string[] = []
  if (!isEqual(old.metadata.labels, next.metadata.labels)) events.push('UpdateLabel')
  if (scalesDown(old, next)) events.push('UpdateScaleDown')
  if (old.spec.schedulingGates?.length && !next.spec.schedulingGates?.length) {
    events.push('UpdateSchedulingGatesEliminated')
  }
  if (old.spec.tolerations?.length !== next.spec.tolerations?.length) events.push('UpdateToleration')
  return events
}

function scalesDown(old: Pod, next: Pod): boolean {
  if (old.spec === next.spec) return false
  const before = podRequests(old)
  const after = podRequests(next)
  return Object.entries(before).some(([name, amount]) => {
    const now = after[name]
    return now === undefined || compareQuantities(now, amount) < 0
  })
}
