import type { Node } from '../../api/core/node.ts'
import type { NodeInfo } from './node-info.ts'
import type { AffinityTerm, PodInfo } from './pod-info.ts'

/**
 * The affinity terms of all Pods on nodes, each different one once, with where its Pods are: so that a Pod that comes is
 * held against a few terms and not against every Pod. Plain data, kept up to date node by node.
 */
export type TermIndex = Map<string, IndexedTerm>

export interface IndexedTerm {
  readonly term: AffinityTerm
  /** Number of Pods that demand it as anti-affinity, by the topology's value. */
  readonly repelling: Map<string, number>
  /** What Pods that it means are worth there: required affinity counts 1, preferences their weights. */
  readonly wishes: Map<string, number>
  /** How many Pods have it. */
  pods: number
}

/** Weight of a required affinity of Pods that are there, for Pods that come (hardPodAffinityWeight). */
const hardWeight = 1

/** Counts a node's Pods in, or out again (`by` -1). */
export function countTerms(index: TermIndex, { node, podsWithAffinity }: NodeInfo, by: 1 | -1): void {
  for (const pod of podsWithAffinity) countPodTerms(index, pod, node, by)
}

/** The same for one Pod on a node. */
export function countPodTerms(index: TermIndex, pod: PodInfo, { metadata }: Node, by: 1 | -1): void {
  const { labels = {} } = metadata
  for (const term of pod.requiredAntiAffinity) count(index, term, labels, 'repelling', by, by)
  for (const term of pod.requiredAffinity) count(index, term, labels, 'wishes', by * hardWeight, by)
  for (const { term, weight } of pod.preferredAffinity) count(index, term, labels, 'wishes', by * weight, by)
  for (const { term, weight } of pod.preferredAntiAffinity) count(index, term, labels, 'wishes', -by * weight, by)
}

function count(
  index: TermIndex,
  term: AffinityTerm,
  labels: Readonly<Record<string, string>>,
  what: 'repelling' | 'wishes',
  amount: number,
  pods: number,
): void {
  let entry = index.get(term.key)
  if (!entry) index.set(term.key, (entry = { term, repelling: new Map(), wishes: new Map(), pods: 0 }))
  entry.pods += pods
  if (entry.pods === 0) index.delete(term.key)
  const value = labels[term.topologyKey]
  if (value === undefined) return
  const sum = (entry[what].get(value) ?? 0) + amount
  if (sum === 0) entry[what].delete(value)
  else entry[what].set(value, sum)
}
