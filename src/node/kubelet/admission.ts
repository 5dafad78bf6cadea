import { Node } from '../../api/core/node.ts'
import type { Pod } from '../../api/core/pod.ts'
import { podRequests } from '../../api/core/resources.ts'
import { getCached } from '../../client/informer.ts'
import { milliValue, value } from '../../machinery/quantity.ts'
import { type Kubelet, podEvent } from './context.ts'
import { allocatable } from './node-resources.ts'
import { refusesUnderPressure } from './pressure.ts'
import type { PodWorker } from './state.ts'
import { generateStatus } from './status.ts'
import { setStatus } from './status-manager.ts'

interface Refusal {
  readonly reason: string
  readonly message: string
}

interface Amounts {
  readonly cpuMillis: number
  readonly memoryBytes: number
}

/**
 * Takes a Pod in, or refuses one that does not fit: the scheduler may not have been asked, or knew less. Sums are kept,
 * so the cost does not grow with the Pods that are here. Models pkg/kubelet/lifecycle/predicate.go.
 */
export function admit(kubelet: Kubelet, worker: PodWorker): boolean {
  const { state } = kubelet
  const { pod } = worker
  const wanted = amountsOf(pod)
  const refusal = worker.source === 'file' ? undefined : (pressure(kubelet, worker) ?? refusalOf(kubelet, pod, wanted))
  if (refusal) {
    podEvent(kubelet, pod, 'Warning', refusal.reason, refusal.message)
    worker.verdict = { reason: refusal.reason, message: `Pod was rejected: ${refusal.message}` }
    worker.stage = 'terminated'
    const { phase, reason, message, qosClass, observedGeneration } = generateStatus(kubelet, worker, true)
    setStatus(kubelet, worker, {
      ...pod.status,
      ...(observedGeneration !== undefined && { observedGeneration }),
      ...{ phase, qosClass },
      ...(reason && { reason }),
      ...(message && { message }),
      startTime: worker.startTime,
    })
    return false
  }
  worker.admitted = true
  state.used.cpuMillis += wanted.cpuMillis
  state.used.memoryBytes += wanted.memoryBytes
  state.used.pods++
  return true
}

function pressure(kubelet: Kubelet, worker: PodWorker): Refusal | undefined {
  if (!refusesUnderPressure(kubelet, worker)) return undefined
  return { reason: 'Evicted', message: 'The node had condition: [MemoryPressure]. ' }
}

/** A Pod has ended: what it asked for is free again. */
export function releaseAdmission({ state }: Kubelet, worker: PodWorker): void {
  if (!worker.admitted) return
  worker.admitted = false
  const { cpuMillis, memoryBytes } = amountsOf(worker.pod)
  state.used.cpuMillis -= cpuMillis
  state.used.memoryBytes -= memoryBytes
  state.used.pods--
}

function amountsOf(pod: Pod): Amounts {
  const { cpu = '0', memory = '0' } = podRequests(pod)
  return { cpuMillis: milliValue(cpu), memoryBytes: value(memory) }
}

function refusalOf({ state }: Kubelet, pod: Pod, wanted: Amounts): Refusal | undefined {
  const { used, config } = state
  const has = allocatable(config)
  const cpu = milliValue(has['cpu'] ?? '0')
  const memory = value(has['memory'] ?? '0')
  if (used.pods + 1 > config.maxPods) return outOf('pods', 1, used.pods, config.maxPods)
  if (wanted.cpuMillis > 0 && used.cpuMillis + wanted.cpuMillis > cpu) {
    return outOf('cpu', wanted.cpuMillis, used.cpuMillis, cpu)
  }
  if (wanted.memoryBytes > 0 && used.memoryBytes + wanted.memoryBytes > memory) {
    return outOf('memory', wanted.memoryBytes, used.memoryBytes, memory)
  }
  const node = getCached(state.node, Node, config.nodeName)
  const labels = node?.metadata.labels ?? {}
  const selector = Object.entries(pod.spec.nodeSelector ?? {})
  if (node && selector.some(([key, text]) => labels[key] !== text)) {
    const why = "node(s) didn't match Pod's node affinity/selector"
    return { reason: 'NodeAffinity', message: `Predicate NodeAffinity failed: ${why}` }
  }
  return undefined
}

function outOf(resource: string, requested: number, used: number, capacity: number): Refusal {
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`
  return { reason: `OutOf${resource}`, message: `Node didn't have enough resource: ${resource}, ${amounts}` }
}
