import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import type { PodDisruptionBudget as Model, PodDisruptionBudgetSpec } from '../generated/policy.v1.ts'
import { checkAtMost100Percent, checkIntOrPercent } from '../apps/rollingupdate.ts'
import { printInternal } from '../core/internalform.ts'
import { checkNonNegative, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkLabelSelector } from '../meta/labelselector.ts'

export type PodDisruptionBudget = Model

/** Strategy: pkg/registry/policy/poddisruptionbudget/strategy.go. */
export const PodDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: ['status'],

  prepareForCreate(draft) {
    draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: ({ spec }) => checkSpec(spec),

  validateStatusUpdate({ status }) {
    const errors: FieldError[] = []
    for (const name of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const) {
      checkNonNegative(errors, `status.${name}`, status[name])
    }
    return errors
  },

  columns: [
    nameColumn,
    { name: 'Min Available', cell: ({ spec }) => String(spec.minAvailable ?? 'N/A') },
    { name: 'Max Unavailable', cell: ({ spec }) => String(spec.maxUnavailable ?? 'N/A') },
    { name: 'Allowed Disruptions', type: 'integer', cell: ({ status }) => status.disruptionsAllowed ?? 0 },
    ageColumn,
  ],
})

/** ValidatePodDisruptionBudgetSpec of pkg/apis/policy/validation. */
function checkSpec(spec: PodDisruptionBudgetSpec): FieldError[] {
  const errors: FieldError[] = []
  const { minAvailable, maxUnavailable } = spec
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const detail = 'minAvailable and maxUnavailable cannot be both set'
    errors.push(invalid('spec', printInternal('PodDisruptionBudgetSpec', spec), detail))
  }
  if (minAvailable !== undefined) {
    checkIntOrPercent(errors, 'spec.minAvailable', minAvailable)
    checkAtMost100Percent(errors, 'spec.minAvailable', minAvailable)
  }
  if (maxUnavailable !== undefined) {
    checkIntOrPercent(errors, 'spec.maxUnavailable', maxUnavailable)
    checkAtMost100Percent(errors, 'spec.maxUnavailable', maxUnavailable)
  }
  checkLabelSelector(errors, 'spec.selector', spec.selector)
  const policies = ['AlwaysAllow', 'IfHealthyBudget']
  checkSupported(errors, 'spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, policies)
  return errors
}
