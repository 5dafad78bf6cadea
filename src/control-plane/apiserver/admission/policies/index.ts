import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../../../api/generated/admissionregistration.v1.ts'
import type { ApiObject } from '../../../../machinery/object.ts'
import type { EtcdState } from '../../../etcd/store.ts'
import type { KindRef } from '../../objects.ts'
import type { Attributes } from '../chain.ts'

/** A policy with the bindings that put it in force. */
export interface Bound<Policy, Binding> {
  readonly policy: Policy
  readonly bindings: readonly Binding[]
}

const validatingPolicies = refTo<ValidatingAdmissionPolicy>('ValidatingAdmissionPolicy', 'validatingadmissionpolicies')
const validatingBindings = refTo<ValidatingAdmissionPolicyBinding>(
  'ValidatingAdmissionPolicyBinding',
  'validatingadmissionpolicybindings',
)
const mutatingPolicies = refTo<MutatingAdmissionPolicy>('MutatingAdmissionPolicy', 'mutatingadmissionpolicies')
const mutatingBindings = refTo<MutatingAdmissionPolicyBinding>(
  'MutatingAdmissionPolicyBinding',
  'mutatingadmissionpolicybindings',
)

function refTo<T extends ApiObject>(kind: string, plural: string): KindRef<T> {
  const group = 'admissionregistration.k8s.io'
  return { group, version: 'v1', apiVersion: `${group}/v1`, kind, plural }
}

interface Memo<T> {
  readonly stamp: number
  readonly all: readonly T[]
}

type Validating = Bound<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding>
type Mutating = Bound<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding>

/** Memos: they say nothing that the store does not. A restored checkpoint is another store. */
const validating = new WeakMap<EtcdState, Memo<Validating>>()
const mutating = new WeakMap<EtcdState, Memo<Mutating>>()

/** The validating policies in force, by name. */
export function validatingPoliciesOf({ etcd, list, revisionOf }: Attributes): readonly Validating[] {
  const stamp = revisionOf(validatingPolicies) + revisionOf(validatingBindings)
  let memo = validating.get(etcd)
  if (memo?.stamp !== stamp) {
    validating.set(etcd, (memo = { stamp, all: bound(list(validatingPolicies), list(validatingBindings)) }))
  }
  return memo.all
}

/** The mutating policies in force, by name. */
export function mutatingPoliciesOf({ etcd, list, revisionOf }: Attributes): readonly Mutating[] {
  const stamp = revisionOf(mutatingPolicies) + revisionOf(mutatingBindings)
  let memo = mutating.get(etcd)
  if (memo?.stamp !== stamp) {
    mutating.set(etcd, (memo = { stamp, all: bound(list(mutatingPolicies), list(mutatingBindings)) }))
  }
  return memo.all
}

function bound<Policy extends ApiObject, Binding extends { readonly spec: { readonly policyName?: string } }>(
  policies: readonly Policy[],
  bindings: readonly Binding[],
): Bound<Policy, Binding>[] {
  return policies
    .map(policy => ({
      policy,
      bindings: bindings.filter(({ spec }) => spec.policyName === policy.metadata.name),
    }))
    .filter(each => each.bindings.length > 0)
}

/** Policies do not concern what policies are made of: nobody may lock themselves out (policy_matcher's exempt resources). */
export function isExempt({ kind }: Attributes): boolean {
  return kind.group === 'admissionregistration.k8s.io'
}
