import type { Labels } from '../../../machinery/labels.ts'
import type { Cycle } from '../framework.ts'
import { labelsOf, recall, Sums } from '../memory.ts'
import { type AffinityTerm, type PodInfo, termMatches, type WeightedTerm } from '../pod-info.ts'

/** Sums by topology key and value. */
export type Pairs = ReadonlyMap<string, ReadonlyMap<string, number>>

type Changing = Map<string, Map<string, number>>

/** The sums with `by` more where each term's topology has the node. */
export function addTo(pairs: Pairs, terms: readonly AffinityTerm[], labels: Labels, by: number): Pairs {
  if (terms.length === 0) return pairs
  const sums: Changing = new Map([...pairs].map(([key, byValue]) => [key, new Map(byValue)]))
  for (const { topologyKey } of terms) addSum(sums, topologyKey, labels[topologyKey], by)
  return sums
}

function addSum(sums: Changing, key: string, value: string | undefined, by: number): void {
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
  if (added.size === 0) return
  const known = sums.get(key)
  if (!known) {
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
  const wanted: Shared = new Map()
  const unwanted: Shared = new Map()
  // A Pod is wanted near only if it is meant by all terms.
  for (const { topologyKey } of requiredAffinity) {
    addAll(wanted, topologyKey, podsAt(topologyKey, requiredAffinity, cycle))
  }
  for (const term of requiredAntiAffinity) {
    addAll(unwanted, term.topologyKey, podsAt(term.topologyKey, [term], cycle))
  }
  return { wanted, unwanted }
}

/** How near to each topology the Pod wants to be, by its own wishes and those of the Pods that are there. */
export function preferences(pod: PodInfo, cycle: Cycle): Pairs {
  const sums: Shared = new Map()
  addOwnWishes(sums, pod.preferredAffinity, 1, cycle)
  addOwnWishes(sums, pod.preferredAntiAffinity, -1, cycle)
  const own = cycle.terms.size === 0 ? undefined : cycle.namespaceLabels(pod.pod.metadata.namespace ?? '')
  for (const { term, wishes: others } of cycle.terms.values()) {
    if (others.size > 0 && termMatches(term, pod.pod, own)) addAll(sums, term.topologyKey, others)
  }
  return sums
}

function addOwnWishes(sums: Shared, wishes: readonly WeightedTerm[], sign: 1 | -1, cycle: Cycle): void {
  for (const { term, weight } of wishes) {
    const weighted = new Map<string, number>()
    for (const [value, pods] of podsAt(term.topologyKey, [term], cycle)) weighted.set(value, sign * weight * pods)
    addAll(sums, term.topologyKey, weighted)
  }
}

/** How many Pods match all terms, by the value of a label of their nodes. Remembered from cycle to cycle. */
function podsAt(topologyKey: string, terms: readonly AffinityTerm[], cycle: Cycle): ReadonlyMap<string, number> {
  const { memory, nodes } = cycle
  const domains = labelsOf(memory, nodes, topologyKey)
  // Namespaces' labels may change while Pods and nodes stay.
  const isLasting = terms.every(({ namespaceSelector }) => !namespaceSelector)
  const key = `${topologyKey} ${terms.map(term => term.key).join()}`
  const sums = isLasting ? recall(memory.sums, key, () => new Sums()) : new Sums()
  return sums.of(nodes, domains, ({ pods }) => {
    let count = 0
    for (const { pod } of pods) {
      const labels = isLasting ? undefined : cycle.namespaceLabels(pod.metadata.namespace ?? '')
      if (terms.every(term => termMatches(term, pod, labels))) count++
    }
    return count
  })
}
