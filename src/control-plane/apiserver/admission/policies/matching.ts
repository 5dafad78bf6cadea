import type { MatchResources, NamedRuleWithOperations } from '../../../../api/generated/admissionregistration.v1.ts'
import { type LabelSelector, matches } from '../../../../machinery/labels.ts'
import type { ApiObject } from '../../../../machinery/object.ts'
import { namespaces } from '../../known.ts'
import type { Attributes } from '../chain.ts'

/** Whether a policy or binding concerns a request. Models policy/matching/matching.go and webhook/predicates/rules. */
export function concerns(
  match: MatchResources | undefined,
  object: ApiObject | undefined,
  attributes: Attributes,
): boolean {
  if (!match) return true
  const { resourceRules, excludeResourceRules = [], namespaceSelector, objectSelector } = match
  if (!selectsNamespace(namespaceSelector, object, attributes)) return false
  if (!selectsObject(objectSelector, object, attributes)) return false
  if (excludeResourceRules.some(rule => ruleMatches(rule, attributes))) return false
  return !resourceRules?.length || resourceRules.some(rule => ruleMatches(rule, attributes))
}

function ruleMatches(rule: NamedRuleWithOperations, attributes: Attributes): boolean {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], resourceNames = [], scope = '*' } = rule
  const { kind, operation, name } = attributes
  if (!operations.some(each => each === '*' || each === operation)) return false
  if (!apiGroups.includes('*') && !apiGroups.includes(kind.group)) return false
  if (!apiVersions.includes('*') && !apiVersions.includes(kind.version)) return false
  if (resourceNames.length > 0 && !resourceNames.includes(name)) return false
  if (scope !== '*' && (scope === 'Namespaced') !== kind.namespaced) return false
  return resources.some(each => resourceMatches(each, attributes))
}

// Patterns name a resource, or one of its subresources, or all of either by a star: pods, pods/status, pods/*.
function resourceMatches(pattern: string, { kind, subresource }: Attributes): boolean {
  const [resource = '', sub = ''] = pattern.split('/')
  if (resource !== '*' && resource !== kind.plural) return false
  return sub === '*' || sub === subresource
}

function selectsNamespace(
  selector: LabelSelector | undefined,
  object: ApiObject | undefined,
  { kind, namespace, find }: Attributes,
): boolean {
  if (isEmpty(selector)) return true
  if (kind.plural === 'namespaces' && kind.group === '') return matches(selector, object?.metadata.labels)
  return namespace === undefined || matches(selector, find(namespaces, namespace)?.metadata.labels)
}

/** Either state will do. */
function selectsObject(
  selector: LabelSelector | undefined,
  object: ApiObject | undefined,
  { old }: Attributes,
): boolean {
  if (isEmpty(selector)) return true
  return [object, old].some(each => each && matches(selector, each.metadata.labels))
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  return !selector || (!selector.matchExpressions?.length && Object.keys(selector.matchLabels ?? {}).length === 0)
}
