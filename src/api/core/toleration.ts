import type { Taint, Toleration } from '../generated/core.v1.ts'

export type { Taint, Toleration }

/** Whether a toleration tolerates a taint: v1.Toleration.ToleratesTaint of k8s.io/api/core/v1/toleration.go. */
export function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  switch (operator ?? 'Equal') {
    case 'Exists':
      return true
    case 'Equal':
      return (value ?? '') === (taint.value ?? '')
    // The numeric operators belong to TaintTolerationComparisonOperators, a gate that is off in v1.36.
    default:
      return false
  }
}

export function toleratesTaint(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return tolerations?.some(toleration => tolerates(toleration, taint)) ?? false
}

/** The first taint among those that count which no toleration tolerates. */
export function findUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  counts: (taint: Taint) => boolean,
): Taint | undefined {
  return taints?.find(taint => counts(taint) && !toleratesTaint(tolerations, taint))
}

/** Whether two taints are the same taint: key and effect, whatever the value (Taint.MatchTaint). */
export function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect
}
