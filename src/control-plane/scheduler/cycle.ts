import type { Cache } from '../../client/controller.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { type CacheState, findNode, orderedNodes } from './cache.ts'
import type { Cycle, Plugin, Prepared, Rejection } from './framework.ts'
import { type NodeInfo, withoutPod, withPod } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

/** A filter that has something to ask of this Pod, with its notes. */
export interface ActiveFilter {
  readonly plugin: Plugin
  readonly notes: unknown
}

/** What became of a Pod's search for a node. */
export interface Diagnosis {
  readonly feasible: readonly NodeInfo[]
  /** Why nodes were refused, in the order in which they were asked. */
  readonly refusals: ReadonlyMap<string, Refusal>
  /** A refusal that holds for every node: a plugin said so before any was asked. */
  readonly refusedAll?: Refusal
  /** Said of nodes that nobody asked because a plugin had ruled them out. */
  readonly absent?: Refusal
  readonly filters: readonly ActiveFilter[]
  /** Whether the list of nodes was searched, and not only the node that was promised. */
  readonly asksAll?: boolean
}

export interface Refusal extends Rejection {
  readonly plugin: string
}

/** What a cycle needs of the scheduler's state. */
interface Known {
  readonly cache: CacheState
  readonly takenVolumes: ReadonlyMap<string, string>
}

export function cycleOf({ cache, takenVolumes }: Known, objects: Cache): Cycle {
  return {
    nodes: orderedNodes(cache),
    terms: cache.terms,
    node: name => findNode(cache, name),
    imageCount: name => cache.imageCounts.get(name) ?? 0,
    takenVolumes,
    objects,
    namespaceLabels: name => objects.get(Namespace, name)?.metadata.labels,
  }
}

/** Pods that were promised room by preemption, by the node; they count unless they are less important. */
export type Nominations = (node: string) => readonly PodInfo[]

export interface Search {
  readonly plugins: readonly Plugin[]
  readonly pod: PodInfo
  readonly cycle: Cycle
  readonly nominated: Nominations
  /** Where in the list of nodes the search starts. */
  readonly startAt: number
}

/** Asks plugins which nodes can take the Pod, until there are enough. findNodesThatFitPod of schedule_one.go. */
export function findFeasible(search: Search): Diagnosis {
  const { plugins, pod, cycle } = search
  const filters: ActiveFilter[] = []
  let only: ReadonlySet<string> | undefined
  const narrowedBy: string[] = []
  for (const plugin of plugins) {
    const prepared: Prepared<unknown> = plugin.preFilter?.(pod, cycle) ?? noNotes
    if ('skip' in prepared) continue
    if ('rejection' in prepared) {
      const refusedAll = { ...prepared.rejection, plugin: plugin.name }
      return { feasible: [], refusals: new Map(), refusedAll, filters }
    }
    const { notes, onlyNodes } = prepared
    if (plugin.filter) filters.push({ plugin, notes })
    if (!onlyNodes) continue
    only = only ? intersection(only, onlyNodes) : onlyNodes
    narrowedBy.push(plugin.name)
    if (only.size === 0) return { ...conflicting(narrowedBy), filters }
  }
  const nominee = pod.pod.status.nominatedNodeName
  const promised = nominee ? cycle.node(nominee) : undefined
  if (promised && !refusalOf(search, filters, promised)) return { feasible: [promised], refusals: new Map(), filters }
  return searchNodes(search, filters, only, narrowedBy)
}

const noNotes = { notes: undefined }

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter(name => b.has(name)))
}

function conflicting(by: readonly string[]): Omit<Diagnosis, 'filters'> {
  const names = [...by].sort()
  const reason =
    names.length === 1
      ? `node(s) didn't satisfy plugin ${names[0] ?? ''}`
      : `node(s) didn't satisfy plugin(s) [${names.join(' ')}] simultaneously`
  const refusedAll: Refusal = { code: 'unresolvable', reasons: [reason], plugin: names.join(',') }
  return { feasible: [], refusals: new Map(), refusedAll }
}

function searchNodes(
  search: Search,
  filters: readonly ActiveFilter[],
  only: ReadonlySet<string> | undefined,
  narrowedBy: readonly string[],
): Diagnosis {
  const { cycle, startAt } = search
  const nodes = only ? cycle.nodes.filter(({ name }) => only.has(name)) : cycle.nodes
  const enough = nodesToFind(nodes.length)
  const feasible: NodeInfo[] = []
  const refusals = new Map<string, Refusal>()
  for (let i = 0; i < nodes.length && feasible.length < enough; i++) {
    const node = nodes[(startAt + i) % nodes.length]
    if (!node) continue
    const refusal = refusalOf(search, filters, node)
    if (refusal) refusals.set(node.name, refusal)
    else feasible.push(node)
  }
  if (!only) return { feasible, refusals, filters, asksAll: true }
  const reason = `node(s) didn't satisfy plugin(s) [${[...narrowedBy].sort().join(' ')}]`
  const absent: Refusal = { code: 'unresolvable', reasons: [reason], plugin: narrowedBy.join(',') }
  return { feasible, refusals, filters, absent, asksAll: true }
}

/**
 * Why a node cannot take the Pod. Where more important Pods were promised room on the node, it must be so with and
 * without them: they may still go elsewhere (RunFilterPluginsWithNominatedPods).
 */
export function refusalOf(search: Search, filters: readonly ActiveFilter[], node: NodeInfo): Refusal | undefined {
  const { pod, nominated } = search
  const promised = nominated(node.name)
  if (promised.length > 0) {
    const others = promised.filter(({ priority, uid }) => priority >= pod.priority && uid !== pod.uid)
    if (others.length > 0) {
      const trial = withPods({ filters, node }, search, others)
      const refusal = askFilters(trial.filters, pod, trial.node)
      if (refusal) return refusal
    }
  }
  return askFilters(filters, pod, node)
}

export function askFilters(filters: readonly ActiveFilter[], pod: PodInfo, node: NodeInfo): Refusal | undefined {
  for (const { plugin, notes } of filters) {
    const verdict = plugin.filter?.(pod, node, notes)
    if (verdict) return { ...verdict, plugin: plugin.name }
  }
  return undefined
}

/** A node as it might be, and the filters' notes to go with it. */
export interface Trial {
  readonly node: NodeInfo
  readonly filters: readonly ActiveFilter[]
}

export function withPods(trial: Trial, { pod, cycle }: Search, others: readonly PodInfo[]): Trial {
  return others.reduce((result, other) => changed(result, pod, cycle, other, 'withPod'), trial)
}

export function withoutPods(trial: Trial, { pod, cycle }: Search, others: readonly PodInfo[]): Trial {
  return others.reduce((result, other) => changed(result, pod, cycle, other, 'withoutPod'), trial)
}

function changed(
  { node, filters }: Trial,
  pod: PodInfo,
  cycle: Cycle,
  other: PodInfo,
  change: 'withPod' | 'withoutPod',
): Trial {
  const next = change === 'withPod' ? withPod(node, other) : withoutPod(node, other.uid)
  return {
    node: next,
    filters: filters.map(filter => {
      const { plugin, notes } = filter
      return plugin[change] ? { plugin, notes: plugin[change](notes, pod, other, next, cycle) } : filter
    }),
  }
}

const leastToFind = 100
const leastPercentage = 5

/** How many feasible nodes are enough: all of a small cluster, a share of a large one (numFeasibleNodesToFind). */
export function nodesToFind(nodes: number): number {
  if (nodes < leastToFind) return nodes
  const percentage = Math.max(50 - Math.trunc(nodes / 125), leastPercentage)
  return Math.max(Math.trunc((nodes * percentage) / 100), leastToFind)
}
