// One scheduler plugin at work on a few nodes, with nothing around it: for tables of verdicts and scores.

import type { Node } from '../api/core/node.ts'
import type { Pod } from '../api/core/pod.ts'
import type { Container } from '../api/core/pod.ts'
import { cacheOf } from '../client/cache.ts'
import { newInformer } from '../client/informer.ts'
import { newCache, putNode, putPod } from '../control-plane/scheduler/cache.ts'
import { cycleOf, findFeasible } from '../control-plane/scheduler/cycle.ts'
import type { Cycle, Plugin } from '../control-plane/scheduler/framework.ts'
import { podInfoOf } from '../control-plane/scheduler/pod-info.ts'
import { scoreNodes } from '../control-plane/scheduler/scoring.ts'
import { kindOf, kinds } from '../api/index.ts'
import { type ApiObject, deepFreeze, keyOf } from '../machinery/object.ts'

/** What a table says of an object: what it leaves out is as a plain object has it. */
export interface PodRow {
  readonly name?: string
  readonly uid?: string
  readonly namespace?: string
  readonly labels?: Record<string, string>
  readonly requests?: Record<string, string | undefined>
  readonly ports?: Container['ports']
  readonly spec?: Partial<Pod['spec']>
  readonly status?: Partial<Pod['status']>
  readonly owner?: { readonly apiVersion: string; readonly kind: string; readonly name: string }
  readonly node?: string
}

export interface NodeRow {
  readonly name: string
  readonly labels?: Record<string, string>
  readonly spec?: Node['spec']
  readonly allocatable?: Record<string, string>
  readonly images?: Node['status']['images']
}

export interface World {
  readonly nodes: readonly NodeRow[]
  /** Pods that are on nodes. */
  readonly pods?: readonly PodRow[]
  /** What else is in the cluster: claims, Services. */
  readonly objects?: readonly object[]
}

const created = { resourceVersion: '1', creationTimestamp: '2026-01-15T09:00:00Z' }
let made = 0

export function podObject(row: PodRow = {}): Pod {
  const { name = `pod-${++made}`, namespace = 'default', labels, requests, ports, spec, status, owner, node } = row
  const container = { name: 'app', image: 'registry.example/app:1', ...(ports && { ports }) }
  const ownerReferences = owner && [{ ...owner, uid: owner.name, controller: true }]
  const metadata = { ...created, name, namespace, uid: row.uid ?? name, labels, ownerReferences }
  const containers = [{ ...container, resources: requests ? { requests } : {} }]
  const base = { containers, schedulerName: 'default-scheduler', ...(node !== undefined && { nodeName: node }) }
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { ...base, ...spec },
    status: { phase: 'Pending', ...status },
  } as unknown as Pod)
}

export function nodeObject({ name, labels, spec = {}, allocatable, images }: NodeRow): Node {
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...created, name, uid: name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...allocatable }, ...(images && { images }) },
  } as unknown as Node)
}

export function cycleIn({ nodes, pods = [], objects = [] }: World): Cycle {
  const cache = newCache()
  for (const node of nodes) putNode(cache, nodeObject(node))
  for (const pod of pods) putPod(cache, podObject(pod))
  const informers = new Map(kinds.map(kind => [kind.resource, newInformer(kind)]))
  for (const object of objects as readonly (Partial<ApiObject> & { metadata: { name: string } })[]) {
    const kind = kindOf({ apiVersion: object.apiVersion ?? '', kind: object.kind ?? '' })!
    const metadata = { ...created, uid: object.metadata.name, ...(kind.namespaced && { namespace: 'default' }) }
    const whole = deepFreeze({ ...object, metadata: { ...metadata, ...object.metadata } } as unknown as ApiObject)
    const informer = informers.get(kind.resource)!
    informer.items.set(keyOf(whole), whole)
    const inNamespace = informer.indexes.get('namespace')!
    inNamespace.set('default', new Set([...(inNamespace.get('default') ?? []), keyOf(whole)]))
  }
  return cycleOf({ cache, takenVolumes: new Map() }, cacheOf(informers))
}

/** What a plugin says of each node: '' if it has nothing against it, else why not, with '!' if that is final. */
export function verdicts(plugin: Plugin, row: PodRow, world: World): Record<string, string> {
  const cycle = cycleIn(world)
  const search = { plugins: [plugin], pod: podInfoOf(podObject(row)), cycle, startAt: 0 }
  const { refusals, refusedAll, absent } = findFeasible(search)
  const entries = world.nodes.map(({ name }) => {
    const isFeasible = !refusedAll && !refusals.has(name) && !absent
    const refusal = refusedAll ?? refusals.get(name) ?? absent
    if (isFeasible || !refusal) return [name, '']
    return [name, `${refusal.reasons.join(', ')}${refusal.code === 'unresolvable' ? '!' : ''}`]
  })
  return Object.fromEntries(entries) as Record<string, string>
}

/** Scores from 0 to 100, times the weight; undefined where the plugin sits out. */
export function scores(plugin: Plugin, row: PodRow, world: World): Record<string, number> | undefined {
  const cycle = cycleIn(world)
  const all = { nodes: cycle.nodes, places: cycle.nodes.map((_, place) => place) }
  const { byPlugin } = scoreNodes([plugin], podInfoOf(podObject(row)), all, cycle)
  const own = byPlugin.get(plugin.name)
  return own && Object.fromEntries(cycle.nodes.map(({ name }, i) => [name, own[i] ?? 0]))
}
