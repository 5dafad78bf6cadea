import { compileMutations } from '../../../../api/admissionregistration/policy-expressions.ts'
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
} from '../../../../api/generated/admissionregistration.v1.ts'
import type { CelValue } from '../../../../machinery/cel/values.ts'
import { toJson } from '../../../../machinery/cel/json.ts'
import { applyJsonPatch, decodeJsonPatch } from '../../../../machinery/json-patch.ts'
import { isObject } from '../../../../machinery/json-value.ts'
import type { ApiObject } from '../../../../machinery/object.ts'
import { forbidden } from '../../../../machinery/status.ts'
import type { AdmissionPlugin, Attributes } from '../chain.ts'
import { bindingsFor, conditionsHold, paramsFor } from './evaluation.ts'
import { isExempt, mutatingPoliciesOf } from './index.ts'
import { concerns } from './matching.ts'

/** Changes objects as the policies say that an administrator has put in force. Models policy/mutating/dispatcher.go. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE'],
  subresources: 'all',

  mutate(draft, attributes) {
    const policies = mutatingPoliciesOf(attributes)
    if (policies.length === 0 || isExempt(attributes)) return
    for (const { policy, bindings } of policies) {
      if (!concerns(policy.spec.matchConstraints, draft, attributes)) continue
      for (const binding of bindings) {
        if (concerns(binding.spec.matchResources, draft, attributes)) apply(policy, binding, draft, attributes)
      }
    }
  },
}

function apply(
  { metadata, spec }: MutatingAdmissionPolicy,
  binding: MutatingAdmissionPolicyBinding,
  draft: ApiObject,
  attributes: Attributes,
): void {
  const refuse = (why: string): void => {
    if (spec.failurePolicy === 'Ignore') return
    const who = `policy '${metadata.name}' with binding '${binding.metadata.name}'`
    throw forbidden(attributes.kind, attributes.name, `${who} denied request: ${why}`)
  }
  const all = paramsFor(spec.paramKind, binding.spec.paramRef, attributes)
  if ('error' in all) return refuse(`failed to configure binding: ${all.error}`)
  const { matchConditions, variables, mutations, errors } = compileMutations(spec)
  const [wrong] = errors
  if (wrong) return refuse(wrong.detail)
  for (const params of all) {
    const holds = conditionsHold(matchConditions, bindingsFor(attributes, draft, variables, params))
    if (typeof holds !== 'boolean') return refuse(holds.error)
    if (!holds) continue
    for (const { patchType, expression } of mutations) {
      // Each change sees what those before it did.
      const { value, error } = expression.evaluate(bindingsFor(attributes, draft, variables, params))
      const why = error ?? change(draft, patchType, value, attributes)
      if (why !== undefined) return refuse(why)
    }
  }
}

/** Carries out one change on the draft; says why it cannot. */
function change(
  draft: ApiObject,
  patchType: Mutation['patchType'],
  value: CelValue | undefined,
  { merge }: Attributes,
): string | undefined {
  const patch = value === undefined ? undefined : toJson(value)
  if (patchType === 'ApplyConfiguration') {
    if (!isObject(patch)) return 'type mismatch in applied configuration'
    const merged = merge(draft, patch)
    if (typeof merged === 'string') return `error applying patch: ${merged}`
    replace(draft, merged)
    return undefined
  }
  const decoded = decodeJsonPatch(patch)
  if (decoded.error !== undefined) return `error applying JSON Patch: ${decoded.error}`
  const patched = applyJsonPatch({ ...draft }, decoded.value)
  if (patched.error !== undefined) return `error applying JSON Patch: ${patched.error}`
  replace(draft, patched.value)
  return undefined
}

/** The draft is the same object for whoever comes after. */
function replace(draft: ApiObject, by: object): void {
  for (const key of Object.keys(draft)) if (!Object.hasOwn(by, key)) Reflect.deleteProperty(draft, key)
  Object.assign(draft, by)
}
