import { DaemonSet } from '../../../api/apps/daemonset.ts'
import { isAvailable, isReady } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { type Daemons, isUpdated, oldestFirst } from './daemons.ts'

/** Counts nodes and writes the status; says whether a Pod has yet to be ready for long enough. */
export function updateStatus(daemons: Daemons, hash: string, context: Context, mayObserve: boolean): boolean {
  const { ds } = daemons
  const { generation } = ds.metadata
  const { collisionCount, conditions, observedGeneration } = ds.status
  const counts = countsOf(daemons, hash, context.now)
  const observed = mayObserve ? generation : observedGeneration
  const status: DaemonSet['status'] = {
    ...counts,
    ...(observed !== undefined && { observedGeneration: observed }),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions && { conditions }),
  }
  if (!isEqual(status, ds.status)) context.api.updateStatus(DaemonSet, { ...ds, status })
  return counts.numberReady !== (counts.numberAvailable ?? 0)
}

function countsOf({ ds, nodes, placement, podsOn }: Daemons, hash: string, now: number): DaemonSet['status'] {
  const status = { desiredNumberScheduled: 0, currentNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }
  let updated = 0
  let available = 0
  for (const node of nodes) {
    const [pod] = oldestFirst(podsOn.get(node.metadata.name) ?? [])
    if (!placement(node).shouldRun) {
      if (pod) status.numberMisscheduled++
      continue
    }
    status.desiredNumberScheduled++
    if (!pod) continue
    status.currentNumberScheduled++
    if (isReady(pod)) status.numberReady++
    if (isAvailable(pod, ds.spec.minReadySeconds ?? 0, now)) available++
    if (isUpdated(pod, ds, hash)) updated++
  }
  const unavailable = status.desiredNumberScheduled - available
  return {
    ...status,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(available > 0 && { numberAvailable: available }),
    ...(unavailable !== 0 && { numberUnavailable: unavailable }),
  }
}
