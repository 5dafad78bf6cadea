import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { StatefulSet } from '../../../api/apps/statefulset.ts'
import { Pod } from '../../../api/core/pod.ts'
import { ReplicationController } from '../../../api/core/replicationcontroller.ts'
import { Service } from '../../../api/core/service.ts'
import { typed } from '../../../machinery/kind.ts'
import { matchesSelector } from '../../../machinery/labels.ts'
import {
  type Candidates,
  type Change,
  type Cycle,
  definePlugin,
  fits,
  maxScore,
  skip,
  unresolvable,
  unschedulable,
} from '../framework.ts'
import { labelsOf } from '../memory.ts'
import type { NodeInfo } from '../node-info.ts'
import { counterOf, countsByLabel } from '../pod-counts.ts'
import type { PodInfo } from '../pod-info.ts'
import {
  type Constraint,
  defaultConstraints,
  hasAllKeys,
  includes,
  includesAll,
  ownConstraints,
} from '../spread-constraints.ts'

const hostname = 'kubernetes.io/hostname'

/** For each constraint, how many Pods are in each of its domains. */
interface Notes {
  readonly constraints: readonly Constraint[]
  readonly counts: readonly ReadonlyMap<string, number>[]
  /** The emptiest domain's number of Pods, for each constraint. */
  readonly least: readonly number[]
}

/** A constraint as it scores: for each candidate the Pods on it, or in its domain; NaN where it has no domain. */
interface Spread {
  readonly maxSkew: number
  readonly weight: number
  readonly pods: Float64Array
}

interface ScoreNotes {
  readonly spreads: readonly Spread[]
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
    const counts = constraints.map(constraint => {
      const domains = new Map<string, number>()
      const count = counterOf(cycle, constraint.counted)
      cycle.nodes.forEach((node, place) => {
        const domain = node.node.metadata.labels?.[constraint.topologyKey]
        if (domain === undefined || !hasAllKeys(constraints, node.node)) return
        if (includes(constraint, pod, node.node)) domains.set(domain, (domains.get(domain) ?? 0) + count(place, node))
      })
      return domains
    })
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

  score(_pod, { name }, { spreads, ignored }, index) {
    if (ignored.size > 0 && ignored.has(name)) return 0
    let sum = 0
    for (const { maxSkew, weight, pods } of spreads) {
      const count = pods[index] ?? Number.NaN
      if (!Number.isNaN(count)) sum += count * weight + maxSkew - 1
    }
    return Math.round(sum)
  },

  normalize(scores, nodes, { ignored }) {
    const isIgnored = (i: number): boolean => ignored.size > 0 && ignored.has(nodes[i]?.name ?? '')
    let least = Infinity
    let most = 0
    for (let i = 0; i < scores.length; i++) {
      if (isIgnored(i)) continue
      least = Math.min(least, scores[i] ?? 0)
      most = Math.max(most, scores[i] ?? 0)
    }
    for (let i = 0; i < scores.length; i++) {
      if (isIgnored(i)) scores[i] = 0
      else scores[i] = most === 0 ? maxScore : Math.trunc((maxScore * (most + least - (scores[i] ?? 0))) / most)
    }
  },
})

/** Counts the Pods on the candidates, and in every domain that has one. */
function preScore(
  { pod }: PodInfo,
  candidates: Candidates,
  cycle: Cycle,
): { readonly skip: true } | { notes: ScoreNotes } {
  const hasOwn = (pod.spec.topologySpreadConstraints?.length ?? 0) > 0
  const constraints = hasOwn ? ownConstraints(pod, 'ScheduleAnyway') : defaultConstraints(pod, cycle.objects)
  if (constraints.length === 0) return skip
  const ignored = new Set<string>()
  // With the defaults a node without a zone is still scored by its host.
  if (hasOwn) for (const { node, name } of candidates.nodes) if (!hasAllKeys(constraints, node)) ignored.add(name)
  const spreads: Spread[] = []
  for (const constraint of constraints) {
    const spread =
      constraint.topologyKey === hostname
        ? overHosts(constraint, candidates, ignored.size, cycle)
        : overDomains(constraint, hasOwn ? constraints : [], pod, candidates, ignored, cycle)
    if (spread) spreads.push(spread)
  }
  return { notes: { spreads, ignored } }
}

function overHosts(
  { topologyKey, maxSkew, counted }: Constraint,
  { nodes, places }: Candidates,
  ignored: number,
  cycle: Cycle,
): Spread {
  const domains = labelsOf(cycle.memory, cycle.nodes, topologyKey)
  const pods = new Float64Array(nodes.length)
  const count = counterOf(cycle, counted)
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]
    const place = places[i] ?? 0
    pods[i] = !node || domains[place] === undefined ? Number.NaN : count(place, node)
  }
  return { maxSkew, weight: Math.log(nodes.length - ignored + 2), pods }
}

/** Nothing where no candidate has the label. Only nodes that have all of `keys` are counted. */
function overDomains(
  constraint: Constraint,
  keys: readonly Constraint[],
  pod: Pod,
  { nodes, places }: Candidates,
  ignored: ReadonlySet<string>,
  cycle: Cycle,
): Spread | undefined {
  const domains = labelsOf(cycle.memory, cycle.nodes, constraint.topologyKey)
  const sums = new Map<string, number>()
  // Nodes without the label are a domain of no name.
  for (let i = 0; i < places.length; i++) {
    const domain = domains[places[i] ?? 0] ?? ''
    if (!sums.has(domain) && !(ignored.size > 0 && ignored.has(nodes[i]?.name ?? ''))) sums.set(domain, 0)
  }
  if (sums.size === 1 && sums.has('')) return undefined
  const counts =
    keys.length <= 1 && includesAll(constraint, pod)
      ? countsByLabel(cycle, constraint.counted, constraint.topologyKey)
      : countsIn(new Map(sums), constraint, keys, pod, cycle)
  const pods = new Float64Array(places.length)
  for (let i = 0; i < pods.length; i++) {
    const domain = domains[places[i] ?? 0]
    pods[i] = domain === undefined ? Number.NaN : (counts.get(domain) ?? 0)
  }
  return { maxSkew: constraint.maxSkew, weight: Math.log(sums.size + 2), pods }
}

/** Adds up the Pods of the domains that are there already, on nodes that the constraint looks at. */
function countsIn(
  counts: Map<string, number>,
  constraint: Constraint,
  keys: readonly Constraint[],
  pod: Pod,
  cycle: Cycle,
): ReadonlyMap<string, number> {
  const count = counterOf(cycle, constraint.counted)
  cycle.nodes.forEach((info, place) => {
    const domain = labelOf(info.node.metadata.labels, constraint.topologyKey)
    const before = counts.get(domain)
    if (before === undefined || !hasAllKeys(keys, info.node) || !includes(constraint, pod, info.node)) return
    counts.set(domain, before + count(place, info))
  })
  return counts
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
