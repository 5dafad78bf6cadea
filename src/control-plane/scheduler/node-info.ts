import type { Node } from '../../api/core/node.ts'
import { value } from '../../machinery/quantity.ts'
import { addAmounts, type Amounts, amountsOf, noAmounts, subtractAmounts } from './amounts.ts'
import { hasAffinity, type HostPort, type PodInfo } from './pod-info.ts'

/**
 * A node with the Pods on it, summed up. Frozen: a change makes a new one, so plugins may remember what they worked out
 * by the object, preemption tries things on copies, and a checkpoint shares them all. Models framework.NodeInfo.
 */
export interface NodeInfo {
  readonly node: Node
  readonly name: string
  readonly pods: readonly PodInfo[]
  readonly podsWithAffinity: readonly PodInfo[]
  readonly usedPorts: readonly HostPort[]
  readonly requested: Amounts
  readonly nonZeroRequested: Amounts
  readonly allocatable: Amounts
  readonly allowedPods: number
  /** Bytes of each image that the node has, by its normalized name. */
  readonly images: ReadonlyMap<string, number>
}

const none: readonly never[] = Object.freeze([])

export function nodeInfoOf(node: Node, pods: Iterable<PodInfo> = none): NodeInfo {
  const { allocatable } = node.status
  let info: NodeInfo = Object.freeze({
    node,
    name: node.metadata.name,
    pods: none,
    podsWithAffinity: none,
    usedPorts: none,
    requested: noAmounts,
    nonZeroRequested: noAmounts,
    allocatable: amountsOf(allocatable),
    allowedPods: allocatable?.pods === undefined ? 0 : value(allocatable.pods),
    images: imagesOf(node),
  })
  for (const pod of pods) info = withPod(info, pod)
  return info
}

/** The same Pods on a node that has changed. */
export function withNode(info: NodeInfo, node: Node): NodeInfo {
  const { allocatable } = node.status
  const isSame = allocatable === info.node.status.allocatable
  return Object.freeze({
    ...info,
    node,
    allocatable: isSame ? info.allocatable : amountsOf(allocatable),
    allowedPods: allocatable?.pods === undefined ? 0 : value(allocatable.pods),
    images: node.status.images === info.node.status.images ? info.images : imagesOf(node),
  })
}

export function withPod(info: NodeInfo, pod: PodInfo): NodeInfo {
  return Object.freeze({
    node: info.node,
    name: info.name,
    pods: added(info.pods, pod),
    podsWithAffinity: hasAffinity(pod) ? added(info.podsWithAffinity, pod) : info.podsWithAffinity,
    usedPorts: pod.ports.length > 0 ? Object.freeze([...info.usedPorts, ...pod.ports]) : info.usedPorts,
    requested: addAmounts(info.requested, pod.requests),
    nonZeroRequested: addAmounts(info.nonZeroRequested, pod.nonZero),
    allocatable: info.allocatable,
    allowedPods: info.allowedPods,
    images: info.images,
  })
}

/** With a later object of a Pod that asks for the same as before. It counts as the last that came. */
export function withPodRenewed(info: NodeInfo, pod: PodInfo): NodeInfo {
  if (pod.ports.length > 0) return withPod(withoutPod(info, pod.uid), pod)
  return Object.freeze({
    node: info.node,
    name: info.name,
    pods: added(info.pods, pod),
    podsWithAffinity: hasAffinity(pod) ? added(info.podsWithAffinity, pod) : info.podsWithAffinity,
    usedPorts: info.usedPorts,
    requested: info.requested,
    nonZeroRequested: info.nonZeroRequested,
    allocatable: info.allocatable,
    allowedPods: info.allowedPods,
    images: info.images,
  })
}

/** Without a Pod, by uid: the object may be a later one than that which was added. */
export function withoutPod(info: NodeInfo, uid: string): NodeInfo {
  const pod = info.pods.find(known => known.uid === uid)
  if (!pod) return info
  const pods = removed(info.pods, uid)
  return Object.freeze({
    node: info.node,
    name: info.name,
    pods,
    podsWithAffinity: removed(info.podsWithAffinity, uid),
    usedPorts: pod.ports.length > 0 ? Object.freeze(pods.flatMap(({ ports }) => ports)) : info.usedPorts,
    requested: subtractAmounts(info.requested, pod.requests),
    nonZeroRequested: subtractAmounts(info.nonZeroRequested, pod.nonZero),
    allocatable: info.allocatable,
    allowedPods: info.allowedPods,
    images: info.images,
  })
}

/** With a Pod as the last one, in place of an earlier object of it. */
function added(pods: readonly PodInfo[], pod: PodInfo): readonly PodInfo[] {
  const next: PodInfo[] = []
  for (const known of pods) if (known.uid !== pod.uid) next.push(known)
  next.push(pod)
  return Object.freeze(next)
}

function removed(pods: readonly PodInfo[], uid: string): readonly PodInfo[] {
  const next: PodInfo[] = []
  for (const known of pods) if (known.uid !== uid) next.push(known)
  return next.length === pods.length ? pods : Object.freeze(next)
}

function imagesOf(node: Node): ReadonlyMap<string, number> {
  const images = new Map<string, number>()
  for (const { names, sizeBytes } of node.status.images ?? none) {
    for (const name of names ?? none) images.set(name, sizeBytes ?? 0)
  }
  return Object.freeze(images)
}
