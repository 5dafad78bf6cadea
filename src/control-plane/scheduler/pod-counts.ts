import { formatSelector, matchesSelector, type Selector } from '../../machinery/labels.ts'
import type { Cycle } from './framework.ts'
import { labelsOf, Numbers, recall, Sums } from './memory.ts'
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

/** Counts such Pods node by node; the numbers are remembered, so that a cycle costs what has changed since the last one. */
export function counterOf({ memory }: Cycle, asked: Counted): (place: number, node: NodeInfo) => number {
  const numbers = recall(memory.counts, asked.key, () => new Numbers())
  return (place, node) => (node.pods.length === 0 ? 0 : numbers.of(place, node, countPods, asked))
}

/** How many such Pods there are by the value of a label of their nodes. */
export function countsByLabel({ memory, nodes }: Cycle, asked: Counted, key: string): ReadonlyMap<string, number> {
  const sums = recall(memory.sums, `${key} ${asked.key}`, () => new Sums())
  return sums.of(nodes, labelsOf(memory, nodes, key), node => countPods(node, asked))
}

/** How many such Pods are on a node; those that are on their way out do not count. */
function countPods({ pods }: NodeInfo, { namespace, selector }: Counted): number {
  let count = 0
  for (const { pod } of pods) {
    if (pod.metadata.deletionTimestamp || pod.metadata.namespace !== namespace) continue
    if (matchesSelector(selector, pod.metadata.labels)) count++
  }
  return count
}
