import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { isEqual } from '../../machinery/object.ts'
import { isPathSegmentName, isDns1123Subdomain } from '../../machinery/validation.ts'
import { printInternal } from '../core/internalform.ts'
import type { PolicyRule, RoleRef, Subject } from '../generated/rbac.v1.ts'
import { addInvalid } from '../meta/checks.ts'

export type { PolicyRule, RoleRef, Subject }

/** What roles and bindings of namespaces and of the cluster share: pkg/apis/rbac/validation and v1/defaults.go. */

export const rbacGroup = 'rbac.authorization.k8s.io'

export function checkRules(rules: readonly PolicyRule[] | undefined, isNamespaced: boolean): FieldError[] {
  const errors: FieldError[] = []
  rules?.forEach((rule, i) => checkRule(errors, `rules[${i}]`, rule, isNamespaced))
  return errors
}

function checkRule(errors: FieldError[], path: string, rule: PolicyRule, isNamespaced: boolean): void {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  if (!verbs?.length) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
  if (nonResourceURLs.length > 0) {
    const at = `${path}.nonResourceURLs`
    if (isNamespaced) {
      errors.push(invalid(at, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    }
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      errors.push(invalid(at, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'))
    }
    return
  }
  if (apiGroups.length === 0) {
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  }
  if (resources.length === 0) {
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  }
}

interface Binding {
  roleRef: RoleRef
  subjects?: Subject[]
}

export function defaultBinding({ roleRef, subjects }: Binding): void {
  roleRef.apiGroup ||= rbacGroup
  for (const subject of subjects ?? []) {
    if (!subject.apiGroup && (subject.kind === 'User' || subject.kind === 'Group')) subject.apiGroup = rbacGroup
  }
}

export function checkBinding({ roleRef, subjects }: Binding, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = []
  if (roleRef.apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup, [rbacGroup]))
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind ?? '', kinds))
  if (!roleRef.name) errors.push(required('roleRef.name'))
  else addInvalid(errors, 'roleRef.name', roleRef.name, isPathSegmentName(roleRef.name))
  subjects?.forEach((subject, i) => checkSubject(errors, `subjects[${i}]`, subject, kinds))
  return errors
}

function checkSubject(errors: FieldError[], path: string, subject: Subject, kinds: readonly string[]): void {
  const { kind, name, apiGroup = '', namespace } = subject
  if (!name) errors.push(required(`${path}.name`))
  switch (kind) {
    case 'ServiceAccount':
      if (name) addInvalid(errors, `${path}.name`, name, isDns1123Subdomain(name))
      if (apiGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']))
      // In a binding of a namespace the API server knows where the account is meant to be.
      if (!namespace && !kinds.includes('Role')) errors.push(required(`${path}.namespace`))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [rbacGroup]))
      break
    default:
      errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  }
}

/** Who has a role may change; which role a binding gives may not. */
export function checkRoleRef(binding: Binding, old: Binding): FieldError[] {
  if (isEqual(binding.roleRef, old.roleRef)) return []
  return [invalid('roleRef', printInternal('RoleRef', binding.roleRef), 'cannot change roleRef')]
}

/** Names of a binding's subjects by their kind, as columns show them. */
export function subjectNames({ subjects }: Binding, kind: string): string {
  return (subjects ?? [])
    .filter(subject => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(',')
}
