import type { Node } from '../../api/core/node.ts'
import type { Pod } from '../../api/core/pod.ts'
import type { NodeSelectorRequirement, NodeSelectorTerm } from '../../api/generated/core.v1.ts'
import { matchesSelector, matchesSet, type Operator, type Selector } from '../../machinery/labels.ts'

/** Whether a node is one that the Pod demands: component-helpers/scheduling/corev1/nodeaffinity. */
export function isWanted({ spec }: Pod, node: Node): boolean {
  if (spec.nodeSelector && !matchesSet(spec.nodeSelector, node.metadata.labels)) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || required.nodeSelectorTerms.some(term => matchesTerm(term, node))
}

/** Whether a node meets all that a term asks; one that asks nothing matches nothing. */
export function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { labels, fields } = parsed(term)
  if (labels.length === 0 && fields.length === 0) return false
  return matchesSelector(labels, node.metadata.labels) && matchesFields(fields, node)
}

interface ParsedTerm {
  readonly labels: Selector
  readonly fields: Selector
}

const terms = new WeakMap<NodeSelectorTerm, ParsedTerm>()

function parsed(term: NodeSelectorTerm): ParsedTerm {
  let result = terms.get(term)
  if (!result) {
    const { matchExpressions = [], matchFields = [] } = term
    terms.set(term, (result = { labels: matchExpressions.map(requirement), fields: matchFields.map(requirement) }))
  }
  return result
}

function matchesFields(fields: Selector, { metadata }: Node): boolean {
  return fields.length === 0 || matchesSelector(fields, { 'metadata.name': metadata.name })
}

const operators: Record<NodeSelectorRequirement['operator'], Operator> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
}

function requirement({ key, operator, values = [] }: NodeSelectorRequirement): Selector[number] {
  return { key, operator: operators[operator], values }
}
