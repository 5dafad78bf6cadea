import type { CacheState } from './cache.ts'
import type { NodeInfo } from './node-info.ts'
import type { Refusal } from './refusal.ts'

/**
 * What was worked out for nodes and holds for as long as a node stays the same frozen object: a cycle costs what has
 * changed since the last one that asked the same. Only a memory: it is no part of the state, and nothing depends on it.
 */
export interface Memory {
  /** What plugins that look at the node alone said of it, by the sign of the Pods that they were asked for. */
  readonly remarks: Map<string, Remarks>
  /** Numbers of Pods on nodes, by what was counted. */
  readonly counts: Map<string, Numbers>
  /** The same, summed up over nodes with one value of a label. */
  readonly sums: Map<string, Sums>
  /** Values of a label by place in the list of nodes; they hold as long as `labelling` stays. */
  readonly labels: Map<string, readonly (string | undefined)[]>
  labelling: number
}

const memories = new WeakMap<CacheState, Memory>()

export function memoryOf(cache: CacheState): Memory {
  let memory = memories.get(cache)
  if (!memory) memories.set(cache, (memory = newMemory()))
  if (memory.labelling !== cache.labelling) {
    memory.labels.clear()
    memory.sums.clear()
    memory.labelling = cache.labelling
  }
  return memory
}

export function newMemory(): Memory {
  return { remarks: new Map(), counts: new Map(), sums: new Map(), labels: new Map(), labelling: 0 }
}

/** The value of a label on every node. */
export function labelsOf({ labels }: Memory, nodes: readonly NodeInfo[], key: string): readonly (string | undefined)[] {
  return recall(labels, key, () => nodes.map(({ node }) => node.metadata.labels?.[key]))
}

/** So many questions are remembered; the one that was asked the longest ago is forgotten. */
const mostKept = 64

/** What is remembered under a key, or what `make` makes of it. */
export function recall<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const known = memory.get(key)
  const found = known ?? make()
  if (known) memory.delete(key)
  memory.set(key, found)
  if (memory.size > mostKept) {
    for (const oldest of memory.keys()) {
      memory.delete(oldest)
      break
    }
  }
  return found
}

/** A number for each node, by its place in the list of nodes. */
export class Numbers {
  private readonly nodes: NodeInfo[] = []
  private readonly values: number[] = []

  /** The node's number as it is remembered, or else as `count` says. */
  of<Asked>(place: number, node: NodeInfo, count: (node: NodeInfo, asked: Asked) => number, asked: Asked): number {
    if (this.nodes[place] !== node) {
      this.nodes[place] = node
      this.values[place] = count(node, asked)
    }
    return this.values[place] ?? 0
  }
}

/** Sums of numbers over nodes that have a value of a label in common; kept up by what has changed. */
export class Sums {
  readonly totals = new Map<string, number>()
  private readonly nodes: NodeInfo[] = []
  private readonly values: number[] = []

  /** The totals for a list of nodes, whose values of the label are `domains`. They change with the next call. */
  of(
    nodes: readonly NodeInfo[],
    domains: readonly (string | undefined)[],
    count: (node: NodeInfo) => number,
  ): ReadonlyMap<string, number> {
    for (let place = 0; place < nodes.length; place++) {
      const node = nodes[place]
      if (!node || this.nodes[place] === node) continue
      const before = this.values[place] ?? 0
      const now = count(node)
      this.nodes[place] = node
      this.values[place] = now
      const domain = domains[place]
      if (domain === undefined || now === before) continue
      const total = (this.totals.get(domain) ?? 0) + now - before
      if (total === 0) this.totals.delete(domain)
      else this.totals.set(domain, total)
    }
    return this.totals
  }
}

/** Why nodes refuse Pods of one sign, and what plugins think of those that do not; by place in the list of nodes. */
export class Remarks {
  private readonly nodes: NodeInfo[] = []
  private readonly refusals: (Refusal | undefined)[] = []
  private readonly scores = new Map<string, Float64Array>()

  knows(place: number, node: NodeInfo): boolean {
    return this.nodes[place] === node
  }

  note(place: number, node: NodeInfo, refusal: Refusal | undefined): void {
    this.nodes[place] = node
    this.refusals[place] = refusal
    for (const scores of this.scores.values()) if (place < scores.length) scores[place] = Number.NaN
  }

  refusalAt(place: number): Refusal | undefined {
    return this.refusals[place]
  }

  /** A plugin's scores before they are normalized, NaN where it has not been asked; as long as the list of nodes. */
  scoresOf(plugin: string): Float64Array {
    const known = this.scores.get(plugin)
    if (known && known.length >= this.nodes.length) return known
    const scores = new Float64Array(this.nodes.length).fill(Number.NaN)
    if (known) scores.set(known)
    this.scores.set(plugin, scores)
    return scores
  }
}
