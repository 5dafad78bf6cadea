import type { Deployment, DeploymentCondition } from '../../../api/apps/deployment.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import { timestamp } from '../../../machinery/time.ts'

/** Conditions of Deployments. Models pkg/controller/deployment/util/deployment_util.go. */

export type Conditions = readonly DeploymentCondition[]

export function newCondition(
  type: 'Progressing' | 'Available',
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  const time = timestamp(now)
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message }
}

export function progressing(
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  return newCondition('Progressing', status, reason, message, now)
}

/** Adds a condition at the end; one that says the same already stays as it is, with its times. */
export function setCondition(conditions: Conditions | undefined, condition: DeploymentCondition): Conditions {
  const old = findCondition(conditions, condition.type)
  if (old && old.status === condition.status && old.reason === condition.reason) return conditions ?? []
  const { lastTransitionTime } = old?.status === condition.status ? old : condition
  const next = { ...condition, ...(lastTransitionTime !== undefined && { lastTransitionTime }) }
  return [...without(conditions, condition.type), next]
}

export function without(conditions: Conditions | undefined, type: string): Conditions {
  return (conditions ?? []).filter(condition => condition.type !== type)
}

export function withCondition(deployment: Deployment, condition: DeploymentCondition): Deployment {
  const { conditions } = deployment.status
  const next = setCondition(conditions, condition)
  return next === conditions ? deployment : { ...deployment, status: { ...deployment.status, conditions: [...next] } }
}

const maxInt32 = 2 ** 31 - 1

/** The largest number stands for no deadline. */
export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== maxInt32
}

export function hasHistoryLimit({ spec }: Deployment): boolean {
  return spec.revisionHistoryLimit !== undefined && spec.revisionHistoryLimit !== maxInt32
}
