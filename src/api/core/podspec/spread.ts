import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../../machinery/fieldpath.ts'
import type { TopologySpreadConstraint } from '../../generated/core.v1.ts'
import { checkSupported } from '../../meta/checks.ts'
import { checkLabelSelector } from '../../meta/labelselector.ts'
import { checkLabelKeys } from './affinity.ts'

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const inclusions = ['Honor', 'Ignore']

/** Topology spread constraints: validateTopologySpreadConstraints of core validation. */
export function checkSpread(
  errors: FieldError[],
  path: string,
  constraints: readonly TopologySpreadConstraint[],
): void {
  const seen = new Set<string>()
  constraints.forEach((constraint, i) => {
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains } = constraint
    const at = `${path}[${i}]`
    if (maxSkew <= 0) errors.push(invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero'))
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!actions.includes(whenUnsatisfiable)) {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions))
    }
    // The pair must be unique: two constraints of one key and action would say two things about one thing.
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`
    if (seen.has(pair)) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair))
    seen.add(pair)
    if (minDomains !== undefined) checkMinDomains(errors, `${at}.minDomains`, minDomains, whenUnsatisfiable)
    checkSupported(errors, `${at}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, inclusions)
    checkSupported(errors, `${at}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, inclusions)
    checkLabelKeys(errors, `${at}.matchLabelKeys`, constraint.matchLabelKeys, constraint)
    checkLabelSelector(errors, `${at}.labelSelector`, constraint.labelSelector)
  })
}

function checkMinDomains(errors: FieldError[], path: string, minDomains: number, action: string): void {
  if (minDomains <= 0) errors.push(invalid(path, minDomains, 'must be greater than zero'))
  if (action !== 'DoNotSchedule') {
    errors.push(invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`))
  }
}

/** Gates that keep a Pod from the scheduler. */
export function checkGates(errors: FieldError[], path: string, gates: readonly { name: string }[]): void {
  const seen = new Set<string>()
  gates.forEach(({ name }, i) => {
    if (seen.has(name)) errors.push(duplicate(`${path}[${i}]`, name))
    seen.add(name)
    if (name === '') errors.push(forbidden(`${path}[${i}]`, 'name must not be empty'))
  })
}
