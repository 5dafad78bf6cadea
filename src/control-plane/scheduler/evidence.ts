import type { Feasible, NodeVerdict, SchedulingEvidence } from '../../machinery/evidence.ts'
import type { Diagnosis, Search } from './cycle.ts'
import type { Refusal } from './refusal.ts'
import type { Victims } from './preemption/victims.ts'
import type { Scores } from './scoring.ts'

/** With more nodes than this, only the best are told apart: a trace entry must not weigh as much as the cluster. */
const mostNodes = 200
const bestNodes = 20

export interface Outcome {
  readonly scores?: Scores | undefined
  readonly node?: string
  /** The chosen node's place among the feasible ones. */
  readonly chosen?: number
  readonly message?: string
  /** Pods that have to leave a node for this one. */
  readonly victims?: Victims
}

/** What one attempt leaves in the trace: every node's verdict with its reasons or its scores. */
export function evidenceOf(
  profile: string,
  search: Search,
  diagnosis: Diagnosis,
  outcome: Outcome,
): SchedulingEvidence {
  const { metadata } = search.pod.pod
  const { scores, node, message, victims } = outcome
  const isSmall = search.cycle.nodes.length <= mostNodes
  return {
    pod: {
      resource: 'pods',
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      name: metadata.name,
      uid: metadata.uid,
    },
    profile,
    ...(node !== undefined && { node }),
    ...(message !== undefined && { message }),
    feasible: feasibleNodes(diagnosis, scores, isSmall ? undefined : outcome.chosen),
    refused: (isSmall ? refusalVerdicts(search, diagnosis) : groupedVerdicts(diagnosis)).map(entry =>
      preempting(entry, victims),
    ),
  }
}

/** Feasible nodes with their scores; of very many only the chosen one and others as good. */
function feasibleNodes({ feasible }: Diagnosis, scores: Scores | undefined, chosen: number | undefined): Feasible {
  if (chosen === undefined || feasible.length <= bestNodes) {
    return { nodes: feasible.map(({ name }) => name), ...(scores && columnsOf(scores)) }
  }
  const best = scores?.totals[chosen]
  const rows = [chosen]
  for (let i = 0; i < feasible.length && rows.length < bestNodes; i++) {
    if (i !== chosen && scores?.totals[i] === best) rows.push(i)
  }
  const columns = scores && columnsOf(scores, column => Float64Array.from(rows, row => column[row] ?? 0))
  return { nodes: rows.map(row => feasible[row]?.name ?? ''), ...columns }
}

/** The scores' columns are not written to any more: the trace may keep them. */
function columnsOf(
  { byPlugin, totals }: Scores,
  pick = (column: Float64Array): Float64Array => column,
): Required<Pick<Feasible, 'scores' | 'totals'>> {
  const scores: Record<string, Float64Array> = {}
  for (const [plugin, column] of byPlugin) scores[plugin] = pick(column)
  return { scores, totals: pick(totals) }
}

function refusalVerdicts(search: Search, { refusals, refusedAll, absent, feasible }: Diagnosis): NodeVerdict[] {
  if (refusals.size === 0 && !refusedAll && !absent) return []
  const verdicts: NodeVerdict[] = []
  const known = new Set(feasible.map(({ name }) => name))
  for (const { name } of search.cycle.nodes) {
    const refusal = refusedAll ?? refusals.get(name) ?? absent
    if (refusal && !known.has(name)) verdicts.push(verdict(name, refusal))
  }
  return verdicts
}

/** One verdict for all nodes that were refused for the same reasons, in the place of one each. */
function groupedVerdicts({ refusals, refusedAll }: Diagnosis): NodeVerdict[] {
  if (refusedAll) return [verdict('*', refusedAll)]
  const groups = new Map<string, { first: string; refusal: Refusal; count: number }>()
  for (const [name, refusal] of refusals) {
    const key = `${refusal.plugin} ${refusal.reasons.join()}`
    const group = groups.get(key)
    if (group) group.count++
    else groups.set(key, { first: name, refusal, count: 1 })
  }
  return [...groups.values()].map(({ first, refusal: { plugin, reasons }, count }) => ({
    node: count === 1 ? first : `${first} and ${count - 1} more`,
    refusedBy: plugin,
    reasons,
    data: { count },
  }))
}

function verdict(node: string, { plugin, reasons, data }: Refusal): NodeVerdict {
  return { node, refusedBy: plugin, reasons, ...(data !== undefined && { data }) }
}

/** With what preemption would do to the node, if it is the one. */
function preempting(entry: NodeVerdict, victims: Victims | undefined): NodeVerdict {
  if (entry.node !== victims?.node) return entry
  return { ...entry, data: { refusal: entry.data, preempts: victims.pods.map(({ key }) => key) } }
}
