import { describe, expect, it } from 'vitest'
import type { PolicyRule } from '../../../api/generated/rbac.v1.ts'
import { missingRules, ruleText } from '../../../api/rbac/policy-rules.ts'
import type { ApiRequest, UserInfo } from '../../../machinery/rest.ts'
import { ApiError } from '../../../machinery/status.ts'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'
import type { Access } from './access.ts'
import { rulesAllow } from './rule-match.ts'

const rbac = { group: 'rbac.authorization.k8s.io' }
const jane: UserInfo = { name: 'jane', groups: ['system:authenticated'] }
const kubelet = (node: string): UserInfo => ({
  name: `system:node:${node}`,
  groups: ['system:nodes', 'system:authenticated'],
})

function refusalOf(action: () => unknown): string | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error.message
    throw error
  }
}

function asUser(
  lab: ApiLab,
  user: UserInfo,
  verb: ApiRequest['verb'],
  resource: string,
  more: Partial<ApiRequest> = {},
) {
  return refusalOf(() => lab.request(verb, resource, { user, ...more }))
}

function role(lab: ApiLab, name: string, rules: PolicyRule[]): void {
  lab.request('create', 'roles', { ...rbac, namespace: 'default', body: { metadata: { name }, rules } })
}

function bind(lab: ApiLab, name: string, kind: string, subject: object): void {
  const body = { metadata: { name }, roleRef: { ...{ apiGroup: rbac.group }, kind, name }, subjects: [subject] }
  lab.request('create', 'rolebindings', { ...rbac, namespace: 'default', body })
}

const toJane = { apiGroup: rbac.group, kind: 'User', name: 'jane' }

describe('[G2] rules', () => {
  const rule = (verbs: string, apiGroups: string, resources: string, names = ''): PolicyRule => ({
    ...{ verbs: verbs.split(' '), apiGroups: [apiGroups], resources: resources.split(' ') },
    ...(names && { resourceNames: names.split(' ') }),
  })
  const want = (verb: string, resource: string, more: Partial<Access> = {}): Access => ({
    ...{ user: jane, verb, group: '', resource },
    ...more,
  })

  it.each<[string, PolicyRule, Access, boolean]>([
    ['a verb that is named', rule('get list', '', 'pods'), want('list', 'pods'), true],
    ['no other verb', rule('get list', '', 'pods'), want('delete', 'pods'), false],
    ['no other group', rule('get', 'apps', 'pods'), want('get', 'pods'), false],
    ['everything by stars', rule('*', '*', '*'), want('fly', 'starships', { group: 'x' }), true],
    ['no subresource by its resource', rule('get', '', 'pods'), want('get', 'pods', { subresource: 'log' }), false],
    ['a subresource by its name', rule('get', '', 'pods/log'), want('get', 'pods', { subresource: 'log' }), true],
    ['a subresource of all', rule('get', '', '*/log'), want('get', 'pods', { subresource: 'log' }), true],
    ['subresources by a star', rule('get', '', '*'), want('get', 'pods', { subresource: 'log' }), true],
    ['a name that is named', rule('get', '', 'secrets', 'a b'), want('get', 'secrets', { name: 'b' }), true],
    ['no list by names', rule('list', '', 'secrets', 'a'), want('list', 'secrets'), false],
    [
      'a list of one name',
      rule('list', '', 'secrets', 'a'),
      want('list', 'secrets', { options: { fieldSelector: 'metadata.name=a' } }),
      true,
    ],
  ])('allow %s', (_, given, access, expected) => {
    expect(rulesAllow([given], access)).toBe(expected)
  })

  it.each([
    ['/healthz', '/healthz', true],
    ['/healthz/*', '/healthz/etcd', true],
    ['/healthz/*', '/healthz', false],
    ['*', '/metrics', true],
  ])('of the URL %s hold for %s: %s', (url, path, expected) => {
    const access = { user: jane, verb: 'get', group: '', resource: '', path }
    expect(rulesAllow([{ verbs: ['get'], nonResourceURLs: [url] }], access)).toBe(expected)
  })

  it('are covered verb by verb and resource by resource', () => {
    const held = [rule('get', '', 'pods */log'), rule('*', 'apps', '*')]
    const wanted = [rule('get list', '', 'pods pods/log'), rule('update', 'apps', 'deployments/scale')]
    const list = (resource: string): string => `{APIGroups:[""], Resources:["${resource}"], Verbs:["list"]}`
    expect(missingRules(held, wanted).map(ruleText)).toEqual([list('pods'), list('pods/log')])
  })
})

describe('[G2] RBAC', () => {
  it('allows what a bound role says in its namespace, at once, and nothing else', () => {
    const lab = apiLab()
    role(lab, 'reader', [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }])
    const list = (namespace: string) => asUser(lab, jane, 'list', 'pods', { namespace })
    expect(list('default')).toMatch(/^pods is forbidden: User "jane" cannot list resource "pods" in API group ""/)
    bind(lab, 'reader', 'Role', toJane)
    expect(list('default')).toBeUndefined()
    expect(list('kube-system')).toContain('in the namespace "kube-system"')
    lab.request('delete', 'rolebindings', { ...rbac, namespace: 'default', name: 'reader' })
    expect(list('default')).toContain('cannot list')
  })

  it('reaches service accounts by their binding’s namespace, and users by their groups', () => {
    const lab = apiLab()
    role(lab, 'reader', [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }])
    bind(lab, 'reader', 'Role', { kind: 'ServiceAccount', name: 'robot' })
    const robot = { name: 'system:serviceaccount:default:robot', groups: [] }
    expect(asUser(lab, robot, 'list', 'pods', { namespace: 'default' })).toBeUndefined()
    const monitor = { name: 'm', groups: ['system:monitoring'] }
    const allowed = (user: UserInfo) =>
      lab.api.server.authorizer.authorize({ user, verb: 'get', group: '', resource: '', path: '/metrics' }, lab.etcd)
    expect([allowed(monitor), allowed(jane)].map(verdict => verdict.allowed)).toEqual([true, false])
    expect(allowed(monitor).reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "system:monitoring" of ClusterRole "system:monitoring" to Group "system:monitoring"',
    )
  })

  it('says which role a binding looks for in vain', () => {
    const lab = apiLab()
    bind(lab, 'nowhere', 'Role', toJane)
    expect(asUser(lab, jane, 'list', 'pods', { namespace: 'default' })).toMatch(
      /in the namespace "default": RBAC: role.rbac.authorization.k8s.io "nowhere" not found$/,
    )
  })

  it('lets nobody give away what he has not, unless he may bind or escalate', () => {
    const lab = apiLab()
    const write = { verbs: ['create'], apiGroups: [rbac.group], resources: ['roles', 'rolebindings'] }
    role(lab, 'writer', [write, { verbs: ['get'], apiGroups: [''], resources: ['pods'] }])
    bind(lab, 'writer', 'Role', toJane)
    const give = (verbs: string[], name: string) =>
      asUser(lab, jane, 'create', 'roles', {
        ...rbac,
        namespace: 'default',
        body: { metadata: { name }, rules: [{ verbs, apiGroups: [''], resources: ['pods'] }] },
      })
    expect(give(['get'], 'same')).toBeUndefined()
    expect(give(['get', 'delete'], 'more')).toBe(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to ' +
        'grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}',
    )
    role(lab, 'escalator', [{ verbs: ['escalate'], apiGroups: [rbac.group], resources: ['roles'] }])
    bind(lab, 'escalator', 'Role', toJane)
    expect(give(['delete'], 'more')).toBeUndefined()
    const roleRef = { apiGroup: rbac.group, kind: 'ClusterRole', name: 'cluster-admin' }
    const binding = { metadata: { name: 'up' }, roleRef, subjects: [toJane] }
    const up = () => asUser(lab, jane, 'create', 'rolebindings', { ...rbac, namespace: 'default', body: binding })
    expect(up()).toContain('{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}')
    role(lab, 'binder', [
      { verbs: ['bind'], apiGroups: [rbac.group], resources: ['clusterroles'], resourceNames: ['cluster-admin'] },
    ])
    bind(lab, 'binder', 'Role', toJane)
    expect(up()).toBeUndefined()
  })

  it('is given back its default roles when a server starts, but for those that opted out', () => {
    const lab = apiLab()
    const name = 'system:node-proxier'
    const roles = { ...rbac, name }
    const read = () => JSON.parse(JSON.stringify(lab.request('get', 'clusterroles', roles).body))
    const before = read()
    lab.request('update', 'clusterroles', { ...roles, body: { ...before, rules: before.rules.slice(1) } })
    lab.request('delete', 'clusterroles', { ...rbac, name: 'system:basic-user' })
    lab.addServer('second')
    expect(missingRules(read().rules, before.rules)).toEqual([])
    expect(
      asUser(lab, { name: 'admin', groups: ['system:masters'] }, 'get', 'clusterroles', {
        ...rbac,
        name: 'system:basic-user',
      }),
    ).toBeUndefined()
    const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' }
    const metadata = { ...read().metadata, annotations }
    lab.request('update', 'clusterroles', { ...roles, body: { ...read(), metadata, rules: [] } })
    lab.addServer('third')
    expect(read().rules).toBeNull()
  })
})

describe('[G2] Node authorisation', () => {
  const pod = (name: string, volumes: object[]) => ({
    metadata: { name },
    spec: {
      nodeName: 'w1',
      serviceAccountName: 'default',
      volumes,
      containers: [
        { name: 'c', image: 'i', env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 'own', key: 'k' } } }] },
      ],
    },
  })

  it('shows a kubelet the Secrets and ConfigMaps of its own Pods', () => {
    const lab = apiLab()
    lab.request('create', 'nodes', { body: { metadata: { name: 'w1' } } })
    const get = (node: string, name: string) =>
      asUser(lab, kubelet(node), 'get', 'secrets', { namespace: 'default', name })
    const none = `no relationship found between node 'w1' and this object`
    expect(get('w1', 'own')).toContain(none)
    lab.request('create', 'pods', { namespace: 'default', body: pod('p', [{ name: 'v', configMap: { name: 'm' } }]) })
    expect(get('w1', 'own')).toBe('secrets "own" not found')
    expect(get('w1', 'other')).toContain(none)
    expect(get('w2', 'own')).toContain('is forbidden')
    const config = { namespace: 'default', name: 'm' }
    expect(asUser(lab, kubelet('w1'), 'get', 'configmaps', config)).toBe('configmaps "m" not found')
    lab.request('delete', 'pods', { namespace: 'default', name: 'p', options: { gracePeriodSeconds: 0 } })
    expect(get('w1', 'own')).toContain(none)
  })

  it.each<[string, ApiRequest['verb'], string, Partial<ApiRequest>]>([
    ["node 'w1' cannot read all nodes, only its own Node object", 'list', 'nodes', {}],
    ["node 'w1' cannot read 'w2', only its own Node object", 'get', 'nodes', { name: 'w2' }],
    ['can only list/watch pods with spec.nodeName field selector', 'list', 'pods', {}],
    ['can only read namespaced object of this type', 'list', 'secrets', {}],
    [
      'can only access leases in the "kube-node-lease" system namespace',
      'get',
      'leases',
      { group: 'coordination.k8s.io', namespace: 'default', name: 'w1' },
    ],
    [
      'can only access node lease with the same name as the requesting node',
      'update',
      'leases',
      { group: 'coordination.k8s.io', namespace: 'kube-node-lease', name: 'w2' },
    ],
  ])('says: %s', (reason, verb, resource, more) => {
    const message = asUser(apiLab(), kubelet('w1'), verb, resource, more)
    expect(message?.endsWith(`: ${reason}`)).toBe(true)
  })
})
