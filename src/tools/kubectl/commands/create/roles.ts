import { compareBytes, quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { type Context, defineCommand, oneName } from '../../command.ts'
import { PlainError, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { createGenerated, generatorFlags } from './generator.ts'

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`

const ruleFlags = {
  ...generatorFlags,
  verb: flag.list('Verb that applies to the resources contained in the rule'),
  resource: flag.list('Resource that the rule applies to'),
  'resource-name': flag.array(
    'Resource in the white list that the rule applies to, repeat this flag for multiple items',
  ),
}

export const createRole = defineCommand({
  use: 'role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a role with single rule',
  flags: ruleFlags,
  run(context) {
    const name = oneName(context)
    const { verb, resource, 'resource-name': names } = context.flags
    if (verb.length === 0) throw new UsageError('at least one verb must be specified')
    if (resource.length === 0) throw new UsageError('at least one resource must be specified')
    const object = {
      kind: 'Role',
      apiVersion,
      metadata: { name },
      rules: resourceRules(context, verb, resource, names),
    }
    createGenerated(context, { group, version: 'v1', plural: 'roles', namespaced: true, called: 'role' }, object)
  },
})

export const createClusterRole = defineCommand({
  use: 'clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a cluster role',
  flags: {
    ...ruleFlags,
    'non-resource-url': flag.list('A partial url that user should have access to.'),
    'aggregation-rule': {
      ...flag.list('An aggregation label selector for combining ClusterRoles.'),
      shown: '',
    },
  },
  run(context) {
    const name = oneName(context)
    const {
      verb,
      resource,
      'resource-name': names,
      'non-resource-url': urls,
      'aggregation-rule': aggregation,
    } = context.flags
    const target = { group, version: 'v1', plural: 'clusterroles', namespaced: false, called: 'clusterrole' }
    if (aggregation.length > 0) {
      if ([verb, resource, names, urls].some(list => list.length > 0)) {
        throw new UsageError(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        )
      }
      const matchLabels = Object.fromEntries(aggregation.map(part => part.split('=')))
      const rule = { clusterRoleSelectors: [{ matchLabels }] }
      return createGenerated(context, target, {
        kind: 'ClusterRole',
        apiVersion,
        metadata: { name },
        rules: null,
        aggregationRule: rule,
      })
    }
    if (verb.length === 0) throw new UsageError('at least one verb must be specified')
    if (resource.length === 0 && urls.length === 0) {
      throw new UsageError('one of resource or nonResourceURL must be specified')
    }
    const resources = resourceRules(context, verb, resource, names)
    if (urls.length > 0) checkUrls(verb, urls)
    const rules = [...resources, ...(urls.length > 0 ? [{ verbs: verb, nonResourceURLs: urls }] : [])]
    createGenerated(context, target, { kind: 'ClusterRole', apiVersion, metadata: { name }, rules })
  },
})

const urlVerbs = new Set(['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'])

function checkUrls(verbs: readonly string[], urls: readonly string[]): void {
  const wrong = verbs.find(verb => !urlVerbs.has(verb))
  if (wrong !== undefined) throw new UsageError(`invalid verb: '${wrong}' for nonResourceURL`)
  for (const url of urls) {
    if (url === '*') continue
    if (!url.startsWith('/')) throw new UsageError('nonResourceURL should start with /')
    if (url.slice(0, -1).includes('*'))
      throw new UsageError("nonResourceURL only supports wildcard matches when '*' is at the end")
  }
}

const standardVerbs = new Set([
  ...['*', 'get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection'],
  ...['use', 'bind', 'escalate', 'impersonate'],
])

/** What only some verbs are for: resources that nobody serves (specialVerbs in create_role.go). */
const specialVerbs: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: [`roles.${group}`, `clusterroles.${group}`],
  escalate: [`roles.${group}`, `clusterroles.${group}`],
  impersonate: ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'],
}

/** The resource of a rule: a star is itself, what nobody serves is refused unless a verb is made for it. */
function resourceFor(mapper: Context['mapper'], type: string, verbs: readonly string[]) {
  const [plural = '', ...rest] = type.split('.')
  const own = { group: plural === '*' && rest.length === 0 ? '*' : rest.join('.'), plural }
  if (plural === '*') return own
  const served = mapper().lookUp(type)
  const found = served ?? own
  const called = found.group === '' ? found.plural : `${found.plural}.${found.group}`
  let isSpecial = false
  for (const verb of verbs) {
    const allowed = specialVerbs[verb]
    if (allowed?.includes(called) === false) {
      throw new UsageError(`can not perform '${verb}' on '${found.plural}' in group '${found.group}'`)
    }
    isSpecial ||= allowed !== undefined
  }
  // meta.NoResourceMatchError: printed as it is.
  if (!served && !isSpecial) throw new PlainError(`the server doesn't have a resource type ${quote(plural)}`)
  return found
}

/** One rule an API group, in the groups' order. */
function resourceRules(
  { err, mapper }: Context,
  verbs: readonly string[],
  names: readonly string[],
  allowed: readonly string[],
): JsonObject[] {
  for (const verb of names.length > 0 ? verbs : []) {
    if (!standardVerbs.has(verb)) err(`Warning: '${verb}' is not a standard resource verb\n`)
  }
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const [type = '', subresource] = name.split('/')
    const found = resourceFor(mapper, type, verbs)
    const resource = subresource === undefined ? found.plural : `${found.plural}/${subresource}`
    const list = groups.get(found.group) ?? []
    if (!list.includes(resource)) list.push(resource)
    groups.set(found.group, list)
  }
  const unique = verbs.includes('*') ? ['*'] : [...new Set(verbs)]
  return [...groups]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([apiGroup, resources]) => ({
      verbs: unique,
      apiGroups: [apiGroup],
      resources,
      ...(allowed.length > 0 && { resourceNames: allowed }),
    }))
}

const subjectFlags = {
  ...generatorFlags,
  clusterrole: flag.text('ClusterRole this binding should reference'),
  user: flag.array('Usernames to bind to the role. The flag can be repeated to add multiple users.'),
  group: flag.array('Groups to bind to the role. The flag can be repeated to add multiple groups.'),
  serviceaccount: flag.array('Service accounts to bind to the role, in the format <namespace>:<name>.'),
}

function subjectsOf(users: readonly string[], groups: readonly string[], accounts: readonly string[]): JsonObject[] {
  return [
    ...users.map(name => ({ kind: 'User', apiGroup: group, name })),
    ...groups.map(name => ({ kind: 'Group', apiGroup: group, name })),
    ...accounts.map(account => {
      const [namespace = '', name = '', more] = account.split(':')
      if (namespace === '' || name === '' || more !== undefined) {
        throw new UsageError('serviceaccount must be <namespace>:<name>')
      }
      return { kind: 'ServiceAccount', name, namespace }
    }),
  ]
}

export const createRoleBinding = defineCommand({
  use: 'rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a role binding for a particular role or cluster role',
  flags: { ...subjectFlags, role: flag.text('Role this RoleBinding should reference') },
  run(context) {
    const name = oneName(context)
    const { role, clusterrole, user, group: groups, serviceaccount } = context.flags
    if ((role === '') === (clusterrole === ''))
      throw new UsageError('exactly one of clusterrole or role must be specified')
    const subjects = subjectsOf(user, groups, serviceaccount)
    const roleRef = {
      apiGroup: group,
      kind: role === '' ? 'ClusterRole' : 'Role',
      name: role === '' ? clusterrole : role,
    }
    const object = {
      kind: 'RoleBinding',
      apiVersion,
      metadata: { name },
      ...(subjects.length > 0 && { subjects }),
      roleRef,
    }
    createGenerated(
      context,
      { group, version: 'v1', plural: 'rolebindings', namespaced: true, called: 'rolebinding' },
      object,
    )
  },
})

export const createClusterRoleBinding = defineCommand({
  use: 'clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a cluster role binding for a particular cluster role',
  flags: {
    ...subjectFlags,
    clusterrole: flag.text('ClusterRole this ClusterRoleBinding should reference', { required: true }),
  },
  run(context) {
    const name = oneName(context)
    const { clusterrole, user, group: groups, serviceaccount } = context.flags
    const subjects = subjectsOf(user, groups, serviceaccount)
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name: clusterrole }
    const object = {
      kind: 'ClusterRoleBinding',
      apiVersion,
      metadata: { name },
      ...(subjects.length > 0 && { subjects }),
      roleRef,
    }
    createGenerated(
      context,
      { group, version: 'v1', plural: 'clusterrolebindings', namespaced: false, called: 'clusterrolebinding' },
      object,
    )
  },
})
