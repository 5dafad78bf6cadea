import { type FieldError, forbidden, invalid, required } from '../../../machinery/fieldpath.ts'
import { isDns1123Label, isLabelValue, isQualifiedName } from '../../../machinery/validation.ts'
import type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../../generated/core.v1.ts'
import { addInvalid } from '../../meta/checks.ts'
import { checkLabelSelector } from '../../meta/labelselector.ts'

/** Affinities: validateAffinity, ValidateNodeSelector and validatePodAffinityTerm of core validation. */

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const weightError = 'must be in the range 1-100'

export function checkAffinity(errors: FieldError[], path: string, affinity: Affinity): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity
  if (nodeAffinity) checkNodeAffinity(errors, `${path}.nodeAffinity`, nodeAffinity)
  if (podAffinity) checkPodAffinity(errors, `${path}.podAffinity`, podAffinity)
  if (podAntiAffinity) checkPodAffinity(errors, `${path}.podAntiAffinity`, podAntiAffinity)
}

function checkNodeAffinity(errors: FieldError[], path: string, affinity: NodeAffinity): void {
  const { requiredDuringSchedulingIgnoredDuringExecution: must } = affinity
  if (must) checkNodeSelector(errors, `${path}.${requiredTerms}`, must)
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, preference }, i) => {
    const at = `${path}.${preferred}[${i}]`
    if (weight <= 0 || weight > 100) errors.push(invalid(`${at}.weight`, weight, weightError))
    checkNodeSelectorTerm(errors, `${at}.preference`, preference)
  })
}

export function checkNodeSelector(errors: FieldError[], path: string, { nodeSelectorTerms }: NodeSelector): void {
  if (!nodeSelectorTerms?.length) {
    errors.push(required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term'))
    return
  }
  nodeSelectorTerms.forEach((term, i) => checkNodeSelectorTerm(errors, `${path}.nodeSelectorTerms[${i}]`, term))
}

function checkNodeSelectorTerm(errors: FieldError[], path: string, term: NodeSelectorTerm): void {
  term.matchExpressions?.forEach((requirement, i) => {
    const at = `${path}.matchExpressions[${i}]`
    checkNodeRequirement(errors, at, requirement)
    addInvalid(errors, `${at}.key`, requirement.key, isQualifiedName(requirement.key))
    requirement.values?.forEach((value, j) => addInvalid(errors, `${at}.values[${j}]`, value, isLabelValue(value)))
  })
  term.matchFields?.forEach((requirement, i) => checkNodeField(errors, `${path}.matchFields[${i}]`, requirement))
}

function checkNodeRequirement(errors: FieldError[], path: string, { operator, values }: NodeSelectorRequirement): void {
  const count = values?.length ?? 0
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (count === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
      break
    case 'Exists':
    case 'DoesNotExist':
      if (count > 0) {
        errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
      }
      break
    case 'Gt':
    case 'Lt':
      if (count !== 1) {
        errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
      }
      break
    default:
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  }
}

function checkNodeField(errors: FieldError[], path: string, { key, operator, values }: NodeSelectorRequirement): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values?.length !== 1) {
      errors.push(
        required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
      )
    }
  } else errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  if (key !== 'metadata.name') errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'))
}

function checkPodAffinity(errors: FieldError[], path: string, affinity: PodAffinity): void {
  affinity.requiredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
    checkPodAffinityTerm(errors, `${path}.${requiredTerms}[${i}]`, term)
  })
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ weight, podAffinityTerm }, i) => {
    const at = `${path}.${preferred}[${i}]`
    if (weight <= 0 || weight > 100) errors.push(invalid(`${at}.weight`, weight, weightError))
    checkPodAffinityTerm(errors, `${at}.podAffinityTerm`, podAffinityTerm)
  })
}

function checkPodAffinityTerm(errors: FieldError[], path: string, term: PodAffinityTerm): void {
  checkLabelSelector(errors, `${path}.labelSelector`, term.labelSelector)
  checkLabelSelector(errors, `${path}.namespaceSelector`, term.namespaceSelector)
  for (const name of term.namespaces ?? []) addInvalid(errors, `${path}.namespace`, name, isDns1123Label(name))
  checkLabelKeys(errors, `${path}.matchLabelKeys`, term.matchLabelKeys, term)
  checkLabelKeys(errors, `${path}.mismatchLabelKeys`, term.mismatchLabelKeys, term)
  if (!term.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  addInvalid(errors, `${path}.topologyKey`, term.topologyKey, isQualifiedName(term.topologyKey))
}

/** Keys whose values are taken from the Pod's own labels: there must be a selector for them to be added to. */
export function checkLabelKeys(
  errors: FieldError[],
  path: string,
  keys: readonly string[] | undefined,
  { labelSelector }: Pick<PodAffinityTerm, 'labelSelector'>,
): void {
  if (!keys?.length) return
  if (!labelSelector) errors.push(forbidden(path, 'must not be specified when labelSelector is not set'))
  keys.forEach((key, i) => addInvalid(errors, `${path}[${i}]`, key, isQualifiedName(key)))
}
