import { describe, expect, it } from 'vitest'
import { encodeBase64 } from '../../../api/meta/base64.ts'
import { isFields } from '../record.ts'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'
import type { HttpRequest } from '../http/message.ts'

type Headers = HttpRequest['headers']

function send(lab: ApiLab, request: Partial<HttpRequest>): { status: number; body: Record<string, unknown> } {
  const answer = lab.api.http(lab.self, { method: 'GET', path: '/', headers: {}, ...request })
  if ('lines' in answer || !('body' in answer)) throw new Error('no stream was asked for')
  const body: unknown = answer.body.startsWith('{') ? JSON.parse(answer.body) : {}
  return { status: answer.status, body: isFields(body) ? body : {} }
}

/** What `kubectl auth whoami` would print. */
function whoAmI(lab: ApiLab, headers: Headers, certificate?: HttpRequest['certificate']): unknown {
  const { status, body } = send(lab, {
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    certificate,
  })
  return status === 201 && isFields(body.status) ? body.status.userInfo : body.message
}

function tokenFor(lab: ApiLab, spec: object): string {
  const answer = lab.request('create', 'serviceaccounts', {
    ...{ namespace: 'default', name: 'default', subresource: 'token' },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec },
  })
  const { status } = JSON.parse(JSON.stringify(answer.body))
  return status.token
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` })
const authenticated = 'system:authenticated'

describe('[G1] authentication', () => {
  it('takes the subject of a client certificate for the user, before any token', () => {
    const certificate = { user: 'jane', groups: ['devs'], fingerprint: 'ab12' }
    expect(whoAmI(apiLab(), bearer('wrong'), certificate)).toEqual({
      username: 'jane',
      groups: ['devs', authenticated],
      extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=ab12'] },
    })
  })

  it('knows static tokens, calls nobody system:anonymous, and refuses a token that says nothing', () => {
    const staticTokens = { secret: { name: 'boss', groups: ['system:masters'] } }
    const lab = apiLab({ authentication: { staticTokens, nobody: null } })
    expect(whoAmI(lab, bearer('secret'))).toEqual({ username: 'boss', groups: ['system:masters', authenticated] })
    expect(whoAmI(lab, {})).toMatch(/^selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous"/)
    expect(send(lab, { path: '/healthz' }).status).toBe(200)
    expect(send(lab, { path: '/api/v1/pods', headers: bearer('constructor') })).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized', reason: 'Unauthorized' },
    })
  })

  it('lets machines in by bootstrap tokens until these expire', () => {
    const lab = apiLab()
    const data = Object.entries({
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
      expiration: '2026-01-15T10:00:00Z',
    }).map(([name, value]) => [name, encodeBase64(value)])
    const body = {
      metadata: { name: 'bootstrap-token-abcdef' },
      type: 'bootstrap.kubernetes.io/token',
      data: Object.fromEntries(data),
    }
    lab.request('create', 'secrets', { namespace: 'kube-system', body })
    const groups = ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token', authenticated]
    const headers = bearer('abcdef.0123456789abcdef')
    expect(whoAmI(lab, headers)).toEqual({ username: 'system:bootstrap:abcdef', groups })
    expect(whoAmI(lab, bearer('abcdef.0123456789abcdee'))).toBe('Unauthorized')
    lab.advance(3_600_000)
    expect(whoAmI(lab, headers)).toBe('Unauthorized')
  })

  it('ends tokens with what they are bound to: the Pod, the account', () => {
    const lab = apiLab()
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } }
    lab.request('create', 'pods', { namespace: 'default', body: pod })
    const free = tokenFor(lab, {})
    const bound = tokenFor(lab, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } })
    expect(whoAmI(lab, bearer(bound))).toMatchObject({
      username: 'system:serviceaccount:default:default',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', authenticated],
      extra: { 'authentication.kubernetes.io/pod-name': ['p'] },
    })
    lab.request('delete', 'pods', { namespace: 'default', name: 'p' })
    expect([whoAmI(lab, bearer(bound)), whoAmI(lab, bearer(free))]).toEqual(['Unauthorized', expect.anything()])
    lab.request('delete', 'serviceaccounts', { namespace: 'default', name: 'default' })
    lab.request('create', 'serviceaccounts', { namespace: 'default', body: { metadata: { name: 'default' } } })
    expect(whoAmI(lab, bearer(free)), 'an account of the same name is another account').toBe('Unauthorized')
  })

  it('reviews tokens for the audiences that are asked for', () => {
    const lab = apiLab()
    const token = tokenFor(lab, { audiences: ['vault'] })
    const review = (spec: object) => {
      const request = { group: 'authentication.k8s.io', body: { spec: { token, ...spec } } }
      const { status } = JSON.parse(JSON.stringify(lab.request('create', 'tokenreviews', request).body))
      return status
    }
    expect(review({ audiences: ['vault', 'other'] })).toMatchObject({ authenticated: true, audiences: ['vault'] })
    expect(review({})).toEqual({ user: {}, error: 'invalid bearer token' })
    expect(whoAmI(lab, bearer(token)), 'it is not meant for the API server').toBe('Unauthorized')
  })
})

describe('[G2] impersonation', () => {
  const certificate = { user: 'bob', groups: [] }

  it('has to be allowed for the user, each group and each extra', () => {
    const lab = apiLab()
    const rbac = { group: 'rbac.authorization.k8s.io' }
    const rules = [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['jane'] }]
    lab.request('create', 'clusterroles', { ...rbac, body: { metadata: { name: 'as-jane' }, rules } })
    const roleRef = { apiGroup: rbac.group, kind: 'ClusterRole', name: 'as-jane' }
    const subjects = [{ apiGroup: rbac.group, kind: 'User', name: 'bob' }]
    lab.request('create', 'clusterrolebindings', {
      ...rbac,
      body: { metadata: { name: 'as-jane' }, roleRef, subjects },
    })
    const as = (headers: Headers) => whoAmI(lab, headers, certificate)
    expect(as({ 'Impersonate-User': 'jane' })).toEqual({ username: 'jane', groups: [authenticated] })
    expect(as({ 'Impersonate-User': 'jim' })).toBe(
      'users "jim" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    )
    expect(as({ 'Impersonate-User': 'jane', 'Impersonate-Group': 'devs' })).toBe(
      'groups "devs" is forbidden: User "bob" cannot impersonate resource "groups" in API group "" at the cluster scope',
    )
    expect(as({ 'Impersonate-User': 'jane', 'Impersonate-Extra-scopes': 'view' })).toBe(
      'userextras.authentication.k8s.io "view" is forbidden: User "bob" cannot impersonate resource "userextras/scopes" in ' +
        'API group "authentication.k8s.io" at the cluster scope',
    )
    expect(as({ 'Impersonate-User': 'system:serviceaccount:default:robot' })).toBe(
      'serviceaccounts "robot" is forbidden: User "bob" cannot impersonate resource "serviceaccounts" in API group "" in the ' +
        'namespace "default"',
    )
  })

  it('leaves the stages of the gate in the trace, of those who are refused, too', () => {
    const lab = apiLab()
    send(lab, { path: '/api/v1/pods', headers: { 'Impersonate-User': 'jane' } })
    const entry = lab.simulation.trace.since(0).findLast(({ type }) => type === 'request')
    expect(entry?.data).toMatchObject({
      user: 'jane',
      code: 403,
      stages: [
        { stage: 'authentication', verdict: 'known', by: 'Nobody' },
        { stage: 'impersonation', verdict: 'allowed', detail: 'admin acts as jane' },
        { stage: 'authorization', verdict: 'denied', by: 'RBAC' },
      ],
    })
  })
})
