import { isConditionTrue } from '../../../api/meta/conditions.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { PodDisruptionBudget } from '../../../api/policy/poddisruptionbudget.ts'
import type { Diagnosis, Search } from '../cycle.ts'
import type { Rejection } from '../refusal.ts'
import { countReasons } from '../messages.ts'
import type { NodeInfo } from '../node-info.ts'
import { smallestLoss } from './choice.ts'
import { selectVictims, type Victims } from './victims.ts'

/** What preemption comes to: room on a node once its victims are gone, or why it does not help. */
export interface Preemption {
  readonly message: string
  readonly victims?: Victims
  /** Where the Pod is promised room; '' takes an earlier promise back. */
  readonly nominate?: string
}

const notHelpful = { reasons: ['Preemption is not helpful for scheduling'] }
/** DefaultPreemptionArgs: how many candidates are enough. */
const leastCandidates = 100
const leastPercentage = 10

/** Looks for a node that can take the Pod if less important ones leave it: Evaluator.Preempt of framework/preemption. */
export function preempt(search: Search, diagnosis: Diagnosis, random: () => number): Preemption {
  const { pod, cycle } = search
  const obstacle = whyNot(search, diagnosis)
  if (obstacle !== undefined) return { message: obstacle }
  const promising = cycle.nodes.filter(({ name }) => diagnosis.refusals.get(name)?.code === 'unschedulable')
  const { candidates, refusals } = findCandidates(search, diagnosis, promising, random)
  const victims = smallestLoss(candidates)
  if (victims) return { message: '', victims, nominate: victims.node }
  const total = cycle.nodes.length
  const counted = countReasons(refusals, total - refusals.length, notHelpful)
  const message = `0/${total} nodes are available: ${counted.join(', ')}.`
  return { message, ...(pod.pod.status.nominatedNodeName && { nominate: '' }) }
}

/** PodEligibleToPreemptOthers. */
function whyNot({ pod: info, cycle }: Search, { refusals }: Diagnosis): string | undefined {
  const { pod, priority } = info
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const { nominatedNodeName } = pod.status
  if (!nominatedNodeName || refusals.get(nominatedNodeName)?.code === 'unresolvable') return undefined
  const others = cycle.node(nominatedNodeName)?.pods ?? []
  const isLeaving = others.some(other => other.priority < priority && isPreempted(other.pod))
  return isLeaving ? 'not eligible due to a terminating pod on the nominated node.' : undefined
}

function isPreempted({ metadata, status }: Pod): boolean {
  if (!metadata.deletionTimestamp || !isConditionTrue(status.conditions, 'DisruptionTarget')) return false
  return status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason === 'PreemptionByScheduler'
}

/** Tries nodes from a random one on, until there are enough candidates and one of them breaks no budget. */
function findCandidates(
  search: Search,
  { filters }: Diagnosis,
  nodes: readonly NodeInfo[],
  random: () => number,
): { candidates: Victims[]; refusals: Rejection[] } {
  const candidates: Victims[] = []
  const refusals: Rejection[] = []
  if (nodes.length === 0) return { candidates, refusals }
  const budgets = search.cycle.objects.list(PodDisruptionBudget)
  const enough = Math.max(Math.trunc((nodes.length * leastPercentage) / 100), leastCandidates)
  const offset = Math.floor(random() * nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(offset + i) % nodes.length]
    if (!node) continue
    const result = selectVictims(search, { node, filters }, budgets)
    if ('reasons' in result) refusals.push(result)
    else candidates.push(result)
    if (candidates.length >= enough && candidates.some(({ violations }) => violations === 0)) break
  }
  return { candidates, refusals }
}
