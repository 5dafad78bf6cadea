import { isRestartableInitContainer } from '../../api/core/resources.ts'
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../api/generated/core.v1.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { hasStarted } from './phase.ts'

type Phase = PodStatus['phase']
type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>

/** Conditions that the kubelet owns; all others are left as they are. */
const owned = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']

/** What the conditions are made of. */
export interface ConditionInput {
  readonly pod: Pod
  readonly phase: Phase
  readonly sandboxReady: boolean
  readonly initStatuses: readonly ContainerStatus[]
  readonly statuses: readonly ContainerStatus[]
}

/** The Pod's conditions, in upstream's order, without times: pkg/kubelet/status/generate.go. */
export function conditionsOf(input: ConditionInput): PodCondition[] {
  const { pod } = input
  const others = (pod.status.conditions ?? []).filter(({ type }) => !owned.includes(type))
  const { generation } = pod.metadata
  const condition = (type: string, verdict: Verdict): PodCondition => ({
    type,
    ...(generation !== undefined && { observedGeneration: generation }),
    ...verdict,
  })
  const containersReady = containersReadyVerdict(input)
  return [
    ...others,
    condition('PodReadyToStartContainers', { status: input.sandboxReady ? 'True' : 'False' }),
    condition('Initialized', initializedVerdict(input)),
    condition('Ready', containersReady.status === 'True' ? gatesVerdict(pod) : containersReady),
    condition('ContainersReady', containersReady),
    condition('PodScheduled', { status: 'True' }),
  ]
}

function containersReadyVerdict({ pod, phase, initStatuses, statuses }: ConditionInput): Verdict {
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  const sidecars = (pod.spec.initContainers ?? []).filter(isRestartableInitContainer)
  const watched = [...sidecars, ...pod.spec.containers].map(({ name }) => name)
  const all = [...initStatuses, ...statuses]
  const unknown = watched.filter(name => !all.some(status => status.name === name))
  const unready = watched.filter(name => all.some(status => status.name === name && !status.ready))
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'False', reason: 'PodCompleted' }
  return verdictOf('ContainersNotReady', 'unready', unknown, unready)
}

function initializedVerdict({ pod, phase, initStatuses, statuses }: ConditionInput): Verdict {
  const init = pod.spec.initContainers ?? []
  const unknown = init.filter(({ name }) => !initStatuses.some(status => status.name === name))
  if (phase === 'Succeeded' && unknown.length === 0) return { status: 'True', reason: 'PodCompleted' }
  if (statuses.some(hasStarted)) return { status: 'True' }
  const incomplete = init.filter(container => {
    const status = initStatuses.find(({ name }) => name === container.name)
    return status && !(isRestartableInitContainer(container) ? status.started : status.ready)
  })
  const names = (containers: readonly { name: string }[]): string[] => containers.map(({ name }) => name)
  return verdictOf('ContainersNotInitialized', 'incomplete', names(unknown), names(incomplete))
}

function verdictOf(reason: string, word: string, unknown: readonly string[], lacking: readonly string[]): Verdict {
  const messages: string[] = []
  if (unknown.length > 0) messages.push(`containers with unknown status: [${unknown.join(' ')}]`)
  if (lacking.length > 0) messages.push(`containers with ${word} status: [${lacking.join(' ')}]`)
  return messages.length === 0 ? { status: 'True' } : { status: 'False', reason, message: messages.join(', ') }
}

function gatesVerdict({ spec, status }: Pod): Verdict {
  const messages: string[] = []
  for (const { conditionType } of spec.readinessGates ?? []) {
    const condition = findCondition(status.conditions, conditionType)
    if (!condition) {
      messages.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    } else if (condition.status !== 'True') {
      messages.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`)
    }
  }
  if (messages.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}
