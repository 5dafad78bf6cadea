import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../../../api/generated/admissionregistration.v1.ts'
import { compilePolicy } from '../../../../api/admissionregistration/policy-expressions.ts'
import type { ApiObject } from '../../../../machinery/object.ts'
import { ApiError, forbidden, type Reason } from '../../../../machinery/status.ts'
import type { AdmissionPlugin, Attributes } from '../chain.ts'
import { bindingsFor, conditionsHold, paramsFor } from './evaluation.ts'
import { isExempt, validatingPoliciesOf } from './index.ts'
import { concerns } from './matching.ts'

/** Holds requests to the policies that an administrator has put in force. Models policy/validating/dispatcher.go. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  subresources: 'all',

  validate(object, attributes) {
    const policies = validatingPoliciesOf(attributes)
    if (policies.length === 0 || isExempt(attributes)) return
    const refusals: Refusal[] = []
    for (const { policy, bindings } of policies) {
      if (!concerns(policy.spec.matchConstraints, object, attributes)) continue
      for (const binding of bindings) {
        if (!concerns(binding.spec.matchResources, object, attributes)) continue
        for (const decision of decide(policy, binding, object, attributes)) {
          const refusal = actOn(decision, policy, binding, attributes)
          if (refusal) refusals.push(refusal)
        }
      }
    }
    const [first] = refusals
    if (first) throw refused(first, attributes)
  },
}

interface Decision {
  readonly message: string
  readonly reason: Reason
}

interface Refusal extends Decision {
  readonly policy: string
  readonly binding: string
}

/** What a policy finds, with each parameter of a binding. */
function decide(
  { spec }: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  object: ApiObject | undefined,
  attributes: Attributes,
): Decision[] {
  const fails = spec.failurePolicy !== 'Ignore'
  const failed = (message: string): Decision[] => (fails ? [{ message, reason: 'Invalid' }] : [])
  const all = paramsFor(spec.paramKind, binding.spec.paramRef, attributes)
  if ('error' in all) return failed(`failed to configure binding: ${all.error}`)
  const { matchConditions, validations, variables, errors } = compilePolicy(spec)
  const [wrong] = errors
  if (wrong) return failed(wrong.detail)
  return all.flatMap(params => {
    const bindings = bindingsFor(attributes, object, variables, params)
    const holds = conditionsHold(matchConditions, bindings)
    if (typeof holds !== 'boolean') return failed(holds.error)
    if (!holds) return []
    return validations.flatMap(({ expression, messageExpression }, index) => {
      const { message, reason } = spec.validations?.[index] ?? {}
      const { value, error } = expression.evaluate(bindings)
      if (error !== undefined) return failed(`expression '${expression.text}' resulted in error: ${error}`)
      if (value === true) return []
      const said = messageExpression?.evaluate(bindings).value
      const isUsable = typeof said === 'string' && said.trim() !== '' && !said.includes('\n')
      const text = isUsable ? said.trim() : message?.trim()
      return [{ message: text ? text : `failed expression: ${expression.text.trim()}`, reason: reasonOf(reason) }]
    })
  })
}

function reasonOf(reason: string | undefined): Reason {
  return reason === 'Forbidden' || reason === 'Unauthorized' || reason === 'RequestEntityTooLarge' ? reason : 'Invalid'
}

/** Does what the binding says is to be done: a refusal is handed back, a warning is given. */
function actOn(
  decision: Decision,
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  { warn }: Attributes,
): Refusal | undefined {
  const names = { policy: policy.metadata.name, binding: binding.metadata.name }
  const actions = binding.spec.validationActions ?? []
  if (actions.includes('Warn')) {
    const who = `ValidatingAdmissionPolicy '${names.policy}' with binding '${names.binding}'`
    warn(`Validation failed for ${who}: ${decision.message}`)
  }
  return actions.includes('Deny') ? { ...decision, ...names } : undefined
}

/** The first refusal speaks for all; its reason is the answer's (NewForbidden with the reason put in its place). */
function refused({ policy, binding, message, reason }: Refusal, { kind, name }: Attributes): ApiError {
  const text = `ValidatingAdmissionPolicy '${policy}' with binding '${binding}' denied request: ${message}`
  const { message: whole, details } = forbidden(kind, name, text)
  return new ApiError(reason, whole, { ...details, causes: [{ message: text }] })
}
