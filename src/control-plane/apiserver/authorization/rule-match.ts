import type { PolicyRule } from '../../../api/generated/rbac.v1.ts'
import { coversUrl } from '../../../api/rbac/policy-rules.ts'
import { type Access, nameIn } from './access.ts'

/** Whether one of the rules allows it (plugin/pkg/auth/authorizer/rbac/rbac.go, RulesAllow). */
export function rulesAllow(rules: readonly PolicyRule[], access: Access): boolean {
  return rules.some(rule => ruleConcerns(rule, access) && allowsName(rule, access))
}

/** Whether a rule is about this verb on this resource or path, names aside. */
export function ruleConcerns(rule: PolicyRule, access: Access): boolean {
  const { path } = access
  if (!rule.verbs.includes('*') && !rule.verbs.includes(access.verb)) return false
  if (path !== undefined) return rule.nonResourceURLs?.some(url => coversUrl(url, path)) ?? false
  return matches(rule.apiGroups, access.group) && matchesResource(rule.resources, access)
}

/** Whether a rule that concerns this holds for the name, too. */
export function allowsName({ resourceNames }: PolicyRule, access: Access): boolean {
  return !resourceNames?.length || resourceNames.includes(nameIn(access))
}

function matches(values: readonly string[] | undefined, wanted: string): boolean {
  return values !== undefined && (values.includes('*') || values.includes(wanted))
}

function matchesResource(resources: readonly string[] | undefined, { resource, subresource }: Access): boolean {
  if (!resources) return false
  if (!subresource) return matches(resources, resource)
  return matches(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`)
}
