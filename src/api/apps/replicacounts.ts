import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { checkNonNegative } from '../meta/checks.ts'

interface Counts {
  replicas?: number
  currentReplicas?: number
  updatedReplicas?: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  terminatingReplicas?: number
  observedGeneration?: number
  collisionCount?: number
}

type Count = keyof Counts

/** Counts of a workload's status: none is negative, and none of those that are parts is more than the whole. */
export function checkReplicaCounts(
  status: Counts,
  parts: readonly Count[],
  others: readonly Count[] = [],
): FieldError[] {
  const errors: FieldError[] = []
  checkNonNegative(errors, 'status.replicas', status.replicas)
  for (const name of [...parts, ...others]) checkNonNegative(errors, `status.${name}`, status[name])
  checkNonNegative(errors, 'status.observedGeneration', status.observedGeneration)
  for (const name of parts) checkPart(errors, name, status[name] ?? 0, status.replicas ?? 0)
  const { availableReplicas = 0, readyReplicas = 0 } = status
  if (availableReplicas > readyReplicas) {
    errors.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas'))
  }
  return errors
}

function checkPart(errors: FieldError[], name: Count, count: number, total: number): void {
  if (count > total) errors.push(invalid(`status.${name}`, count, 'cannot be greater than status.replicas'))
}
