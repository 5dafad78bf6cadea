import { Node } from '../../../api/core/node.ts'
import { isSameTaint, type Taint } from '../../../api/core/toleration.ts'
import type { Context } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { timestamp } from '../../../machinery/time.ts'

/** Taints that tell of a node's condition. Models pkg/controller/nodelifecycle and pkg/controller/util/node. */

export const notReadyKey = 'node.kubernetes.io/not-ready'
export const unreachableKey = 'node.kubernetes.io/unreachable'
const unschedulableKey = 'node.kubernetes.io/unschedulable'

/** Condition type → its status → the taint that says so. */
const taintsOfConditions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReadyKey, Unknown: unreachableKey },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}

const conditionKeys: ReadonlySet<string> = new Set([
  unschedulableKey,
  ...Object.values(taintsOfConditions).flatMap(keys => Object.values(keys)),
])

export function noExecute(key: string): Taint {
  return { key, effect: 'NoExecute' }
}

/** Brings the NoSchedule taints of a node in line with its conditions: doNoScheduleTaintingPass. */
export function taintByConditions(node: Node, context: Context): void {
  const wanted: Taint[] = []
  for (const { type, status } of node.status.conditions ?? []) {
    const key = taintsOfConditions[type]?.[status]
    if (key !== undefined) wanted.push({ key, effect: 'NoSchedule' })
  }
  if (node.spec.unschedulable) wanted.push({ key: unschedulableKey, effect: 'NoSchedule' })
  const present = (node.spec.taints ?? []).filter(
    ({ effect, key }) => effect === 'NoSchedule' && conditionKeys.has(key),
  )
  const toAdd = wanted.filter(taint => !present.some(other => isSameTaint(taint, other)))
  const toRemove = present.filter(taint => !wanted.some(other => isSameTaint(taint, other)))
  swapTaints(node, toAdd, toRemove, context)
}

/** Adds and removes taints of the node as it is now, a request each, as upstream does. */
export function swapTaints(node: Node, toAdd: readonly Taint[], toRemove: readonly Taint[], context: Context): void {
  if (toAdd.length === 0 && toRemove.length === 0) return
  const { api, now } = context
  const timeAdded = timestamp(now)
  const before = api.get(Node, node.metadata.name).spec.taints ?? []
  const added = [...before]
  for (const taint of toAdd) {
    const position = added.findIndex(other => isSameTaint(taint, other))
    if (position < 0) added.push({ ...taint, timeAdded })
    else added[position] = { ...taint, timeAdded }
  }
  if (toAdd.length > 0) writeTaints(node, before, added, context)
  writeTaints(node, added, without(added, toRemove), context)
}

function without(taints: readonly Taint[], some: readonly Taint[]): Taint[] {
  return taints.filter(taint => !some.some(other => isSameTaint(taint, other)))
}

function writeTaints(node: Node, before: readonly Taint[], taints: readonly Taint[], { api }: Context): void {
  if (isEqual(before, taints)) return
  api.patch(Node, node, 'strategic', { spec: { taints: taints.length > 0 ? taints : null } })
}

/** Whether the node carries one of the taints by which Pods are driven off nodes that do not answer. */
export function hasEvictionTaint({ spec }: Node): boolean {
  return spec.taints?.some(isEvictionTaint) ?? false
}

/** The node answers again: markNodeAsReachable. */
export function removeEvictionTaints(node: Node, context: Context): void {
  swapTaints(node, [], (node.spec.taints ?? []).filter(isEvictionTaint), context)
}

function isEvictionTaint({ effect, key }: Taint): boolean {
  return effect === 'NoExecute' && (key === unreachableKey || key === notReadyKey)
}
