import type { Labels } from '../../../machinery/labels.ts'
import type { Cycle } from '../framework.ts'
import { Numbers, recall } from '../memory.ts'
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
  if (requiredAffinity.length > 0) {
    const count = counterOf(requiredAffinity, near, cycle)
    cycle.nodes.forEach((info, place) => {
      const pods = count(place, info)
      for (const { topologyKey } of requiredAffinity) {
        addSum(wanted, topologyKey, info.node.metadata.labels?.[topologyKey], pods)
      }
    })
  }
  for (const term of requiredAntiAffinity) {
    const { topologyKey } = term
    const count = counterOf([term], term.key, cycle)
    cycle.nodes.forEach((info, place) => {
      addSum(unwanted, topologyKey, info.node.metadata.labels?.[topologyKey], count(place, info))
    })
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
    const count = counterOf([term], term.key, cycle)
    cycle.nodes.forEach((info, place) => {
      const pods = count(place, info)
      if (pods === 0) return
      addSum(sums, term.topologyKey, info.node.metadata.labels?.[term.topologyKey], sign * weight * pods)
    })
  }
}

/** Counts a node's Pods that match all terms; remembered unless namespaces' labels play a part. */
function counterOf(
  terms: readonly AffinityTerm[],
  key: string,
  cycle: Cycle,
): (place: number, info: NodeInfo) => number {
  if (terms.some(({ namespaceSelector }) => namespaceSelector)) {
    return (_place, info) => countMatching(info, { terms, labelsOf: namespace => cycle.namespaceLabels(namespace) })
  }
  const numbers = recall(cycle.memory.counts, `terms ${key}`, () => new Numbers())
  const asked = { terms, labelsOf: () => undefined }
  return (place, info) => (info.pods.length === 0 ? 0 : numbers.of(place, info, countMatching, asked))
}

interface Asked {
  readonly terms: readonly AffinityTerm[]
  labelsOf(namespace: string): Labels | undefined
}

function countMatching({ pods }: NodeInfo, { terms, labelsOf }: Asked): number {
  let count = 0
  for (const { pod } of pods) {
    const labels = labelsOf(pod.metadata.namespace ?? '')
    if (terms.every(term => termMatches(term, pod, labels))) count++
  }
  return count
}
