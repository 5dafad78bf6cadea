import type { PolicyRule } from '../generated/rbac.v1.ts'

// What can be said of rules without knowing who asks: component-helpers/auth/rbac/validation and pkg/apis/rbac/v1/helpers.go.

const none: readonly string[] = []

/** Rules of one verb, one group, one resource and at most one name each; or of one verb and one URL. */
export function breakDown(rule: PolicyRule): PolicyRule[] {
  const { verbs = none, apiGroups = none, resources = none, resourceNames = none, nonResourceURLs = none } = rule
  const parts: PolicyRule[] = []
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const simple = { apiGroups: [group], resources: [resource], verbs: [verb] }
        if (resourceNames.length === 0) parts.push(simple)
        for (const name of resourceNames) parts.push({ ...simple, resourceNames: [name] })
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) parts.push({ nonResourceURLs: [url], verbs: [verb] })
  return parts
}

/** Joins rules that differ in their verbs only; others stay as they are, in front. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const simple = new Map<string, PolicyRule>()
  const rest: PolicyRule[] = []
  for (const rule of rules) {
    const { apiGroups = none, resources = none, resourceNames = none, nonResourceURLs = none } = rule
    const isSimple = apiGroups.length === 1 && resources.length === 1 && nonResourceURLs.length === 0
    if (!isSimple || resourceNames.length > 1) {
      rest.push(rule)
      continue
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames])
    const known = simple.get(key)
    const verbs = known ? [...known.verbs, ...rule.verbs.filter(verb => !known.verbs.includes(verb))] : [...rule.verbs]
    simple.set(key, { ...rule, verbs })
  }
  return [...rest, ...simple.values()]
}

/** A rule on one line, as Go prints it in messages: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const part = (name: string, values: readonly string[] = none): string[] =>
    values.length === 0 ? [] : [`${name}:[${values.map(value => JSON.stringify(value)).join(' ')}]`]
  const parts = [
    part('APIGroups', apiGroups),
    part('Resources', resources),
    part('NonResourceURLs', nonResourceURLs),
    part('ResourceNames', resourceNames),
    part('Verbs', verbs),
  ]
  return `{${parts.flat().join(', ')}}`
}

/** What of the wanted rules the held ones do not give, taken apart; empty when they give everything. */
export function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter(part => !held.some(rule => ruleCovers(rule, part)))
}

function ruleCovers(owner: PolicyRule, part: PolicyRule): boolean {
  const { resourceNames: ownNames = none } = owner
  const { resourceNames: names = none } = part
  return (
    coversAll(owner.verbs, part.verbs, '*') &&
    coversAll(owner.apiGroups, part.apiGroups, '*') &&
    coversResources(owner.resources, part.resources) &&
    (part.nonResourceURLs ?? none).every(url => (owner.nonResourceURLs ?? none).some(own => coversUrl(own, url))) &&
    (ownNames.length === 0 || (names.length > 0 && names.every(name => ownNames.includes(name))))
  )
}

function coversAll(own: readonly string[] = none, wanted: readonly string[] = none, all: string): boolean {
  return own.includes(all) || wanted.every(value => own.includes(value))
}

function coversResources(own: readonly string[] = none, wanted: readonly string[] = none): boolean {
  return (
    own.includes('*') ||
    wanted.every(path => {
      const slash = path.indexOf('/')
      return own.includes(path) || (slash >= 0 && own.includes(`*${path.slice(slash)}`))
    })
  )
}

/** A URL that ends in `*` stands for all that begin so. */
export function coversUrl(own: string, url: string): boolean {
  return own === url || (own.endsWith('*') && url.startsWith(own.replace(/\*+$/, '')))
}
