import { own } from '../../../machinery/json-value.ts'
import type { Affinity, Pod, PodAffinityTerm } from '../../generated/core.v1.ts'
import type { LabelSelector, LabelSelectorRequirement } from '../../generated/meta.v1.ts'

/**
 * Turns matchLabelKeys into what they mean for this Pod: requirements on the values of its own labels. Done once, when
 * the Pod is created (applyMatchLabelKeysAndMismatchLabelKeys of pkg/registry/core/pod/strategy.go).
 */
export function applyMatchLabelKeys({ metadata: { labels = {} }, spec }: Pod): void {
  for (const constraint of spec.topologySpreadConstraints ?? []) {
    if (constraint.labelSelector) addKeys(constraint.labelSelector, labels, constraint.matchLabelKeys, 'In')
  }
  if (spec.affinity) for (const term of termsOf(spec.affinity)) applyToTerm(term, labels)
}

function applyToTerm(
  { labelSelector, matchLabelKeys, mismatchLabelKeys }: PodAffinityTerm,
  labels: Record<string, string>,
): void {
  if (!labelSelector) return
  addKeys(labelSelector, labels, matchLabelKeys, 'In')
  addKeys(labelSelector, labels, mismatchLabelKeys, 'NotIn')
}

function termsOf({ podAffinity, podAntiAffinity }: Affinity): PodAffinityTerm[] {
  return [podAffinity, podAntiAffinity].flatMap(affinity => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ])
}

function addKeys(
  selector: LabelSelector,
  labels: Record<string, string>,
  keys: readonly string[] | undefined,
  operator: 'In' | 'NotIn',
): void {
  const added = (keys ?? []).flatMap((key): LabelSelectorRequirement[] => {
    const value = own(labels, key)
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
  if (added.length > 0) selector.matchExpressions = [...(selector.matchExpressions ?? []), ...added]
}
