import { qosClass } from '../../api/core/resources.ts'
import { toleratesTaint } from '../../api/core/toleration.ts'
import type { Kubelet } from './context.ts'
import type { PodWorker } from './state.ts'

/** Pods of this priority and above are never evicted (scheduling.SystemCriticalPriority). */
const systemCriticalPriority = 2_000_000_000

const pressureTaint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' } as const

/** IsCriticalPod of pkg/kubelet/types/pod_update.go. */
export function isCritical({ source, pod }: PodWorker): boolean {
  return source === 'file' || (pod.spec.priority ?? 0) >= systemCriticalPriority
}

/** Whether a Pod is turned away while memory is short: those that asked for none. Admit of eviction_manager.go. */
export function refusesUnderPressure({ state }: Kubelet, worker: PodWorker): boolean {
  if (!state.pressure.memory || isCritical(worker) || qosClass(worker.pod) !== 'BestEffort') return false
  return !toleratesTaint(worker.pod.spec.tolerations, pressureTaint)
}
