import type { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { isFailed } from './pods.ts'

type PodFailurePolicyRule = NonNullable<Job['spec']['podFailurePolicy']>['rules'][number]

/** What a rule of the Pod failure policy does with a failed Pod, and how it says so. */
export interface MatchedRule {
  readonly action: string
  readonly message: string
}

/**
 * The first rule of the Job's policy that a failed Pod matches; undefined if its failure counts as any other. Models
 * pkg/controller/job/pod_failure_policy.go.
 */
export function failureRule(job: Job, pod: Pod): MatchedRule | undefined {
  if (!isFailed(pod, job)) return undefined
  const { name, namespace } = pod.metadata
  for (const [index, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const { action } = rule
    const ending = `matching ${action} rule at index ${index}`
    const container = exitOf(rule, pod)
    if (container) {
      const { name: which, exitCode } = container
      const why = `Container ${which} for pod ${namespace}/${name} failed with exit code ${exitCode}`
      return { action, message: `${why} ${ending}` }
    }
    const condition = rule.onExitCodes ? undefined : conditionOf(rule, pod)
    if (condition) return { action, message: `Pod ${namespace}/${name} has condition ${condition} ${ending}` }
  }
  return undefined
}

function exitOf(
  { onExitCodes }: PodFailurePolicyRule,
  { status }: Pod,
): { name: string; exitCode: number } | undefined {
  if (!onExitCodes) return undefined
  const { containerName, operator, values } = onExitCodes
  for (const { name, state } of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]) {
    const exitCode = state.terminated?.exitCode ?? 0
    if (exitCode === 0 || (containerName !== undefined && containerName !== name)) continue
    if (values.includes(exitCode) === (operator === 'In')) return { name, exitCode }
  }
  return undefined
}

function conditionOf({ onPodConditions = [] }: PodFailurePolicyRule, { status }: Pod): string | undefined {
  return status.conditions?.find(condition =>
    onPodConditions.some(pattern => pattern.type === condition.type && pattern.status === condition.status),
  )?.type
}
