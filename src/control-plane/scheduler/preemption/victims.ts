import type { PodDisruptionBudget } from '../../../api/policy/poddisruptionbudget.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { matches } from '../../../machinery/labels.ts'
import { parseTime } from '../../../machinery/time.ts'
import { refusalOf, type Search, type Trial, withoutPods, withPods } from '../cycle.ts'
import type { Rejection } from '../refusal.ts'
import { unresolvable } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'

/** Pods that would have to go for a Pod to fit on a node, the most important first. */
export interface Victims {
  readonly node: string
  readonly pods: readonly PodInfo[]
  /** How many of them a disruption budget protects. */
  readonly violations: number
}

/**
 * The fewest Pods that have to go: all less important ones are taken off, then as many as possible are put back, protected
 * and important ones first. SelectVictimsOnNode of plugins/defaultpreemption/default_preemption.go.
 */
export function selectVictims(
  search: Search,
  trial: Trial,
  budgets: readonly PodDisruptionBudget[],
): Victims | Rejection {
  const lesser = trial.node.pods.filter(({ priority }) => priority < search.pod.priority)
  if (lesser.length === 0) return unresolvable('No preemption victims found for incoming pod')
  let current = withoutPods(trial, search, lesser)
  const refusal = refusalOf(search, current.filters, current.node)
  if (refusal) return refusal
  const { violating, others } = byBudget([...lesser].sort(byImportance), budgets)
  const victims: PodInfo[] = []
  let violations = 0
  for (const pod of [...violating, ...others]) {
    const next = withPods(current, search, [pod])
    if (!refusalOf(search, next.filters, next.node)) {
      current = next
      continue
    }
    victims.push(pod)
    if (violating.includes(pod)) violations++
  }
  return { node: trial.node.name, pods: victims.sort(byImportance), violations }
}

/** util.MoreImportantPod: priority, then who started earlier. */
export function byImportance(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || startTime(a.pod) - startTime(b.pod) || 0
}

/** Pods that have not started count as starting now, later than all others. */
export function startTime({ status: { startTime: started } }: Pod): number {
  return started === undefined ? Number.MAX_SAFE_INTEGER : parseTime(started)
}

/** Pods whose loss a budget does not allow, given that those before them are lost as well. */
function byBudget(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { violating: PodInfo[]; others: PodInfo[] } {
  const allowed = budgets.map(({ status }) => status.disruptionsAllowed ?? 0)
  const violating: PodInfo[] = []
  const others: PodInfo[] = []
  for (const info of pods) {
    let isViolating = false
    budgets.forEach((budget, i) => {
      if (!protects(budget, info.pod)) return
      const left = (allowed[i] ?? 0) - 1
      allowed[i] = left
      if (left < 0) isViolating = true
    })
    ;(isViolating ? violating : others).push(info)
  }
  return { violating, others }
}

function protects({ metadata, spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  const { namespace, labels, name } = pod.metadata
  if (metadata.namespace !== namespace || !labels || status.disruptedPods?.[name] !== undefined) return false
  const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {}
  const isEmpty = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0
  return !isEmpty && matches(spec.selector, labels)
}
