import type { Access } from '../authorization/access.ts'
import type { Level, Policy, Rule, Stage } from './policy.ts'

/** What a policy wants to know of a request. */
export interface Wanted {
  readonly level: Level
  readonly omitStages: readonly Stage[]
  readonly omitManagedFields: boolean
}

/** The first rule that fits decides; what none fits is not told of (audit/policy/checker.go). */
export function wantedOf(policy: Policy, access: Access): Wanted {
  const rule = policy.rules.find(each => fits(each, access))
  return {
    level: rule?.level ?? 'None',
    omitStages: [...policy.omitStages, ...(rule?.omitStages ?? [])],
    omitManagedFields: rule?.omitManagedFields ?? policy.omitManagedFields,
  }
}

function fits(rule: Rule, access: Access): boolean {
  const { users, userGroups, verbs, namespaces, resources, nonResourceURLs } = rule
  const { user, verb } = access
  if (users.length > 0 && !users.includes(user.name)) return false
  if (userGroups.length > 0 && !user.groups.some(group => userGroups.includes(group))) return false
  if (verbs.length > 0 && !verbs.includes(verb) && !verbs.includes('*')) return false
  if (namespaces.length > 0 || resources.length > 0) return fitsResource(rule, access)
  if (nonResourceURLs.length > 0) return fitsPath(rule, access)
  return true
}

function fitsPath({ nonResourceURLs }: Rule, { path }: Access): boolean {
  if (path === undefined) return false
  return nonResourceURLs.some(
    url => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''))),
  )
}

function fitsResource({ namespaces, resources }: Rule, access: Access): boolean {
  const { path, namespace = '', group, resource, subresource = '', name = '' } = access
  if (path !== undefined) return false
  if (namespaces.length > 0 && !namespaces.includes(namespace)) return false
  if (resources.length === 0) return true
  const combined = subresource === '' ? resource : `${resource}/${subresource}`
  return resources.some(each => {
    if (each.group !== group) return false
    if (each.resources.length === 0) return true
    if (each.resourceNames.length > 0 && !each.resourceNames.includes(name)) return false
    return each.resources.some(
      word =>
        word === '*' ||
        word === combined ||
        (subresource !== '' && word === `*/${subresource}`) ||
        word === `${resource}/*`,
    )
  })
}
