import type { Candidates, Cycle, Plugin } from './framework.ts'
import type { Remarks } from './memory.ts'
import type { PodInfo } from './pod-info.ts'

/** Scores of all feasible nodes; every array has one number a node. */
export interface Scores {
  /** Weighted scores by plugin, in the order of the profile. */
  readonly byPlugin: ReadonlyMap<string, Float64Array>
  readonly totals: Float64Array
}

/** Lets every plugin score every feasible node. prioritizeNodes of schedule_one.go. */
export function scoreNodes(
  plugins: readonly Plugin[],
  pod: PodInfo,
  candidates: Candidates,
  cycle: Cycle,
  remarks?: Remarks,
): Scores {
  const { nodes } = candidates
  const byPlugin = new Map<string, Float64Array>()
  const totals = new Float64Array(nodes.length)
  for (const plugin of plugins) {
    if (!plugin.score) continue
    const prepared = plugin.preScore?.(pod, candidates, cycle) ?? noNotes
    if ('skip' in prepared) continue
    const { notes } = prepared
    const known = plugin.sign ? remarks?.scoresOf(plugin.name) : undefined
    const scores = rawScores(plugin, pod, candidates, notes, known)
    plugin.normalize?.(scores, nodes, notes)
    const weight = plugin.weight ?? 1
    for (let i = 0; i < scores.length; i++) {
      const weighted = (scores[i] ?? 0) * weight
      scores[i] = weighted
      totals[i] = (totals[i] ?? 0) + weighted
    }
    byPlugin.set(plugin.name, scores)
  }
  return { byPlugin, totals }
}

/** What a plugin says of each node; what it has said before is looked up in `known`, by place. */
function rawScores(
  plugin: Plugin,
  pod: PodInfo,
  { nodes, places }: Candidates,
  notes: unknown,
  known: Float64Array | undefined,
): Float64Array {
  const scores = new Float64Array(nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    const place = places[i] ?? 0
    let score = known?.[place] ?? Number.NaN
    if (Number.isNaN(score)) {
      const node = nodes[i]
      score = node && plugin.score ? plugin.score(pod, node, notes, i) : 0
      if (known) known[place] = score
    }
    scores[i] = score
  }
  return scores
}

const noNotes = { notes: undefined }

/**
 * Place of the node that is chosen: the one on top of a heap made of the nodes in their order (sortedNodeScores). Of nodes
 * with the same score that is mostly the first; upstream 1.36 draws no lots, and what varies there in a small cluster is
 * which thread is done first.
 */
export function pickBest(totals: Float64Array): number {
  const heap = new Uint32Array(totals.length)
  for (let i = 0; i < heap.length; i++) heap[i] = i
  for (let start = (heap.length >> 1) - 1; start >= 0; start--) siftDown(heap, totals, start)
  return heap[0] ?? 0
}

function siftDown(heap: Uint32Array, totals: Float64Array, start: number): void {
  const moved = heap[start] ?? 0
  const score = totals[moved] ?? 0
  let parent = start
  for (let child = 2 * parent + 1; child < heap.length; child = 2 * parent + 1) {
    const right = totals[heap[child + 1] ?? -1] ?? -Infinity
    let best = totals[heap[child] ?? 0] ?? 0
    if (right > best) {
      child++
      best = right
    }
    if (best <= score) break
    heap[parent] = heap[child] ?? 0
    parent = child
  }
  heap[parent] = moved
}
