import { qosClass } from '../../api/core/resources.ts'
import type { PodCondition, PodStatus } from '../../api/generated/core.v1.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { timestamp } from '../../machinery/time.ts'
import { conditionsOf } from './conditions.ts'
import { containerStatuses, ephemeralStatuses } from './container-status.ts'
import { isHostNetwork, type Kubelet } from './context.ts'
import { phaseOf } from './phase.ts'
import type { PodWorker } from './state.ts'

/** What the kubelet would tell the API of a Pod right now: generateAPIPodStatus of pkg/kubelet/kubelet_pods.go. */
export function generateStatus({ state, self }: Kubelet, worker: PodWorker, podIsTerminal: boolean): PodStatus {
  const { pod, sandbox, verdict } = worker
  const initStatuses = containerStatuses(worker, pod.spec.initContainers ?? [], true)
  const statuses = containerStatuses(worker, pod.spec.containers, false)
  const old = worker.status ?? pod.status
  let phase = phaseOf(pod, initStatuses, statuses, podIsTerminal)
  // A Pod that has ended stays ended.
  if (isTerminalPhase(old.phase)) phase = old.phase
  if (isTerminalPhase(pod.status.phase)) phase = pod.status.phase
  const kept = phase === old.phase ? old : undefined
  const told = verdict ?? { reason: kept?.reason, message: kept?.message }
  if (verdict) phase = 'Failed'
  const sandboxReady = sandbox?.ready === true
  const made = conditionsOf({ pod, phase, sandboxReady, initStatuses, statuses })
  const conditions =
    verdict?.disruption === undefined ? made : withDisruption(made, pod, verdict.disruption, verdict.message)
  const hostIps = state.config.addresses.slice(0, 1)
  const podIps = isHostNetwork(pod) ? hostIps : (sandbox?.addresses ?? [])
  const shownIps = sandboxReady || isHostNetwork(pod) ? podIps : (old.podIPs ?? []).map(({ ip }) => ip)
  const { generation } = pod.metadata
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase,
    conditions: withTimes(conditions, old.conditions, timestamp(self.now)),
    ...(told.message && { message: told.message }),
    ...(told.reason && { reason: told.reason }),
    ...(hostIps[0] !== undefined && { hostIP: hostIps[0], hostIPs: hostIps.map(ip => ({ ip })) }),
    ...(shownIps[0] !== undefined && { podIP: shownIps[0], podIPs: shownIps.map(ip => ({ ip })) }),
    startTime: pod.status.startTime ?? worker.startTime,
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    qosClass: pod.status.qosClass ?? qosClass(pod),
    ...(pod.spec.ephemeralContainers && { ephemeralContainerStatuses: ephemeralStatuses(worker) }),
  }
}

/** The Pod was ended for the sake of others: PodDisruptionConditions. */
function withDisruption(
  conditions: readonly PodCondition[],
  { metadata: { generation } }: PodWorker['pod'],
  reason: string,
  message: string,
): PodCondition[] {
  const type = 'DisruptionTarget'
  const others = conditions.filter(condition => condition.type !== type)
  return [
    ...others,
    { type, ...(generation !== undefined && { observedGeneration: generation }), status: 'True', reason, message },
  ]
}

/** Conditions keep the time of their last transition as long as their status stays. */
function withTimes(
  conditions: readonly PodCondition[],
  old: readonly PodCondition[] | undefined,
  now: string,
): PodCondition[] {
  return conditions.map(condition => {
    const before = findCondition(old, condition.type)
    const kept = before?.status === condition.status ? before.lastTransitionTime : undefined
    const { type, observedGeneration, status, reason, message } = condition
    return {
      type,
      ...(observedGeneration !== undefined && { observedGeneration }),
      status,
      lastTransitionTime: condition.lastTransitionTime ?? kept ?? now,
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
    }
  })
}

export function isTerminalPhase(phase: PodStatus['phase'] | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed'
}
