import type { Pod } from '../../api/core/pod.ts'
import type { Cache } from '../../client/controller.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { Rejection } from './refusal.ts'
import type { Memory } from './memory.ts'
import type { IndexedTerm } from './term-index.ts'

export type Verdict = Rejection | undefined

/** The verdict of a filter that has nothing against a node. */
export const fits: Verdict = undefined

export function unschedulable(reason: string | readonly string[], data?: unknown): Rejection {
  return rejection('unschedulable', reason, data)
}

export function unresolvable(reason: string | readonly string[], data?: unknown): Rejection {
  return rejection('unresolvable', reason, data)
}

function rejection(code: Rejection['code'], reason: string | readonly string[], data: unknown): Rejection {
  const reasons = typeof reason === 'string' ? [reason] : reason
  return data === undefined ? { code, reasons } : { code, reasons, data }
}

/** What a plugin prepares before nodes are looked at: nothing to do for this Pod, a refusal, or its notes. */
export type Prepared<Notes> =
  | { readonly skip: true }
  | { readonly rejection: Rejection }
  | {
      readonly notes: Notes
      /** The only nodes that come into question. */
      readonly onlyNodes?: ReadonlySet<string>
    }

export const skip = { skip: true } as const

/** What a plugin may look at while one Pod is scheduled. */
export interface Cycle {
  readonly nodes: readonly NodeInfo[]
  /** The affinity terms of Pods that are on nodes. */
  readonly terms: ReadonlyMap<string, IndexedTerm>
  node(name: string): NodeInfo | undefined
  /** How many nodes have an image of this name. */
  imageCount(name: string): number
  /** Volumes that are about to be bound to a claim, with its key. */
  readonly takenVolumes: ReadonlyMap<string, string>
  /** Objects that the plugin reads (`reads`). */
  readonly objects: Cache
  /** What was worked out for nodes before. */
  readonly memory: Memory
  /** Labels of a namespace. */
  namespaceLabels(namespace: string): Readonly<Record<string, string>> | undefined
}

/** Nodes that can take the Pod, each with its place in the cycle's list of nodes. */
export interface Candidates {
  readonly nodes: readonly NodeInfo[]
  readonly places: readonly number[]
}

/** Something that happened to the cluster and may make room for a Pod that found none: `Node/UpdateTaint`. */
export type ClusterEvent = `${string}/${string}`

/** An object's change, as `requeueOn` events are about it. */
export interface Change {
  readonly event: ClusterEvent
  readonly old?: ApiObject | undefined
  readonly next?: ApiObject | undefined
}

/**
 * One question about Pods and nodes; a plugin implements the extension points that it cares about, in the order in which
 * they are called. `Notes` is what preFilter notes for filter, `ScoreNotes` what preScore notes for score; both are
 * plain values that are not changed. Models the interfaces of staging/src/k8s.io/kube-scheduler/framework.
 */
export interface PluginDefinition<Notes, ScoreNotes> {
  readonly name: string
  /** What a score counts, from 0 to 100, is multiplied by this. */
  readonly weight?: number
  /** Kinds that it reads from the cache, besides Pods, Nodes and Namespaces. */
  readonly reads?: readonly Kind[]
  /** Events after which a Pod that this plugin refused is worth another try. */
  readonly requeueOn?: readonly ClusterEvent[]
  /** Whether such an event may help this Pod indeed. Default: yes. */
  mayHelp?(pod: PodInfo, change: Change, cycle: Cycle): boolean
  /**
   * All that filter and score read of a Pod. To be given if they read nothing else but the NodeInfo: what they said of a
   * node then holds for every Pod of the same sign, as long as the node stays as it is (SignPlugin).
   */
  sign?(pod: PodInfo): unknown
  /** Whether the Pod must not enter the queue yet. */
  preEnqueue?(pod: Pod): Verdict
  preFilter?(pod: PodInfo, cycle: Cycle): Prepared<Notes>
  /** Notes as they would be with another Pod on a node, or without it: for preemption. */
  withPod?(notes: Notes, pod: PodInfo, other: PodInfo, node: NodeInfo, cycle: Cycle): Notes
  withoutPod?(notes: Notes, pod: PodInfo, other: PodInfo, node: NodeInfo, cycle: Cycle): Notes
  filter?(pod: PodInfo, node: NodeInfo, notes: Notes): Verdict
  /** Told of the feasible nodes before they are scored. */
  preScore?(pod: PodInfo, candidates: Candidates, cycle: Cycle): { readonly skip: true } | { notes: ScoreNotes }
  /** `index` is the node's among the candidates. */
  score?(pod: PodInfo, node: NodeInfo, notes: ScoreNotes, index: number): number
  /** Brings the scores of all nodes into 0 to 100, in place. */
  normalize?(scores: Float64Array, nodes: readonly NodeInfo[], notes: ScoreNotes): void
}

/** A plugin whose notes are its own business. */
export type Plugin = PluginDefinition<unknown, unknown>

export function definePlugin<Notes = undefined, ScoreNotes = undefined>(
  definition: PluginDefinition<Notes, ScoreNotes>,
): Plugin {
  return definition
}

export const maxScore = 100

/** The highest score becomes 100: DefaultNormalizeScore. */
export function highestWins(scores: Float64Array): void {
  const most = highest(scores)
  if (most === 0) return
  for (let i = 0; i < scores.length; i++) scores[i] = Math.trunc((maxScore * (scores[i] ?? 0)) / most)
}

/** The highest score becomes 0 and none 100: DefaultNormalizeScore in reverse. */
export function lowestWins(scores: Float64Array): void {
  const most = highest(scores)
  if (most === 0) {
    scores.fill(maxScore)
    return
  }
  for (let i = 0; i < scores.length; i++) scores[i] = maxScore - Math.trunc((maxScore * (scores[i] ?? 0)) / most)
}

function highest(scores: Float64Array): number {
  let most = 0
  for (const score of scores) if (score > most) most = score
  return most
}
