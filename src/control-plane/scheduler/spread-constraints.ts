import { ReplicaSet } from '../../api/apps/replicaset.ts'
import { StatefulSet } from '../../api/apps/statefulset.ts'
import { ReplicationController } from '../../api/core/replicationcontroller.ts'
import { Service } from '../../api/core/service.ts'
import type { Node } from '../../api/core/node.ts'
import type { Pod } from '../../api/core/pod.ts'
import { findUntoleratedTaint } from '../../api/core/toleration.ts'
import type { TopologySpreadConstraint } from '../../api/generated/core.v1.ts'
import type { Cache } from '../../client/controller.ts'
import {
  type LabelSelector,
  matchesSelector,
  matchesSet,
  type Selector,
  selectorOf,
  selectorOfSet,
} from '../../machinery/labels.ts'
import { controllerOf } from '../../machinery/object.ts'
import { isWanted } from './node-selection.ts'
import { type Counted, counted } from './pod-counts.ts'

/** A topologySpreadConstraint with its selector read. */
export interface Constraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  readonly counted: Counted
  /** Whether the Pod itself is one of those that are counted. */
  readonly countsItself: boolean
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
}

export type Unsatisfiable = TopologySpreadConstraint['whenUnsatisfiable']

/** What a Pod is spread by that says nothing itself, if it belongs to something (systemDefaultConstraints). */
const defaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: 'kubernetes.io/hostname', maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
]

/** The Pod's own constraints of a sort. */
export function ownConstraints({ metadata, spec }: Pod, sort: Unsatisfiable): Constraint[] {
  const constraints = spec.topologySpreadConstraints ?? []
  return constraints
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === sort)
    .map(constraint => constraintOf(constraint, metadata, selectorFor(constraint, metadata.labels)))
}

/** The default constraints, with the selector of the Services and controllers that the Pod belongs to. */
export function defaultConstraints(pod: Pod, objects: Cache): Constraint[] {
  const selector = defaultSelector(pod, objects)
  return selector.length === 0 ? [] : defaults.map(constraint => constraintOf(constraint, pod.metadata, selector))
}

function constraintOf(
  { topologyKey, maxSkew, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
  { namespace = '', labels }: Pod['metadata'],
  selector: Selector | undefined,
): Constraint {
  return {
    topologyKey,
    maxSkew,
    minDomains,
    counted: selector ? counted(namespace, selector) : nothing,
    countsItself: selector !== undefined && matchesSelector(selector, labels),
    honorsAffinity: nodeAffinityPolicy !== 'Ignore',
    honorsTaints: nodeTaintsPolicy === 'Honor',
  }
}

/** What a constraint without a selector counts. */
const nothing: Counted = { namespace: '\0', selector: [], key: '\0' }

function selectorFor(
  { labelSelector, matchLabelKeys }: TopologySpreadConstraint,
  labels: Readonly<Record<string, string>> | undefined,
): Selector | undefined {
  if (!labelSelector) return undefined
  const own: Record<string, string> = {}
  for (const key of matchLabelKeys ?? []) {
    const value = labels?.[key]
    if (value !== undefined) own[key] = value
  }
  return [...selectorOfSet(own), ...read(labelSelector)]
}

/** helper.DefaultSelector of plugins/helper/spread.go. */
function defaultSelector(pod: Pod, objects: Cache): Selector {
  const { namespace = '', labels } = pod.metadata
  const merged: Record<string, string> = {}
  for (const { spec } of objects.list(Service, namespace)) {
    if (spec.selector && matchesSet(spec.selector, labels)) Object.assign(merged, spec.selector)
  }
  const owner = controllerOf(pod)
  if (owner?.kind === ReplicationController.kind && owner.apiVersion === ReplicationController.apiVersion) {
    Object.assign(merged, objects.get(ReplicationController, owner.name, namespace)?.spec.selector)
  }
  const selector = selectorOfSet(merged)
  for (const kind of [ReplicaSet, StatefulSet]) {
    if (owner?.kind !== kind.kind || owner.apiVersion !== kind.apiVersion) continue
    const ofOwner = objects.get<ReplicaSet | StatefulSet>(kind, owner.name, namespace)?.spec.selector
    if (ofOwner) return [...selector, ...read(ofOwner)]
  }
  return selector
}

function read(selector: LabelSelector): Selector {
  return selectorOf(selector).value ?? []
}

/** Whether a constraint looks at every node, whatever it is like. */
export function includesAll({ honorsAffinity, honorsTaints }: Constraint, { spec }: Pod): boolean {
  const { affinity, nodeSelector } = spec
  return !honorsTaints && !(honorsAffinity && (affinity?.nodeAffinity ?? nodeSelector))
}

/** Whether a constraint looks at this node at all. */
export function includes({ honorsAffinity, honorsTaints }: Constraint, pod: Pod, node: Node): boolean {
  if (honorsAffinity && !isWanted(pod, node)) return false
  if (!honorsTaints) return true
  return !findUntoleratedTaint(node.spec.taints, pod.spec.tolerations, ({ effect }) => effect !== 'PreferNoSchedule')
}

export function hasAllKeys(constraints: readonly Constraint[], { metadata: { labels } }: Node): boolean {
  return constraints.every(({ topologyKey }) => labels?.[topologyKey] !== undefined)
}
