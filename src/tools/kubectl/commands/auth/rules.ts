import type { PolicyRule } from '../../../../api/generated/rbac.v1.ts'
import { breakDown, compactRules } from '../../../../api/rbac/policy-rules.ts'
import { compareBytes } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { objectsAt, textsAt } from '../../unstructured.ts'

/** The rules of a SelfSubjectRulesReview, taken apart, joined again where only verbs differ, and sorted (pkg/util/rbac). */
export function rulesIn(status: unknown): readonly PolicyRule[] {
  const given = [...objectsAt(status, 'resourceRules'), ...objectsAt(status, 'nonResourceRules')].map(ruleOf)
  return compactRules(given.flatMap(breakDown)).sort((a, b) => compareBytes(protoText(a), protoText(b)))
}

/** The rules of a role. */
export function rulesOf(role: JsonObject): PolicyRule[] {
  return objectsAt(role, 'rules').map(ruleOf)
}

function ruleOf(rule: JsonObject): PolicyRule {
  const list = (name: string): object => (textsAt(rule, name).length === 0 ? {} : { [name]: textsAt(rule, name) })
  return {
    verbs: [...textsAt(rule, 'verbs')],
    ...list('apiGroups'),
    ...list('resources'),
    ...list('resourceNames'),
    ...list('nonResourceURLs'),
  }
}

/** The order is that of rules as their generated String method writes them. */
function protoText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const list = (values: readonly string[] = []): string => `[${values.join(' ')}]`
  const names = `ResourceNames:${list(resourceNames)},NonResourceURLs:${list(nonResourceURLs)}`
  return `&PolicyRule{Verbs:${list(verbs)},APIGroups:${list(apiGroups)},Resources:${list(resources)},${names},}`
}

/** `deployments.apps`: what a rule is about. */
export function subjectOf({ apiGroups = [], resources = [] }: PolicyRule): string {
  return resources
    .map(resource => {
      const [name = '', ...sub] = resource.split('/')
      const [group = ''] = apiGroups
      const whole = group === '' ? name : `${name}.${group}`
      return sub.length === 0 ? whole : `${whole}/${sub.join('/')}`
    })
    .join(',')
}
