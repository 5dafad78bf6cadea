import type { Node } from '../../api/core/node.ts'
import type { Pod } from '../../api/core/pod.ts'
import { type NodeInfo, nodeInfoOf, withNode, withoutPod, withPod, withPodRenewed } from './node-info.ts'
import { countPodTerms, countTerms, type TermIndex } from './term-index.ts'
import { asksTheSame, assumedOn, type PodInfo, podInfoAfter, podInfoOf } from './pod-info.ts'

/**
 * What the scheduler knows of nodes and the Pods on them, own decisions included that the API server has yet to confirm.
 * Every change costs one node. Plain data; models pkg/scheduler/backend/cache/{cache,node_tree}.go.
 */
export interface CacheState {
  /** Nodes in the order in which they are tried: taken from each zone in turn. */
  nodes: NodeInfo[]
  /** Place of a node in `nodes`, by name. */
  index: Map<string, number>
  /** Counts changes of the list of nodes and of their labels. */
  labelling: number
  /** Names of nodes by zone, each in the order in which they came. */
  readonly zones: Map<string, string[]>
  /** Whether `nodes` is in its order: nodes that came or went are sorted in when the next Pod is scheduled. */
  isOrdered: boolean
  /** Pods on nodes, by uid. An assumed one was bound by us and is not confirmed yet. */
  readonly pods: Map<string, CachedPod>
  /** Pods on nodes that are not known (yet, or any more): name of the node → uids. */
  readonly strays: Map<string, Set<string>>
  /** Nodes that have an image, by its name. */
  readonly imageCounts: Map<string, number>
  readonly terms: TermIndex
}

interface CachedPod {
  readonly info: PodInfo
  readonly node: string
  readonly isAssumed: boolean
}

export function newCache(): CacheState {
  return {
    nodes: [],
    index: new Map(),
    labelling: 0,
    zones: new Map(),
    isOrdered: true,
    pods: new Map(),
    strays: new Map(),
    imageCounts: new Map(),
    terms: new Map(),
  }
}

export function findNode(cache: CacheState, name: string): NodeInfo | undefined {
  const place = cache.index.get(name)
  return place === undefined ? undefined : cache.nodes[place]
}

/** Puts a node in or takes in its change. */
export function putNode(cache: CacheState, node: Node): void {
  const { name } = node.metadata
  const known = findNode(cache, name)
  if (known) {
    countImages(cache, known, -1)
    const next = withNode(known, node)
    countImages(cache, next, 1)
    replaceNode(cache, known, next)
    if (zoneOf(node) !== zoneOf(known.node)) {
      leaveZone(cache, known.node)
      enterZone(cache, node)
    }
    return
  }
  const pods = [...(cache.strays.get(name) ?? [])].flatMap(uid => cache.pods.get(uid)?.info ?? [])
  cache.strays.delete(name)
  const info = nodeInfoOf(node, pods)
  countImages(cache, info, 1)
  cache.index.set(name, cache.nodes.length)
  cache.labelling++
  cache.nodes.push(info)
  countTerms(cache.terms, info, 1)
  enterZone(cache, node)
}

export function removeNode(cache: CacheState, name: string): void {
  const info = findNode(cache, name)
  if (!info) return
  countImages(cache, info, -1)
  if (info.pods.length > 0) cache.strays.set(name, new Set(info.pods.map(({ uid }) => uid)))
  countTerms(cache.terms, info, -1)
  leaveZone(cache, info.node)
  setNodes(
    cache,
    cache.nodes.filter(node => node !== info),
  )
}

/** Takes in a Pod that is on a node, or its change; it confirms what was assumed. */
export function putPod(cache: CacheState, pod: Pod): void {
  const node = pod.spec.nodeName ?? ''
  const known = cache.pods.get(pod.metadata.uid)
  const info = known ? podInfoAfter(known.info, pod) : podInfoOf(pod)
  cache.pods.set(info.uid, Object.freeze({ info, node, isAssumed: false }))
  const place = cache.index.get(node)
  const before = place === undefined ? undefined : cache.nodes[place]
  if (place !== undefined && before && known?.node === node && asksTheSame(known.info, info)) {
    cache.nodes[place] = withPodRenewed(before, info)
    return
  }
  if (known) takeOff(cache, known)
  putOn(cache, info, node)
}

export function removePod(cache: CacheState, uid: string): void {
  const known = cache.pods.get(uid)
  if (!known) return
  cache.pods.delete(uid)
  takeOff(cache, known)
}

/** Counts a Pod on a node before it is bound, so that the next Pod finds the room taken. */
export function assumePod(cache: CacheState, info: PodInfo, node: string): void {
  const assumed = assumedOn(info, node)
  cache.pods.set(info.uid, Object.freeze({ info: assumed, node, isAssumed: true }))
  putOn(cache, assumed, node)
}

/** Takes back what was assumed: the Pod was not bound. */
export function forgetPod(cache: CacheState, uid: string): void {
  if (cache.pods.get(uid)?.isAssumed) removePod(cache, uid)
}

export function isAssumed(cache: CacheState, uid: string): boolean {
  return cache.pods.get(uid)?.isAssumed ?? false
}

function putOn(cache: CacheState, info: PodInfo, node: string): void {
  const place = cache.index.get(node)
  const before = place === undefined ? undefined : cache.nodes[place]
  if (place !== undefined && before) {
    cache.nodes[place] = withPod(before, info)
    countPodTerms(cache.terms, info, before.node, 1)
    return
  }
  const strays = cache.strays.get(node)
  if (strays) strays.add(info.uid)
  else cache.strays.set(node, new Set([info.uid]))
}

function takeOff(cache: CacheState, { info, node }: CachedPod): void {
  const place = cache.index.get(node)
  const before = place === undefined ? undefined : cache.nodes[place]
  if (place !== undefined && before) {
    cache.nodes[place] = withoutPod(before, info.uid)
    countPodTerms(cache.terms, info, before.node, -1)
    return
  }
  const strays = cache.strays.get(node)
  strays?.delete(info.uid)
  if (strays?.size === 0) cache.strays.delete(node)
}

function replaceNode(cache: CacheState, known: NodeInfo, info: NodeInfo): void {
  const place = cache.index.get(info.name)
  if (place === undefined) return
  cache.nodes[place] = info
  if (known.node.metadata.labels === info.node.metadata.labels) return
  cache.labelling++
  countTerms(cache.terms, known, -1)
  countTerms(cache.terms, info, 1)
}

function countImages(cache: CacheState, { images }: NodeInfo, change: 1 | -1): void {
  for (const name of images.keys()) {
    const count = (cache.imageCounts.get(name) ?? 0) + change
    if (count > 0) cache.imageCounts.set(name, count)
    else cache.imageCounts.delete(name)
  }
}

/** Region and zone in one: GetZoneKey of component-helpers/node/topology. */
function zoneOf({ metadata: { labels = {} } }: Node): string {
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  return zone === '' && region === '' ? '' : `${region}:\0:${zone}`
}

function enterZone(cache: CacheState, node: Node): void {
  const zone = zoneOf(node)
  const names = cache.zones.get(zone)
  if (names) names.push(node.metadata.name)
  else cache.zones.set(zone, [node.metadata.name])
  cache.isOrdered = false
}

function leaveZone(cache: CacheState, node: Node): void {
  const zone = zoneOf(node)
  const names = cache.zones.get(zone)?.filter(name => name !== node.metadata.name) ?? []
  if (names.length > 0) cache.zones.set(zone, names)
  else cache.zones.delete(zone)
  cache.isOrdered = false
}

/** All nodes, one of each zone in turn, as nodeTree.list has it. With one zone that is the order in which they came. */
export function orderedNodes(cache: CacheState): readonly NodeInfo[] {
  if (cache.isOrdered) return cache.nodes
  const lists = [...cache.zones.values()]
  const longest = Math.max(0, ...lists.map(names => names.length))
  const nodes: NodeInfo[] = []
  for (let i = 0; i < longest; i++) {
    for (const names of lists) {
      const name = names[i]
      const info = name === undefined ? undefined : findNode(cache, name)
      if (info) nodes.push(info)
    }
  }
  setNodes(cache, nodes)
  cache.isOrdered = true
  return nodes
}

function setNodes(cache: CacheState, nodes: NodeInfo[]): void {
  cache.nodes = nodes
  cache.labelling++
  cache.index = new Map(nodes.map(({ name }, place) => [name, place]))
}
