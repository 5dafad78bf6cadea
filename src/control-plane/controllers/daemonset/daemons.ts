import { DaemonSet } from '../../../api/apps/daemonset.ts'
import { Node } from '../../../api/core/node.ts'
import { Pod } from '../../../api/core/pod.ts'
import { isTerminal } from '../../../api/core/podstatus.ts'
import type { Context } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { parseTime } from '../../../machinery/time.ts'
import { type Claimant, claim } from '../ownership.ts'
import { type Placement, placementOn, targetNode } from './placement.ts'
import { revisionHashLabel } from '../revisions.ts'

/** One sync of a DaemonSet: its Pods by node, and what is to be on each node. */
export interface Daemons {
  readonly ds: DaemonSet
  readonly nodes: readonly Node[]
  /** By name of the node; nodes without a Pod are missing. */
  readonly podsOn: ReadonlyMap<string, readonly Pod[]>
  placement(node: Node): Placement
}

export function claimantOf(ds: DaemonSet): Claimant<DaemonSet> {
  return { kind: DaemonSet, owner: ds, selects: labels => matches(ds.spec.selector, labels) }
}

export function daemonsOf(ds: DaemonSet, context: Context): Daemons {
  const podsOn = new Map<string, Pod[]>()
  for (const pod of claim(context, claimantOf(ds), Pod)) {
    // What is over and being deleted is as good as gone: it must not keep its successor from coming.
    if (isTerminal(pod) && pod.metadata.deletionTimestamp !== undefined) continue
    const node = targetNode(pod)
    const pods = podsOn.get(node)
    if (pods) pods.push(pod)
    else podsOn.set(node, [pod])
  }
  return { ds, nodes: context.cache.list(Node), podsOn, placement: node => placementOn(node, ds) }
}

/** Bound Pods before unbound ones, then the older first: podByCreationTimestampAndPhase. */
export function oldestFirst(pods: readonly Pod[]): readonly Pod[] {
  if (pods.length <= 1) return pods
  const order = (a: Pod, b: Pod): number =>
    Number(!a.spec.nodeName) - Number(!b.spec.nodeName) ||
    parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  return [...pods].sort(order)
}

const generationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'

export function templateGeneration({ metadata }: DaemonSet): string | undefined {
  return metadata.annotations?.[generationAnnotation]
}

/** Labels that a Pod of the current template carries besides the template's. */
export function podLabels(ds: DaemonSet, hash: string): Record<string, string> {
  const generation = templateGeneration(ds)
  return { ...(generation !== undefined && { [generationLabel]: generation }), [revisionHashLabel]: hash }
}

/** Whether a Pod is of the current template. */
export function isUpdated({ metadata: { labels = {} } }: Pod, ds: DaemonSet, hash: string): boolean {
  const generation = templateGeneration(ds)
  return labels[revisionHashLabel] === hash || (generation !== undefined && labels[generationLabel] === generation)
}
