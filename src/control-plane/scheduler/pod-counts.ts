import { formatSelector, matchesSelector, type Selector } from '../../machinery/labels.ts'
import type { NodeInfo } from './node-info.ts'

/** Pods that are counted: of a namespace, with labels that match. */
export interface Counted {
  readonly namespace: string
  readonly selector: Selector
  /** Tells what is counted apart from all else. */
  readonly key: string
}

export function counted(namespace: string, selector: Selector): Counted {
  return { namespace, selector, key: `${namespace}/${formatSelector(selector)}` }
}

const counts = new WeakMap<NodeInfo, Map<string, number>>()

/**
 * How many such Pods are on a node; those that are on their way out do not count. Remembered by the node as it is, so
 * that a cycle costs what has changed since the last one.
 */
export function countPods(node: NodeInfo, { namespace, selector, key }: Counted): number {
  if (node.pods.length === 0) return 0
  let known = counts.get(node)
  if (!known) counts.set(node, (known = new Map()))
  let count = known.get(key)
  if (count === undefined) {
    count = 0
    for (const { pod } of node.pods) {
      if (pod.metadata.deletionTimestamp || pod.metadata.namespace !== namespace) continue
      if (matchesSelector(selector, pod.metadata.labels)) count++
    }
    known.set(key, count)
  }
  return count
}
