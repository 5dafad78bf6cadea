import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
} from '../../../api/generated/apiextensions.v1.ts'
import { approvalOf, isProtectedGroup } from '../../../api/apiextensions/approval.ts'
import { aggregate, invalid } from '../../../machinery/fieldpath.ts'
import { isEqual } from '../../../machinery/object.ts'
import { validateStructural } from '../../../machinery/structural/structural-rules.ts'
import { timestamp } from '../../../machinery/time.ts'
import { conditionOf, isTrue } from './definitions.ts'

type Condition = NonNullable<CustomResourceDefinition['status']['conditions']>[number]
type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

const message = 'the initial names have been accepted'

/**
 * The next step towards the status that a definition should have, or undefined when it has it: the naming, establishing,
 * non-structural and approval controllers of apiextensions-apiserver/pkg/controller, one step at a time.
 */
export function nextStatus(
  definition: CustomResourceDefinition,
  all: readonly CustomResourceDefinition[],
  now: number,
): CustomResourceDefinition['status'] | undefined {
  return (
    named(definition, all, now) ??
    established(definition, now) ??
    withCondition(definition, structuralCondition(definition), 'NonStructuralSchema', now) ??
    withCondition(definition, approvalCondition(definition), 'KubernetesAPIApprovalPolicyConformant', now)
  )
}

/** The condition among the others: apihelpers.SetCRDCondition. */
export function setCondition(
  { status }: CustomResourceDefinition,
  said: Said,
  now: number,
): CustomResourceDefinition['status'] {
  const conditions = status.conditions ?? []
  const old = conditions.find(({ type }) => type === said.type)
  const lastTransitionTime = old && old.status === said.status ? old.lastTransitionTime : timestamp(now)
  const next: Condition = { ...said, ...(lastTransitionTime !== undefined && { lastTransitionTime }) }
  const others = conditions.map(condition => (condition.type === said.type ? next : condition))
  return { ...status, conditions: old ? others : [...conditions, next] }
}

function named(
  definition: CustomResourceDefinition,
  all: readonly CustomResourceDefinition[],
  now: number,
): CustomResourceDefinition['status'] | undefined {
  const { spec, status } = definition
  if (isEqual(spec.names, status.acceptedNames)) return undefined
  const { names, accepted } = acceptedNames(definition, all)
  const old = conditionOf(definition, 'NamesAccepted')
  const isSaid = old?.status === accepted.status && old.reason === accepted.reason && old.message === accepted.message
  if (isEqual(names, status.acceptedNames) && isSaid) return undefined
  const next = {
    ...definition,
    status: setCondition({ ...definition, status: { ...status, acceptedNames: names } }, accepted, now),
  }
  if (isTrue(definition, 'Established')) return next.status
  const said: Said =
    accepted.status === 'True'
      ? { type: 'Established', status: 'False', reason: 'Installing', message }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
  const known = conditionOf(definition, 'Established')
  return known && accepted.status !== 'True' ? next.status : setCondition(next, said, now)
}

/** Names that nobody else of the group has; those that are taken stay what they were: naming_controller.go. */
function acceptedNames(
  { metadata, spec, status }: CustomResourceDefinition,
  all: readonly CustomResourceDefinition[],
): { names: CustomResourceDefinitionNames; accepted: Said } {
  const others = all.filter(other => other.spec.group === spec.group && other.metadata.name !== metadata.name)
  const taken = others.map(other => other.status.acceptedNames)
  const resources = new Set(
    taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, ...(singular ? [singular] : []), ...shortNames]),
  )
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, ...(listKind ? [listKind] : [])]))
  const before = status.acceptedNames
  const names: CustomResourceDefinitionNames = { ...before }
  let accepted: Said = { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
  const refuse = (reason: string, why: string): void => {
    accepted = { type: 'NamesAccepted', status: 'False', reason, message: why }
  }
  const conflict = (name: string, used: ReadonlySet<string>): string =>
    used.has(name) ? `"${name}" is already in use` : ''
  const take = (field: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>): void => {
    const wanted = spec.names[field] ?? ''
    const why = wanted === (before[field] ?? '') ? '' : conflict(wanted, used)
    if (why !== '') refuse(`${field.charAt(0).toUpperCase()}${field.slice(1)}Conflict`, why)
    else names[field] = wanted
  }
  take('plural', resources)
  take('singular', resources)
  const fresh = (spec.names.shortNames ?? []).filter(name => !before.shortNames?.includes(name))
  const clashes = fresh.map(name => conflict(name, resources)).filter(why => why !== '')
  if (clashes.length > 0)
    refuse('ShortNamesConflict', clashes.length === 1 ? clashes.join('') : `[${clashes.join(', ')}]`)
  else if (spec.names.shortNames) names.shortNames = spec.names.shortNames
  else delete names.shortNames
  take('kind', kinds)
  take('listKind', kinds)
  if (spec.names.categories) names.categories = spec.names.categories
  else delete names.categories
  return { names, accepted }
}

function established(
  definition: CustomResourceDefinition,
  now: number,
): CustomResourceDefinition['status'] | undefined {
  if (!isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established')) return undefined
  return setCondition(definition, { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message }, now)
}

function structuralCondition({ spec }: CustomResourceDefinition): Said | undefined {
  const errors = spec.preserveUnknownFields ? [invalid('spec.preserveUnknownFields', true, 'must be false')] : []
  spec.versions.forEach(({ schema }, i) => {
    const root = schema?.openAPIV3Schema
    if (root) errors.push(...validateStructural(`spec.versions[${i}].schema.openAPIV3Schema`, root))
  })
  if (errors.length === 0) return undefined
  return { type: 'NonStructuralSchema', status: 'True', reason: 'Violations', message: aggregate(errors) }
}

const approvals = {
  missing: ['False', 'MissingAnnotation'],
  invalid: ['False', 'InvalidAnnotation'],
  approved: ['True', 'ApprovedAnnotation'],
  bypassed: ['False', 'UnapprovedAnnotation'],
} as const

function approvalCondition({ metadata, spec }: CustomResourceDefinition): Said | undefined {
  if (!isProtectedGroup(spec.group)) return undefined
  const { state, reason: why } = approvalOf(metadata.annotations)
  const [status, reason] = approvals[state]
  return { type: 'KubernetesAPIApprovalPolicyConformant', status, reason, message: why }
}

/** The status with the condition as it should be, unless it is so already. */
function withCondition(
  definition: CustomResourceDefinition,
  said: Said | undefined,
  type: string,
  now: number,
): CustomResourceDefinition['status'] | undefined {
  const old = conditionOf(definition, type)
  if (!said) {
    if (!old) return undefined
    const { status } = definition
    return { ...status, conditions: (status.conditions ?? []).filter(condition => condition.type !== type) }
  }
  if (old && old.status === said.status && old.reason === said.reason && old.message === said.message) return undefined
  return setCondition(definition, said, now)
}
