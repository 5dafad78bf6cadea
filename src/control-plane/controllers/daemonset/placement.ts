import type { DaemonSet } from '../../../api/apps/daemonset.ts'
import type { Node } from '../../../api/core/node.ts'
import type { Pod, PodSpec } from '../../../api/core/pod.ts'
import { findUntoleratedTaint, type Taint, type Toleration } from '../../../api/core/toleration.ts'
import type { Affinity, NodeSelector, NodeSelectorRequirement } from '../../../api/generated/core.v1.ts'
import { matchesSelector, matchesSet, type Operator } from '../../../machinery/labels.ts'

/** Which nodes a DaemonSet is for. Models NodeShouldRunDaemonPod and pkg/controller/daemon/util/daemonset_util.go. */

export interface Placement {
  readonly shouldRun: boolean
  readonly mayStay: boolean
}

const nowhere: Placement = { shouldRun: false, mayStay: false }

const placements = new WeakMap<PodSpec, WeakMap<Node, Placement>>()

/** Remembered by template and node, which are frozen: a sync asks about all nodes, and few have changed. */
export function placementOn(node: Node, { spec }: DaemonSet): Placement {
  const pod = spec.template.spec
  let known = placements.get(pod)
  if (!known) placements.set(pod, (known = new WeakMap()))
  let placement = known.get(node)
  if (!placement) known.set(node, (placement = judge(node, pod)))
  return placement
}

function judge(node: Node, pod: PodSpec): Placement {
  if (pod.nodeName && pod.nodeName !== node.metadata.name) return nowhere
  if (!fitsNode(pod, node)) return nowhere
  const tolerations = daemonTolerations(pod)
  const repels = (effects: readonly Taint['effect'][]): boolean =>
    findUntoleratedTaint(node.spec.taints, tolerations, ({ effect }) => effects.includes(effect)) !== undefined
  if (!repels(['NoExecute', 'NoSchedule'])) return { shouldRun: true, mayStay: true }
  return { shouldRun: false, mayStay: !repels(['NoExecute']) }
}

/** Node selector and required node affinity. */
function fitsNode({ affinity, nodeSelector }: PodSpec, node: Node): boolean {
  if (nodeSelector && !matchesSet(nodeSelector, node.metadata.labels)) return false
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || matchesNodeSelector(required, node)
}

/** One of the terms must hold, all of the term; a term that asks for nothing holds nowhere. */
function matchesNodeSelector({ nodeSelectorTerms }: NodeSelector, { metadata }: Node): boolean {
  return nodeSelectorTerms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false
    if (!matchExpressions.every(expression => meets(expression, metadata.labels))) return false
    return matchFields.every(field => meets(field, { 'metadata.name': metadata.name }))
  })
}

const operators: Readonly<Record<NodeSelectorRequirement['operator'], Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
}

function meets(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Record<string, string> | undefined,
): boolean {
  return matchesSelector([{ key, operator: operators[operator], values }], labels)
}

const everywhere: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const withoutNetwork: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

/** The template's tolerations and those of all daemons, which a node in trouble needs more than others. */
export function daemonTolerations({ hostNetwork, tolerations = [] }: PodSpec): Toleration[] {
  const added = hostNetwork ? [...everywhere, withoutNetwork] : everywhere
  const result = [...tolerations]
  for (const toleration of added) {
    const position = result.findIndex(
      ({ key, effect, operator }) =>
        key === toleration.key && effect === toleration.effect && operator === toleration.operator,
    )
    if (position < 0) result.push(toleration)
    else result[position] = toleration
  }
  return result
}

/** Binds a Pod to a node by way of the scheduler: the required node affinity names the node and nothing else. */
export function affinityFor(nodeName: string, affinity: Affinity | undefined): Affinity {
  const field: NodeSelectorRequirement = { key: 'metadata.name', operator: 'In', values: [nodeName] }
  const required = { nodeSelectorTerms: [{ matchFields: [field] }] }
  const nodeAffinity = { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required }
  return { ...affinity, nodeAffinity }
}

/** The node that a Pod is on or is meant for: GetTargetNodeName. */
export function targetNode({ spec }: Pod): string {
  if (spec.nodeName) return spec.nodeName
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  for (const { matchFields } of terms) {
    const field = matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')
    if (field?.values?.length === 1 && field.values[0] !== undefined) return field.values[0]
  }
  return ''
}
