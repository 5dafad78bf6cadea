import type { Labels } from '../../../machinery/labels.ts'
import type { Cycle } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { type AffinityTerm, type PodInfo, termMatches } from '../pod-info.ts'

/** Sums by topology key and value. */
export type Pairs = ReadonlyMap<string, ReadonlyMap<string, number>>

type Sums = Map<string, Map<string, number>>

/** Weight of a required affinity of Pods that are there, for Pods that come (hardPodAffinityWeight). */
const hardWeight = 1

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
  const sums: Sums = new Map()
  let own: Labels | undefined
  for (const { node, podsWithRequiredAntiAffinity } of cycle.nodesWithAffinity) {
    for (const { requiredAntiAffinity } of podsWithRequiredAntiAffinity) {
      own ??= cycle.namespaceLabels(pod.metadata.namespace ?? '') ?? {}
      for (const term of requiredAntiAffinity) {
        if (termMatches(term, pod, own)) addSum(sums, term.topologyKey, node.metadata.labels?.[term.topologyKey], 1)
      }
    }
  }
  return sums
}

/** Where there are Pods that this Pod's required terms mean. */
export function incomingPairs(pod: PodInfo, cycle: Cycle): { readonly wanted: Pairs; readonly unwanted: Pairs } {
  const { requiredAffinity, requiredAntiAffinity } = pod
  const wanted: Sums = new Map()
  const unwanted: Sums = new Map()
  if (requiredAffinity.length === 0 && requiredAntiAffinity.length === 0) return { wanted, unwanted }
  const near = asKey(requiredAffinity)
  const away = requiredAntiAffinity.map(term => asKey([term]))
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
        const count = countMatching(info, away[i] ?? '', [term], cycle)
        addSum(unwanted, term.topologyKey, labels[term.topologyKey], count)
      }
    }
  }
  return { wanted, unwanted }
}

/** How near to each topology the Pod wants to be, by its own wishes and those of the Pods that are there. */
export function preferences(pod: PodInfo, cycle: Cycle): Pairs {
  const sums: Sums = new Map()
  const own: readonly (readonly [AffinityTerm, number])[] = [
    ...pod.preferredAffinity.map(({ term, weight }) => [term, weight] as const),
    ...pod.preferredAntiAffinity.map(({ term, weight }) => [term, -weight] as const),
  ]
  const keys = own.map(([term]) => asKey([term]))
  if (own.length > 0) {
    for (const info of cycle.nodes) {
      if (info.pods.length === 0) continue
      own.forEach(([term, weight], i) => {
        const count = countMatching(info, keys[i] ?? '', [term], cycle)
        addSum(sums, term.topologyKey, info.node.metadata.labels?.[term.topologyKey], weight * count)
      })
    }
  }
  const labels = cycle.namespaceLabels(pod.pod.metadata.namespace ?? '') ?? {}
  for (const info of cycle.nodesWithAffinity) {
    for (const existing of info.podsWithAffinity) addWishes(sums, existing, pod, labels, info)
  }
  return sums
}

function addWishes(sums: Sums, existing: PodInfo, { pod }: PodInfo, namespaceLabels: Labels, { node }: NodeInfo): void {
  const add = (term: AffinityTerm, weight: number): void => {
    if (termMatches(term, pod, namespaceLabels)) {
      addSum(sums, term.topologyKey, node.metadata.labels?.[term.topologyKey], weight)
    }
  }
  for (const term of existing.requiredAffinity) add(term, hardWeight)
  for (const { term, weight } of existing.preferredAffinity) add(term, weight)
  for (const { term, weight } of existing.preferredAntiAffinity) add(term, -weight)
}

const counts = new WeakMap<NodeInfo, Map<string, number>>()

function asKey(terms: readonly AffinityTerm[]): string {
  return JSON.stringify(terms)
}

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
