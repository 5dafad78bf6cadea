import type { Cache } from '../../client/controller.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { type CacheState, findNode, orderedNodes } from './cache.ts'
import type { Cycle, Plugin, Prepared } from './framework.ts'
import { memoryOf, recall, Remarks } from './memory.ts'
import { type NodeInfo, withoutPod, withPod } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { Refusal } from './refusal.ts'

/** A filter that has something to ask of this Pod, with its notes. */
export interface ActiveFilter {
  readonly plugin: Plugin
  readonly notes: unknown
}

/** What became of a Pod's search for a node. */
export interface Diagnosis {
  readonly feasible: readonly NodeInfo[]
  /** Places of the feasible nodes in the list of all. */
  readonly places: readonly number[]
  /** What is remembered of nodes for Pods of this one's sign. */
  readonly remarks?: Remarks
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
    memory: memoryOf(cache),
    namespaceLabels: name => objects.get(Namespace, name)?.metadata.labels,
  }
}

/** Pods that were promised room by preemption, by the node; they count unless they are less important. */
export type Nominations = (node: string) => readonly PodInfo[]

export interface Search {
  readonly plugins: readonly Plugin[]
  readonly pod: PodInfo
  readonly cycle: Cycle
  /** Absent when no Pod was promised any room. */
  readonly nominated?: Nominations
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
      return { ...nothing, refusedAll, filters }
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
  if (promised && !refusalOf(search, filters, promised)) {
    return { ...nothing, feasible: [promised], places: [cycle.nodes.indexOf(promised)], filters }
  }
  return searchNodes(search, filters, only, narrowedBy)
}

const noNotes = { notes: undefined }
const nothing: Pick<Diagnosis, 'feasible' | 'places' | 'refusals'> = { feasible: [], places: [], refusals: new Map() }

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
  return { ...nothing, refusedAll }
}

function searchNodes(
  search: Search,
  filters: readonly ActiveFilter[],
  only: ReadonlySet<string> | undefined,
  narrowedBy: readonly string[],
): Diagnosis {
  const { cycle, startAt } = search
  const { nodes } = cycle
  const among = only && placesOf(nodes, only)
  const count = among ? among.length : nodes.length
  const enough = nodesToFind(count)
  const filter = filterOf(search, filters, only === undefined)
  const feasible: NodeInfo[] = []
  const places: number[] = []
  const refusals = new Map<string, Refusal>()
  for (let i = 0; i < count && feasible.length < enough; i++) {
    const turn = (startAt + i) % count
    const place = among ? (among[turn] ?? 0) : turn
    const node = nodes[place]
    if (!node) continue
    const refusal = refusalAt(search, filter, place, node)
    if (refusal) {
      refusals.set(node.name, refusal)
      continue
    }
    feasible.push(node)
    places.push(place)
  }
  const { remarks } = filter
  const diagnosis = { feasible, places, refusals, filters, asksAll: true, ...(remarks && { remarks }) }
  if (!only) return diagnosis
  const reason = `node(s) didn't satisfy plugin(s) [${[...narrowedBy].sort().join(' ')}]`
  const absent: Refusal = { code: 'unresolvable', reasons: [reason], plugin: narrowedBy.join(',') }
  return { ...diagnosis, absent }
}

function placesOf(nodes: readonly NodeInfo[], names: ReadonlySet<string>): number[] {
  const places: number[] = []
  for (let place = 0; place < nodes.length; place++) if (names.has(nodes[place]?.name ?? '')) places.push(place)
  return places
}

/** The filters of a search: those whose verdicts are remembered come before all that have to be asked each time. */
interface SearchFilter {
  readonly all: readonly ActiveFilter[]
  readonly lasting: readonly ActiveFilter[]
  readonly others: readonly ActiveFilter[]
  readonly remarks?: Remarks
}

/** A Pod that is meant for few nodes is like no other: nothing is remembered for it. */
function filterOf({ plugins, pod, cycle }: Search, all: readonly ActiveFilter[], isCommon: boolean): SearchFilter {
  if (!isCommon) return { all, lasting: [], others: all }
  const firstOther = all.findIndex(({ plugin }) => !plugin.sign)
  const end = firstOther < 0 ? all.length : firstOther
  const sign = JSON.stringify(plugins.map(plugin => plugin.sign?.(pod)))
  const remarks = recall(cycle.memory.remarks, sign, () => new Remarks())
  return { all, lasting: all.slice(0, end), others: all.slice(end), remarks }
}

function refusalAt(search: Search, filter: SearchFilter, place: number, node: NodeInfo): Refusal | undefined {
  const { all, lasting, others, remarks } = filter
  if (!remarks || search.nominated) return refusalOf(search, all, node)
  if (!remarks.knows(place, node)) remarks.note(place, node, askFilters(lasting, search.pod, node))
  return remarks.refusalAt(place) ?? askFilters(others, search.pod, node)
}

/**
 * Why a node cannot take the Pod. Where more important Pods were promised room on the node, it must be so with and
 * without them: they may still go elsewhere (RunFilterPluginsWithNominatedPods).
 */
export function refusalOf(search: Search, filters: readonly ActiveFilter[], node: NodeInfo): Refusal | undefined {
  const { pod, nominated } = search
  const promised = nominated?.(node.name)
  if (promised && promised.length > 0) {
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
