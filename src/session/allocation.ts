import { Node } from '../api/core/node.ts'
import { Pod } from '../api/core/pod.ts'
import { isTerminal } from '../api/core/podstatus.ts'
import { podLimits, podRequests } from '../api/core/resources.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { milliValue, type QuantityLike, value } from '../machinery/quantity.ts'
import type { AllocationAnswer, Share } from '../protocol/messages.ts'

/** What a node has, what its Pods ask for, and what they use. Undefined when there is no such node. */
export function allocationAnswer(cluster: Cluster, name: string): AllocationAnswer | undefined {
  const node = cluster.api.find(Node, name)
  if (!node) return undefined
  const pods = cluster.api
    .list(Pod, undefined, { fieldSelector: `spec.nodeName=${name}` })
    .filter(pod => !isTerminal(pod))
  const { allocatable = {} } = node.status
  const use = cluster.machineUse(name)
  return {
    at: cluster.simulation.now,
    cpu: shareOf('cpu', milliValue, allocatable['cpu'], pods),
    memory: shareOf('memory', value, allocatable['memory'], pods),
    pods: { count: pods.length, most: value(allocatable['pods'] ?? '0') },
    ...(use && { usedCpuMs: use.cpuMs, usedMemory: use.memoryBytes }),
  }
}

function shareOf(
  resource: string,
  read: (quantity: QuantityLike) => number,
  allocatable: string | undefined,
  pods: readonly Pod[],
): Share {
  const sum = (of: typeof podRequests): number => pods.reduce((total, pod) => total + read(of(pod)[resource] ?? '0'), 0)
  return { allocatable: read(allocatable ?? '0'), requested: sum(podRequests), limited: sum(podLimits) }
}
