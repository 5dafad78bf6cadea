import type { Container, Pod } from '../../api/core/pod.ts'
import { qosClass } from '../../api/core/resources.ts'
import { value } from '../../machinery/quantity.ts'

/** Whom the kernel ends first when the machine has no memory left: GetContainerOOMScoreAdjust of pkg/kubelet/qos/policy.go. */
export function oomScoreAdjust(pod: Pod, { resources }: Container, memoryCapacity: string): number {
  const isCritical = (pod.spec.priority ?? 0) >= systemCriticalPriority
  if (isCritical) return guaranteed
  const qos = qosClass(pod)
  if (qos === 'Guaranteed') return guaranteed
  if (qos === 'BestEffort') return bestEffort
  const request = value(resources?.requests?.['memory'] ?? '0')
  const adjust = Math.trunc(1_000 - (1_000 * request) / value(memoryCapacity))
  return Math.min(Math.max(adjust, 1_000 + guaranteed), bestEffort - 1)
}

const guaranteed = -997
const bestEffort = 1_000
const systemCriticalPriority = 2_000_000_000
