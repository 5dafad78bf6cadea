import type { ClusterRole, PolicyRule } from '../../../api/generated/rbac.v1.ts'

/** A ClusterRole or Role without what every one of them has. */
export interface RoleFacts {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly aggregationRule?: ClusterRole['aggregationRule']
  readonly rules?: readonly PolicyRule[]
}

/** A rule about resources; lists are written with spaces, and `core` is the group without a name. */
export function rule(verbs: string, groups: string, resources: string, names = ''): PolicyRule {
  const resourceNames = names === '' ? {} : { resourceNames: words(names) }
  const apiGroups = words(groups).map(group => (group === 'core' ? '' : group))
  return { verbs: words(verbs), apiGroups: apiGroups.sort(), resources: words(resources), ...resourceNames }
}

/** A rule about paths that are no resources. */
export function urls(paths: string): PolicyRule {
  return { verbs: ['get'], nonResourceURLs: words(paths) }
}

/** Sorted, as upstream's rule builder leaves them. */
function words(list: string): string[] {
  return list.split(/\s+/).filter(Boolean).sort()
}

export const read = 'get list watch'
export const write = 'create delete deletecollection patch update'
export const readWrite = `${read} ${write}`

/** Every component that speaks in Events has this one. */
export const eventsRule: PolicyRule = rule('create update patch', 'core events.k8s.io', 'events')
