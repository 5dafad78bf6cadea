import type { JsonObject } from '../../../../machinery/json-value.ts'
import { objectsAt, textsAt } from '../../unstructured.ts'

/** What a user may do: one row of `kubectl auth can-i --list`. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly groups: readonly string[]
  readonly resources: readonly string[]
  readonly names: readonly string[]
  readonly urls: readonly string[]
}

/** The rules of a SelfSubjectRulesReview, taken apart, joined again where only verbs differ, and sorted (pkg/util/rbac). */
export function compactRules(status: unknown): readonly Rule[] {
  const parts = [...objectsAt(status, 'resourceRules'), ...objectsAt(status, 'nonResourceRules')].flatMap(brokenDown)
  const simple = new Map<string, Rule>()
  const rest: Rule[] = []
  for (const rule of parts) {
    const { groups, resources, names, urls } = rule
    if (groups.length !== 1 || resources.length !== 1 || urls.length > 0 || names.length > 1) {
      rest.push(rule)
      continue
    }
    const key = JSON.stringify([groups, resources, names])
    const known = simple.get(key)
    const verbs = known ? [...known.verbs, ...rule.verbs.filter(verb => !known.verbs.includes(verb))] : rule.verbs
    simple.set(key, { ...rule, verbs })
  }
  return [...rest, ...simple.values()].sort((a, b) => {
    const [left, right] = [goText(a), goText(b)]
    return left < right ? -1 : left > right ? 1 : 0
  })
}

function brokenDown(rule: JsonObject): Rule[] {
  const verbs = textsAt(rule, 'verbs')
  const groups = textsAt(rule, 'apiGroups')
  const urls = textsAt(rule, 'nonResourceURLs')
  const names = textsAt(rule, 'resourceNames')
  const none = { groups: [], resources: [], names: [], urls: [] }
  const ofResources = groups.flatMap(group =>
    textsAt(rule, 'resources').flatMap(resource =>
      verbs.flatMap(verb => {
        const simple = { ...none, verbs: [verb], groups: [group], resources: [resource] }
        return names.length === 0 ? [simple] : names.map(name => ({ ...simple, names: [name] }))
      }),
    ),
  )
  const ofUrls = urls.flatMap(url => verbs.map(verb => ({ ...none, verbs: [verb], urls: [url] })))
  return [...ofResources, ...ofUrls]
}

/** The order is that of rules as Go's compact form prints them. */
function goText({ verbs, groups, resources, names, urls }: Rule): string {
  const part = (name: string, values: readonly string[]): string =>
    values.length === 0 ? '' : `${name}:[${values.map(value => JSON.stringify(value)).join(' ')}]`
  const parts = [
    part('APIGroups', groups),
    part('Resources', resources),
    part('NonResourceURLs', urls),
    part('ResourceNames', names),
    part('Verbs', verbs),
  ]
  return `{${parts.filter(text => text !== '').join(', ')}}`
}

/** `deployments.apps`: what a rule is about. */
export function subjectOf({ groups, resources }: Rule): string {
  return resources
    .map(resource => {
      const [name = '', ...sub] = resource.split('/')
      const [group = ''] = groups
      const whole = group === '' ? name : `${name}.${group}`
      return sub.length === 0 ? whole : `${whole}/${sub.join('/')}`
    })
    .join(',')
}
