import { describe, expect, it } from 'vitest'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'
import { fieldsOf } from '../record.ts'
import { wantedOf } from './checker.ts'
import { readPolicy } from './policy.ts'
import { auditSettings, type AuditState } from './settings.ts'

const flags = ['kube-apiserver', '--audit-policy-file=/policy.yaml', '--audit-log-path=/var/log/audit.log']

function settings(policy: string | undefined, more: readonly string[] = []) {
  const place = { component: 'runtime/m-k8s', container: 'c1', read: () => policy }
  return auditSettings({ argv: [...flags, ...more], ...place })
}

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n'

function state(rules: string): AuditState {
  const { value } = settings(head + rules)
  if (!value) throw new Error('the policy is right')
  return value
}

/** A server with this policy, and what its log has of what is done. */
function lab(rules: string): ApiLab & { told(what: () => void): Record<string, unknown>[] } {
  const made = apiLab({ audit: state(rules) })
  const pending = (): string[] => made.self.state.audit?.pending ?? []
  return {
    ...made,
    told(what) {
      const before = pending().length
      what()
      return pending()
        .slice(before)
        .map(line => fieldsOf(JSON.parse(line)))
    },
  }
}

const everything = (level: string): string => `rules: [{ level: ${level} }]`
const body = { metadata: { name: 'one', namespace: 'default' }, data: { a: 'b' } }
const create = { namespace: 'default', body }

describe('[G5] audit policy', () => {
  const policy = readPolicy(`${head}rules:
- { level: None, users: ["system:kube-proxy"], verbs: ["watch"], resources: [{ group: "", resources: ["endpoints"] }] }
- { level: None, userGroups: ["system:authenticated"], nonResourceURLs: ["/api*", "/version"] }
- { level: Request, resources: [{ group: "", resources: ["configmaps"], resourceNames: ["watched"] }], namespaces: ["kube-system"] }
- { level: Metadata, resources: [{ group: "", resources: ["pods/log", "*/status"] }] }
- { level: RequestResponse, resources: [{ group: "apps" }], omitStages: ["RequestReceived"] }
- { level: Metadata, resources: [{ group: "", resources: ["services/*"] }] }
`)
  const jane = { name: 'jane', groups: ['system:authenticated'] }
  const level = (what: object): string => {
    if (policy.error !== undefined) throw new Error(policy.error)
    return wantedOf(policy.value, { user: jane, verb: 'get', group: '', resource: '', ...what }).level
  }

  it.each([
    ['what no rule fits', { resource: 'secrets', namespace: 'default' }, 'None'],
    ['a path by its beginning', { path: '/apis/apps' }, 'None'],
    ['a name in a namespace', { resource: 'configmaps', name: 'watched', namespace: 'kube-system' }, 'Request'],
    ['another name', { resource: 'configmaps', name: 'other', namespace: 'kube-system' }, 'None'],
    ['another namespace', { resource: 'configmaps', name: 'watched', namespace: 'default' }, 'None'],
    ['a subresource', { resource: 'pods', name: 'web', subresource: 'log' }, 'Metadata'],
    ['not the resource of a subresource', { resource: 'pods', name: 'web' }, 'None'],
    ['a subresource of whatever', { resource: 'nodes', name: 'w1', subresource: 'status' }, 'Metadata'],
    ['every subresource of one', { resource: 'services', name: 'web', subresource: 'proxy' }, 'Metadata'],
    ['a whole group', { group: 'apps', resource: 'deployments' }, 'RequestResponse'],
  ])('finds the rule for %s', (_, what, expected) => {
    expect(level(what)).toBe(expected)
  })

  it('lets the first rule that fits decide, by user and verb', () => {
    const proxy = { name: 'system:kube-proxy', groups: [] }
    expect(level({ user: proxy, verb: 'watch', resource: 'endpoints' })).toBe('None')
  })

  it.each([
    ['rules: []', 'loaded illegal policy with 0 rules'],
    [
      'rules: [{ level: All }]',
      'rules[0].level: Unsupported value: "All": supported values: "None", "Metadata", "Request", "RequestResponse"',
    ],
    ['rules: [{}]', 'rules[0].level: Required value'],
    [
      'omitStages: [Never]\nrules: [{ level: None }]',
      'omitStages[0]: Invalid value: "Never": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
    ],
  ])('refuses %j', (text, why) => {
    expect(settings(head + text).error).toBe(`loading audit policy file: ${why}: from file /policy.yaml`)
  })

  it('says that a policy is not there, and asks for none without the flag', () => {
    expect(settings(undefined).error).toBe(
      'loading audit policy file: failed to read file path "/policy.yaml": open /policy.yaml: no such file or directory',
    )
    const place = { component: 'r', container: 'c', read: () => undefined }
    expect(auditSettings({ argv: ['kube-apiserver'], ...place })).toEqual({ value: undefined })
  })
})

describe('[G5] audit log', () => {
  it('tells who did what to what, when it came and when it was over', () => {
    const server = lab(everything('Metadata'))
    const events = server.told(() => void server.request('create', 'configmaps', create))
    expect(events.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseComplete'])
    const [received, complete] = events
    expect(received?.auditID).toBe(complete?.auditID)
    expect(received).not.toHaveProperty('responseStatus')
    const { auditID: _, ...told } = complete ?? {}
    expect(told).toEqual({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      stage: 'ResponseComplete',
      requestURI: '/api/v1/namespaces/default/configmaps',
      verb: 'create',
      user: { username: 'tester', groups: ['system:masters', 'system:authenticated'] },
      sourceIPs: ['127.0.0.1'],
      userAgent: 'test',
      objectRef: { resource: 'configmaps', namespace: 'default', name: 'one', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 201 },
      requestReceivedTimestamp: '2026-01-15T09:00:00.000000Z',
      stageTimestamp: '2026-01-15T09:00:00.005000Z',
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    })
  })

  it.each([
    ['Metadata', false, false],
    ['Request', true, false],
    ['RequestResponse', true, true],
  ])('tells at level %s what was sent: %s, and what was answered: %s', (level, isSent, isAnswered) => {
    const server = lab(everything(level))
    const event = server.told(() => void server.request('create', 'configmaps', create)).at(-1)
    expect(event?.requestObject !== undefined).toBe(isSent)
    expect(event?.responseObject !== undefined).toBe(isAnswered)
    if (isAnswered) expect(event?.responseObject).toMatchObject({ kind: 'ConfigMap', data: { a: 'b' } })
  })

  it('tells of refusals with their Status, by which they can be counted', () => {
    const server = lab('omitStages: [RequestReceived]\nrules: [{ level: Metadata }]')
    const user = { name: 'jane', groups: ['system:authenticated'] }
    const events = server.told(() => {
      expect(() => server.request('get', 'secrets', { namespace: 'default', name: 'x', user })).toThrow('forbidden')
      expect(() => server.request('get', 'pods', { namespace: 'default', name: 'x' })).toThrow('not found')
    })
    expect(events).toMatchObject([
      {
        responseStatus: { reason: 'Forbidden', code: 403 },
        annotations: { 'authorization.k8s.io/decision': 'forbid' },
      },
      { responseStatus: { reason: 'NotFound', details: { name: 'x', kind: 'pods' }, code: 404 } },
    ])
  })

  it('tells of requests over HTTP as they were written, of those that nobody could read, too', () => {
    const server = lab('omitStages: [RequestReceived]\nrules: [{ level: Metadata }]')
    const headers = { 'User-Agent': 'curl/8.5.0', 'Content-Type': 'application/json' }
    const http = (method: string, path: string, text?: string) =>
      void server.api.http(server.self, { method, path, headers, body: text, source: '192.168.1.5' })
    const events = server.told(() => {
      http('GET', '/api/v1/pods?limit=5')
      http('POST', '/api/v1/namespaces/default/configmaps', '{')
      http('GET', '/version')
      http('GET', '/livez')
    })
    expect(
      events.map(({ requestURI, verb, responseStatus }) => [requestURI, verb, fieldsOf(responseStatus).code]),
    ).toEqual([
      ['/api/v1/pods?limit=5', 'list', 200],
      ['/api/v1/namespaces/default/configmaps', 'create', 400],
      ['/version', 'get', 200],
      ['/livez', 'get', 200],
    ])
    expect(events[0]).toMatchObject({ userAgent: 'curl/8.5.0', sourceIPs: ['192.168.1.5'] })
    expect(events[2]).not.toHaveProperty('objectRef')
  })

  it('tells who acts as somebody else', () => {
    const server = lab('omitStages: [RequestReceived]\nrules: [{ level: Metadata }]')
    const certificate = { user: 'admin', groups: ['system:masters'] }
    const request = { method: 'GET', path: '/api/v1/pods', headers: { 'Impersonate-User': 'jane' }, certificate }
    const [event] = server.told(() => void server.api.http(server.self, request))
    expect(event).toMatchObject({
      user: { username: 'admin' },
      impersonatedUser: { username: 'jane', groups: ['system:authenticated'] },
      responseStatus: { code: 403 },
    })
  })

  it('leaves managed fields out where the policy says so', () => {
    const server = lab('omitManagedFields: true\nrules: [{ level: RequestResponse }]')
    const headers = { 'Content-Type': 'application/json' }
    const path = '/api/v1/namespaces/default/configmaps'
    const text = JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', ...body })
    const events = server.told(() => void server.api.http(server.self, { method: 'POST', path, headers, body: text }))
    expect(events.at(-1)).toMatchObject({ responseObject: { metadata: { name: 'one' } } })
    expect(JSON.stringify(events)).not.toContain('managedFields')
  })

  it('says that a watch has begun, and of deletions what they ask for', () => {
    const server = lab(everything('Request'))
    server.request('create', 'configmaps', create)
    const watch = server.told(() => void server.watch('configmaps'))
    expect(watch.map(({ stage }) => stage)).toEqual(['RequestReceived', 'ResponseStarted'])
    expect(watch[0]).toMatchObject({ requestURI: '/api/v1/configmaps?watch=true', verb: 'watch' })
    const options = { propagationPolicy: 'Foreground' } as const
    const place = { namespace: 'default', name: 'one', options }
    const [, deletion] = server.told(() => void server.request('delete', 'configmaps', place))
    expect(deletion?.requestObject).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Foreground',
    })
  })

  it('notes what the audit level of a namespace would have refused', () => {
    const server = lab('omitStages: [RequestReceived]\nrules: [{ level: Metadata }]')
    const labels = { 'pod-security.kubernetes.io/audit': 'restricted' }
    server.request('create', 'namespaces', { body: { metadata: { name: 'strict', labels } } })
    const account = { metadata: { name: 'default', namespace: 'strict' } }
    server.request('create', 'serviceaccounts', { namespace: 'strict', body: account })
    const pod = {
      metadata: { name: 'web', namespace: 'strict' },
      spec: { containers: [{ name: 'web', image: 'nginx' }] },
    }
    const [event] = server.told(() => void server.request('create', 'pods', { namespace: 'strict', body: pod }))
    expect(fieldsOf(event?.annotations)).toMatchObject({
      'pod-security.kubernetes.io/enforce-policy': 'privileged:latest',
      'pod-security.kubernetes.io/audit-violations': expect.stringMatching(
        /^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false/,
      ),
    })
  })
})
