import type { Labels } from '../../../machinery/labels.ts'
import type { Cycle } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { type AffinityTerm, type PodInfo, termMatches, type WeightedTerm } from '../pod-info.ts'

/** Sums by topology key and value. */
export type Pairs = ReadonlyMap<string, ReadonlyMap<string, number>>

type Sums = Map<string, Map<string, number>>

/** The sums with `by` more where each term's topology has the node. */
export function addTo(pairs: Pairs, terms: readonly AffinityTerm[], labels: Labels, by: number): Pairs {
  if (terms.length === 0) return pairs
  const sums: Sums = new Map([...pairs].map(([key, byValue]) => [key, new Map(byValue)]))
  for (const { topologyKey } of terms) addSum(sums, topologyKey, labels[topologyKey], by)
  return sums
}

function addSum(sums: Sums, key: string, value: string | undefined, by: number): void {
  if (value === undefined || by === 0) return
  let byValue = sums.get(key)
  if (!byValue) sums.set(key, (byValue = new Map()))
  const sum = (byValue.get(value) ?? 0) + by
  if (sum !== 0) byValue.set(value, sum)
  else {
    byValue.delete(value)
    if (byValue.size === 0) sums.delete(key)
  }
}

/** Where there are Pods whose required anti-affinity means this Pod. */
export function antiAffinityPairs({ pod }: PodInfo, cycle: Cycle): Pairs {
  const sums: Shared = new Map()
  const own = cycle.terms.size === 0 ? undefined : cycle.namespaceLabels(pod.metadata.namespace ?? '')
  for (const { term, repelling } of cycle.terms.values()) {
    if (repelling.size > 0 && termMatches(term, pod, own)) addAll(sums, term.topologyKey, repelling)
  }
  return sums
}

type Shared = Map<string, ReadonlyMap<string, number>>

/** Adds a whole map of sums; the first one of a key is taken as it is, since sums are not changed in place. */
function addAll(sums: Shared, key: string, added: ReadonlyMap<string, number>): void {
  const known = sums.get(key)
  if (!known || known.size === 0) {
    sums.set(key, added)
    return
  }
  const sum = new Map(known)
  for (const [value, count] of added) sum.set(value, (sum.get(value) ?? 0) + count)
  sums.set(key, sum)
}

/** Where there are Pods that this Pod's required terms mean. */
export function incomingPairs(pod: PodInfo, cycle: Cycle): { readonly wanted: Pairs; readonly unwanted: Pairs } {
  const { requiredAffinity, requiredAntiAffinity } = pod
  const wanted: Sums = new Map()
  const unwanted: Sums = new Map()
  if (requiredAffinity.length === 0 && requiredAntiAffinity.length === 0) return { wanted, unwanted }
  const near = requiredAffinity.map(({ key }) => key).join()
  for (const info of cycle.nodes) {
    if (info.pods.length === 0) continue
    const { labels = {} } = info.node.metadata
    if (requiredAffinity.length > 0) {
      const count = countMatching(info, near, requiredAffinity, cycle)
      if (count > 0)
        for (const { topologyKey } of requiredAffinity) addSum(wanted, topologyKey, labels[topologyKey], count)
    }
    for (let i = 0; i < requiredAntiAffinity.length; i++) {
      const term = requiredAntiAffinity[i]
      if (term) {
        const count = countMatching(info, term.key, [term], cycle)
        addSum(unwanted, term.topologyKey, labels[term.topologyKey], count)
      }
    }
  }
  return { wanted, unwanted }
}

/** How near to each topology the Pod wants to be, by its own wishes and those of the Pods that are there. */
export function preferences(pod: PodInfo, cycle: Cycle): Pairs {
  const wishes: Sums = new Map()
  addOwnWishes(wishes, pod.preferredAffinity, 1, cycle)
  addOwnWishes(wishes, pod.preferredAntiAffinity, -1, cycle)
  const sums: Shared = wishes
  const own = cycle.terms.size === 0 ? undefined : cycle.namespaceLabels(pod.pod.metadata.namespace ?? '')
  for (const { term, wishes: others } of cycle.terms.values()) {
    if (others.size > 0 && termMatches(term, pod.pod, own)) addAll(sums, term.topologyKey, others)
  }
  return sums
}

function addOwnWishes(sums: Sums, wishes: readonly WeightedTerm[], sign: 1 | -1, cycle: Cycle): void {
  for (const { term, weight } of wishes) {
    const terms = [term]
    for (const info of cycle.nodes) {
      const count = info.pods.length === 0 ? 0 : countMatching(info, term.key, terms, cycle)
      if (count === 0) continue
      addSum(sums, term.topologyKey, info.node.metadata.labels?.[term.topologyKey], sign * weight * count)
    }
  }
}

const counts = new WeakMap<NodeInfo, Map<string, number>>()

/** How many of a node's Pods match all terms; remembered by the node as it is, unless namespaces' labels play a part. */
function countMatching(info: NodeInfo, key: string, terms: readonly AffinityTerm[], cycle: Cycle): number {
  const isLasting = terms.every(({ namespaceSelector }) => !namespaceSelector)
  let known = counts.get(info)
  const remembered = isLasting ? known?.get(key) : undefined
  if (remembered !== undefined) return remembered
  let count = 0
  for (const { pod } of info.pods) {
    const labels = isLasting ? undefined : cycle.namespaceLabels(pod.metadata.namespace ?? '')
    if (terms.every(term => termMatches(term, pod, labels))) count++
  }
  if (!isLasting) return count
  if (!known) counts.set(info, (known = new Map()))
  known.set(key, count)
  return count
}
