import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { StatefulSet } from '../../../api/apps/statefulset.ts'
import { Pod } from '../../../api/core/pod.ts'
import { ReplicationController } from '../../../api/core/replicationcontroller.ts'
import { Service } from '../../../api/core/service.ts'
import { typed } from '../../../machinery/kind.ts'
import { matchesSelector } from '../../../machinery/labels.ts'
import {
  type Change,
  type Cycle,
  definePlugin,
  fits,
  maxScore,
  skip,
  unresolvable,
  unschedulable,
} from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { countPods } from '../pod-counts.ts'
import type { PodInfo } from '../pod-info.ts'
import { type Constraint, defaultConstraints, hasAllKeys, includes, ownConstraints } from '../spread-constraints.ts'

const hostname = 'kubernetes.io/hostname'

/** For each constraint, how many Pods are in each of its domains. */
interface Notes {
  readonly constraints: readonly Constraint[]
  readonly counts: readonly ReadonlyMap<string, number>[]
  /** The emptiest domain's number of Pods, for each constraint. */
  readonly least: readonly number[]
}

interface ScoreNotes {
  readonly constraints: readonly Constraint[]
  readonly counts: readonly ReadonlyMap<string, number>[]
  readonly weights: readonly number[]
  /** Nodes that lack a topology key are not scored. */
  readonly ignored: ReadonlySet<string>
}

/** Spreads Pods over zones, hosts and what else nodes are grouped by. Models plugins/podtopologyspread/. */
export const podTopologySpread = definePlugin<Notes, ScoreNotes>({
  name: 'PodTopologySpread',
  weight: 2,
  reads: [Service, ReplicationController, ReplicaSet, StatefulSet],
  requeueOn: [
    'AssignedPod/Add',
    'AssignedPod/Delete',
    'AssignedPod/UpdateLabel',
    'Node/Add',
    'Node/Delete',
    'Node/UpdateLabel',
    'Node/UpdateTaint',
    'Pod/UpdateLabel',
    'Pod/UpdateToleration',
  ],

  mayHelp,

  preFilter({ pod }, cycle) {
    const constraints = ownConstraints(pod, 'DoNotSchedule')
    if (constraints.length === 0) return skip
    const counts = constraints.map(() => new Map<string, number>())
    for (const node of cycle.nodes) {
      if (!hasAllKeys(constraints, node.node)) continue
      constraints.forEach((constraint, i) => {
        const domain = node.node.metadata.labels?.[constraint.topologyKey]
        if (domain === undefined || !includes(constraint, pod, node.node)) return
        counts[i]?.set(domain, (counts[i].get(domain) ?? 0) + countPods(node, constraint.counted))
      })
    }
    return { notes: { constraints, counts, least: leastOf(constraints, counts) } }
  },

  withPod: (notes, { pod }, other, node) => changed(notes, pod, other, node, 1),
  withoutPod: (notes, { pod }, other, node) => changed(notes, pod, other, node, -1),

  filter(_pod, { node }, { constraints, counts, least }) {
    for (let i = 0; i < constraints.length; i++) {
      const constraint = constraints[i]
      if (!constraint) continue
      const { topologyKey, maxSkew, countsItself } = constraint
      const domain = node.metadata.labels?.[topologyKey]
      if (domain === undefined) {
        const reason = "node(s) didn't match pod topology spread constraints (missing required label)"
        return unresolvable(reason, { topologyKey })
      }
      const pods = counts[i]?.get(domain) ?? 0
      const minimum = least[i] ?? 0
      if (pods + (countsItself ? 1 : 0) - minimum > maxSkew) {
        const evidence = { topologyKey, domain, pods, minimum, maxSkew }
        return unschedulable("node(s) didn't match pod topology spread constraints", evidence)
      }
    }
    return fits
  },

  preScore,

  score({ pod: _ }, node, { constraints, counts, weights, ignored }) {
    if (ignored.has(node.name)) return 0
    let sum = 0
    for (let i = 0; i < constraints.length; i++) {
      const constraint = constraints[i]
      const domain = constraint && node.node.metadata.labels?.[constraint.topologyKey]
      if (!constraint || domain === undefined) continue
      const isHost = constraint.topologyKey === hostname
      const pods = isHost ? countPods(node, constraint.counted) : (counts[i]?.get(domain) ?? 0)
      sum += pods * (weights[i] ?? 0) + constraint.maxSkew - 1
    }
    return Math.round(sum)
  },

  normalize(scores, nodes, { ignored }) {
    let least = Infinity
    let most = 0
    nodes.forEach(({ name }, i) => {
      if (ignored.has(name)) return
      least = Math.min(least, scores[i] ?? 0)
      most = Math.max(most, scores[i] ?? 0)
    })
    nodes.forEach(({ name }, i) => {
      if (ignored.has(name)) scores[i] = 0
      else scores[i] = most === 0 ? maxScore : Math.trunc((maxScore * (most + least - (scores[i] ?? 0))) / most)
    })
  },
})

/** Counts the Pods of every domain that has a node in question. Hosts are counted one by one when they are scored. */
function preScore(
  { pod }: PodInfo,
  nodes: readonly NodeInfo[],
  cycle: Cycle,
): { readonly skip: true } | { notes: ScoreNotes } {
  const hasOwn = (pod.spec.topologySpreadConstraints?.length ?? 0) > 0
  const constraints = hasOwn ? ownConstraints(pod, 'ScheduleAnyway') : defaultConstraints(pod, cycle.objects)
  if (constraints.length === 0) return skip
  const ignored = new Set<string>()
  // With the defaults a node without a zone is still scored by its host.
  if (hasOwn) for (const { node, name } of nodes) if (!hasAllKeys(constraints, node)) ignored.add(name)
  const counts = constraints.map(({ topologyKey }) => {
    const domains = new Map<string, number>()
    if (topologyKey === hostname) return domains
    for (const { node, name } of nodes)
      if (!ignored.has(name)) domains.set(labelOf(node.metadata.labels, topologyKey), 0)
    return domains
  })
  constraints.forEach((constraint, i) => {
    const domains = counts[i]
    if (!domains || constraint.topologyKey === hostname) return
    // Nodes without the label are one domain of no name, which is never read.
    if (domains.size === 1 && domains.has('')) return
    for (const node of cycle.nodes) {
      const domain = labelOf(node.node.metadata.labels, constraint.topologyKey)
      const before = domains.get(domain)
      if (before === undefined || (hasOwn && !hasAllKeys(constraints, node.node))) continue
      if (includes(constraint, pod, node.node)) domains.set(domain, before + countPods(node, constraint.counted))
    }
  })
  const weights = constraints.map(({ topologyKey }, i) =>
    Math.log((topologyKey === hostname ? nodes.length - ignored.size : (counts[i]?.size ?? 0)) + 2),
  )
  return { notes: { constraints, counts, weights, ignored } }
}

function labelOf(labels: Readonly<Record<string, string>> | undefined, key: string): string {
  return labels?.[key] ?? ''
}

function leastOf(constraints: readonly Constraint[], counts: readonly ReadonlyMap<string, number>[]): number[] {
  return constraints.map(({ minDomains }, i) => {
    const domains = counts[i]
    if (!domains || domains.size < minDomains) return 0
    let least = Infinity
    for (const count of domains.values()) if (count < least) least = count
    return least
  })
}

function changed(notes: Notes, pod: Pod, { pod: other }: PodInfo, { node }: NodeInfo, by: 1 | -1): Notes {
  const { constraints } = notes
  if (other.metadata.namespace !== pod.metadata.namespace || !hasAllKeys(constraints, node)) return notes
  const counts = constraints.map((constraint, i) => {
    const domains = notes.counts[i] ?? new Map<string, number>()
    const { selector } = constraint.counted
    if (constraint.counted.namespace !== other.metadata.namespace) return domains
    if (!matchesSelector(selector, other.metadata.labels) || !includes(constraint, pod, node)) return domains
    const domain = labelOf(node.metadata.labels, constraint.topologyKey)
    return new Map(domains).set(domain, (domains.get(domain) ?? 0) + by)
  })
  return { constraints, counts, least: leastOf(constraints, counts) }
}

/** A Pod elsewhere matters if it is counted; a node if it has the keys. */
function mayHelp({ pod }: PodInfo, { event, old, next }: Change): boolean {
  if (!event.startsWith('AssignedPod/')) return true
  const constraints = ownConstraints(pod, 'DoNotSchedule')
  return [old, next].some(object => {
    if (object?.metadata.namespace !== pod.metadata.namespace || !object) return false
    const { labels } = typed(Pod, object).metadata
    return constraints.some(({ counted }) => matchesSelector(counted.selector, labels))
  })
}
