import { Pod } from '../../../api/core/pod.ts'
import { typed } from '../../../machinery/kind.ts'
import {
  type Change,
  type Cycle,
  definePlugin,
  fits,
  maxScore,
  skip,
  unresolvable,
  unschedulable,
} from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { type AffinityTerm, type PodInfo, podInfoOf, termMatches } from '../pod-info.ts'
import { addTo, antiAffinityPairs, incomingPairs, type Pairs, preferences } from './interpodaffinity-counts.ts'

/** Numbers of Pods by topology key and value. */
interface Notes {
  /** Pods that do not want this one near them. */
  readonly repelling: Pairs
  /** Pods that this one wants to be near: those that match all its terms. */
  readonly wanted: Pairs
  /** Pods that this one does not want near. */
  readonly unwanted: Pairs
}

/** Keeps Pods near to or away from one another. Models plugins/interpodaffinity/{filtering,scoring}.go. */
export const interPodAffinity = definePlugin<Notes, Pairs>({
  name: 'InterPodAffinity',
  weight: 2,
  requeueOn: [
    'AssignedPod/Add',
    'AssignedPod/Delete',
    'AssignedPod/UpdateLabel',
    'Node/Add',
    'Node/UpdateLabel',
    'Pod/UpdateLabel',
  ],

  mayHelp,

  preFilter(pod, cycle) {
    const repelling = antiAffinityPairs(pod, cycle)
    if (repelling.size === 0 && pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0) return skip
    return { notes: { repelling, ...incomingPairs(pod, cycle) } }
  },

  withPod: (notes, pod, other, node, cycle) => changed(notes, pod, other, node, cycle, 1),
  withoutPod: (notes, pod, other, node, cycle) => changed(notes, pod, other, node, cycle, -1),

  filter(pod, node, { repelling, wanted, unwanted }) {
    const { labels = {} } = node.node.metadata
    if (!isNearWanted(pod, labels, wanted)) return unresolvable("node(s) didn't match pod affinity rules")
    for (const { topologyKey } of pod.requiredAntiAffinity) {
      if (countAt(unwanted, topologyKey, labels) > 0) {
        return unschedulable("node(s) didn't match pod anti-affinity rules", { topologyKey })
      }
    }
    for (const topologyKey of repelling.keys()) {
      if (countAt(repelling, topologyKey, labels) > 0) {
        return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules", { topologyKey })
      }
    }
    return fits
  },

  preScore(pod, _nodes, cycle) {
    const pairs = preferences(pod, cycle)
    return pairs.size === 0 ? skip : { notes: pairs }
  },

  score(_pod, { node }, pairs) {
    let sum = 0
    for (const [key, byValue] of pairs) {
      const value = node.metadata.labels?.[key]
      if (value !== undefined) sum += byValue.get(value) ?? 0
    }
    return sum
  },

  normalize(scores) {
    let least = Infinity
    let most = -Infinity
    for (const score of scores) {
      least = Math.min(least, score)
      most = Math.max(most, score)
    }
    const range = most - least
    for (let i = 0; i < scores.length; i++) {
      scores[i] = range > 0 ? Math.trunc(maxScore * (((scores[i] ?? 0) - least) / range)) : 0
    }
  },
})

type Labels = Readonly<Record<string, string>>

function countAt(pairs: Pairs, key: string, labels: Labels): number {
  const value = labels[key]
  return value === undefined ? 0 : (pairs.get(key)?.get(value) ?? 0)
}

/** Whether there is a wanted Pod in every topology. The first of a group that wants itself near may go anywhere. */
function isNearWanted({ pod, requiredAffinity }: PodInfo, labels: Labels, wanted: Pairs): boolean {
  let isNear = true
  for (const { topologyKey } of requiredAffinity) {
    if (labels[topologyKey] === undefined) return false
    if (countAt(wanted, topologyKey, labels) <= 0) isNear = false
  }
  return isNear || (wanted.size === 0 && requiredAffinity.every(term => termMatches(term, pod, undefined)))
}

function changed(notes: Notes, pod: PodInfo, other: PodInfo, { node }: NodeInfo, cycle: Cycle, by: 1 | -1): Notes {
  const { labels = {} } = node.metadata
  const ofPod = cycle.namespaceLabels(pod.pod.metadata.namespace ?? '')
  const ofOther = cycle.namespaceLabels(other.pod.metadata.namespace ?? '')
  const matching = (terms: readonly AffinityTerm[], target: Pod, of: Labels | undefined): readonly AffinityTerm[] =>
    terms.filter(term => termMatches(term, target, of))
  const near = matching(pod.requiredAffinity, other.pod, ofOther)
  const isWanted = near.length > 0 && near.length === pod.requiredAffinity.length
  return {
    repelling: addTo(notes.repelling, matching(other.requiredAntiAffinity, pod.pod, ofPod), labels, by),
    wanted: isWanted ? addTo(notes.wanted, near, labels, by) : notes.wanted,
    unwanted: addTo(notes.unwanted, matching(pod.requiredAntiAffinity, other.pod, ofOther), labels, by),
  }
}

/** A Pod that comes may be wanted; one that goes may have been in the way. */
function mayHelp(pod: PodInfo, { event, old, next }: Change, cycle: Cycle): boolean {
  if (!event.startsWith('AssignedPod/')) return true
  const other = next ?? old
  if (!other) return true
  const info = podInfoOf(typed(Pod, other))
  const labels = cycle.namespaceLabels(other.metadata.namespace ?? '')
  const isMatch = (term: AffinityTerm): boolean => termMatches(term, info.pod, labels)
  const own = cycle.namespaceLabels(pod.pod.metadata.namespace ?? '')
  const repelled = info.requiredAntiAffinity.some(term => termMatches(term, pod.pod, own))
  if (event === 'AssignedPod/Add') return pod.requiredAffinity.length > 0 && pod.requiredAffinity.every(isMatch)
  if (event === 'AssignedPod/Delete') return repelled || pod.requiredAntiAffinity.some(isMatch)
  return true
}
