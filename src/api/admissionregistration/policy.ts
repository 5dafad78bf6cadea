import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import type {
  MatchResources,
  MutatingAdmissionPolicy as MutatingModel,
  MutatingAdmissionPolicyBinding as MutatingBindingModel,
  ParamKind,
  ParamRef,
  ValidatingAdmissionPolicy as ValidatingModel,
  ValidatingAdmissionPolicyBinding as ValidatingBindingModel,
} from '../generated/admissionregistration.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { compileMutations, compilePolicy } from './policy-expressions.ts'
import { defaultRule } from './webhook.ts'

export type ValidatingAdmissionPolicy = ValidatingModel
export type ValidatingAdmissionPolicyBinding = ValidatingBindingModel
export type MutatingAdmissionPolicy = MutatingModel
export type MutatingAdmissionPolicyBinding = MutatingBindingModel

const common = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  categories: ['api-extensions'],
  namespaced: false,
  countsGenerations: true,
} as const

/** Rules in CEL that objects must meet. */
export const ValidatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
  ...common,
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  subresources: ['status'],

  defaults({ spec }) {
    spec.failurePolicy ??= 'Fail'
    defaultMatch(spec.matchConstraints)
  },

  prepareForCreate(draft) {
    draft.status = {}
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec.matchConstraints) errors.push(required('spec.matchConstraints'))
    if (!spec.validations?.length && !spec.auditAnnotations?.length) {
      const detail = 'validations or auditAnnotations must contain at least one item'
      errors.push(required('spec.validations', detail), required('spec.auditAnnotations', detail))
    }
    return [...errors, ...compilePolicy(spec).errors]
  },

  columns: [
    nameColumn,
    { name: 'Validations', type: 'integer', cell: ({ spec }) => spec.validations?.length ?? 0 },
    { name: 'ParamKind', cell: ({ spec }) => formatParamKind(spec.paramKind) },
    ageColumn,
  ],
})

const actions = ['Audit', 'Deny', 'Warn']

/** Where a policy is in force, and what it does when a rule is not met. */
export const ValidatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
  ...common,
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',

  defaults: ({ spec }) => defaultMatch(spec.matchResources),

  validate({ spec }) {
    const errors: FieldError[] = []
    const { policyName, validationActions = [] } = spec
    if (!policyName) errors.push(required('spec.policyName'))
    if (validationActions.length === 0) {
      errors.push(required('spec.validationActions', 'at least one validation action is required'))
    }
    validationActions.forEach((action, i) => {
      if (!actions.includes(action)) errors.push(notSupported(`spec.validationActions[${i}]`, action, actions))
    })
    const given: readonly string[] = validationActions
    if (given.includes('Deny') && given.includes('Warn')) {
      const why = 'repeating the same validation failure information in the API response and headers serves no purpose'
      errors.push(invalid('spec.validationActions', validationActions, `must not contain both Deny and Warn (${why})`))
    }
    return errors
  },

  columns: [
    nameColumn,
    { name: 'PolicyName', cell: ({ spec }) => spec.policyName ?? '' },
    { name: 'ParamRef', cell: ({ spec }) => formatParamRef(spec.paramRef) },
    ageColumn,
  ],
})

/** Changes in CEL that are made to objects. */
export const MutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
  ...common,
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',

  defaults({ spec }) {
    spec.failurePolicy ??= 'Fail'
    defaultMatch(spec.matchConstraints)
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    if (!spec.matchConstraints) errors.push(required('spec.matchConstraints'))
    if (!spec.mutations?.length) errors.push(required('spec.mutations', 'mutations must contain at least one item'))
    if (!spec.reinvocationPolicy) errors.push(required('spec.reinvocationPolicy'))
    return [...errors, ...compileMutations(spec).errors]
  },

  columns: [
    nameColumn,
    { name: 'Mutations', type: 'integer', cell: ({ spec }) => spec.mutations?.length ?? 0 },
    { name: 'ParamKind', cell: ({ spec }) => formatParamKind(spec.paramKind) },
    ageColumn,
  ],
})

export const MutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding>({
  ...common,
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',

  defaults: ({ spec }) => defaultMatch(spec.matchResources),

  columns: [
    nameColumn,
    { name: 'PolicyName', cell: ({ spec }) => spec.policyName ?? '' },
    { name: 'ParamRef', cell: ({ spec }) => formatParamRef(spec.paramRef) },
    ageColumn,
  ],
})

function defaultMatch(match: MatchResources | undefined): void {
  if (!match) return
  match.matchPolicy ??= 'Equivalent'
  match.namespaceSelector ??= {}
  match.objectSelector ??= {}
  match.resourceRules?.forEach(defaultRule)
  match.excludeResourceRules?.forEach(defaultRule)
}

function formatParamKind(kind: ParamKind | undefined): string {
  return kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : '<unset>'
}

function formatParamRef(reference: ParamRef | undefined): string {
  if (!reference) return '<unset>'
  const name = reference.name ?? '*'
  return reference.namespace ? `${reference.namespace}/${name}` : `*/${name}`
}
