import { type FieldError, forbidden, invalid, notSupported } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { immutableError } from '../../machinery/validation.ts'
import type { PriorityClass as Model } from '../generated/scheduling.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type PriorityClass = Model

/** HighestUserDefinablePriority of pkg/apis/scheduling: what is above belongs to the system. */
export const highestUserPriority = 1_000_000_000

/** Classes that every cluster has. */
export const systemPriorities: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}

/** Strategy: pkg/registry/scheduling/priorityclass/strategy.go. */
export const PriorityClass = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  countsGenerations: true,

  defaults(draft) {
    draft.preemptionPolicy ??= 'PreemptLowerPriority'
  },

  validate({ metadata: { name }, value = 0, preemptionPolicy }) {
    const errors: FieldError[] = []
    if (name.startsWith('system-')) checkSystemClass(errors, name, value)
    else if (value > highestUserPriority) {
      const detail = `maximum allowed value of a user defined priority is ${highestUserPriority}`
      errors.push(forbidden('value', detail))
    }
    const policies = ['PreemptLowerPriority', 'Never']
    if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy)) {
      errors.push(notSupported('preemptionPolicy', preemptionPolicy, policies))
    }
    return errors
  },

  validateUpdate({ value, preemptionPolicy }, old) {
    const errors: FieldError[] = []
    // Pods carry the number they were admitted with.
    if (value !== old.value) errors.push(forbidden('value', 'may not be changed in an update.'))
    if (preemptionPolicy !== old.preemptionPolicy) {
      errors.push(invalid('preemptionPolicy', preemptionPolicy ?? null, immutableError))
    }
    return errors
  },

  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', cell: ({ value }) => value ?? 0 },
    { name: 'Global-Default', type: 'boolean', cell: ({ globalDefault }) => globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', cell: ({ preemptionPolicy }) => preemptionPolicy ?? '' },
  ],
})

function checkSystemClass(errors: FieldError[], name: string, value: number): void {
  const known = systemPriorities[name]
  if (known === value) return
  const why =
    known === undefined
      ? `${name} is not a known system priority class`
      : `value of ${name} PriorityClass must be ${known}`
  const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`
  errors.push(forbidden('metadata.name', detail))
}
