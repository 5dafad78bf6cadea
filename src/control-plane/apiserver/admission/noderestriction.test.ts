import { beforeEach, describe, expect, it } from 'vitest'
import type { ApiRequest } from '../../../machinery/rest.ts'
import { type ApiError, attempt } from '../../../machinery/status.ts'
import { fieldsOf, textOf } from '../record.ts'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'

const kubelet = { name: 'system:node:w1', groups: ['system:nodes', 'system:authenticated'] }
const containers = [{ name: 'web', image: 'nginx' }]

describe('[G2] NodeRestriction at subresources', () => {
  let lab: ApiLab
  beforeEach(() => {
    // Who may ask at all is another matter: here everybody may.
    lab = apiLab({ authorizer: { authorize: () => ({ allowed: true, reason: '', by: 'Test' }) } })
    for (const name of ['w1', 'w2']) {
      lab.request('create', 'nodes', { body: { metadata: { name } } })
      const pod = { metadata: { name: `on-${name}`, labels: { app: 'web' } }, spec: { nodeName: name, containers } }
      lab.request('create', 'pods', { namespace: 'default', body: pod })
    }
  })

  function refusal(verb: ApiRequest['verb'], resource: string, rest: Partial<ApiRequest>): ApiError | undefined {
    return attempt(() => lab.request(verb, resource, { user: kubelet, namespace: 'default', ...rest }))
  }

  function patchStatus(name: string, body: object): ApiError | undefined {
    return refusal('patch', 'pods', { name, subresource: 'status', patchType: 'merge', body })
  }

  it('lets a kubelet write the status of its own Pods only', () => {
    expect(patchStatus('on-w1', { status: { phase: 'Running' } })).toBeUndefined()
    expect(patchStatus('on-w2', { status: { phase: 'Running' } })?.message).toBe(
      'pods "on-w2" is forbidden: node "w1" can only update pod status for pods with spec.nodeName set to itself',
    )
  })

  it('lets no status change labels or claims', () => {
    expect(patchStatus('on-w1', { metadata: { labels: { app: 'other' } } })?.message).toBe(
      'pods "on-w1" is forbidden: node "w1" cannot update labels through pod status',
    )
    const resourceClaimStatuses = [{ name: 'gpu', resourceClaimName: 'mine' }]
    expect(patchStatus('on-w1', { status: { resourceClaimStatuses } })?.message).toContain(
      'cannot update resource claim',
    )
  })

  it('lets a kubelet write the status of its own Node only, and no taints by it', () => {
    const status = { conditions: [{ type: 'Ready', status: 'True' }] }
    const write = (name: string, body: object): ApiError | undefined =>
      refusal('patch', 'nodes', { ...{ name, subresource: 'status', patchType: 'merge', body }, namespace: '' })
    expect(write('w1', { status })).toBeUndefined()
    expect(write('w2', { status })?.message).toContain('node "w1" is not allowed to modify node "w2"')
    expect(write('w1', { metadata: { labels: { 'node-role.kubernetes.io/master': '' } } })?.message).toBe(
      'nodes "w1" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/master',
    )
  })

  it('lets a kubelet evict its own Pods only', () => {
    const evict = (name: string): ApiError | undefined =>
      refusal('create', 'pods', { name, subresource: 'eviction', body: { metadata: { name } } })
    expect(evict('on-w2')?.message).toBe(
      'pods "on-w2" is forbidden: node w1 can only evict pods with spec.nodeName set to itself',
    )
    expect(evict('on-w1')).toBeUndefined()
  })

  it('gives a kubelet tokens for its own Pods only', () => {
    const { body } = lab.request('get', 'pods', { namespace: 'default', name: 'on-w1' })
    const uid = textOf(fieldsOf(fieldsOf(body).metadata).uid)
    const ask = (ref: object | undefined): string | undefined =>
      refusal('create', 'serviceaccounts', {
        ...{ name: 'default', subresource: 'token' },
        body: { spec: { audiences: ['api'], boundObjectRef: ref && { apiVersion: 'v1', kind: 'Pod', ...ref } } },
      })?.message
    expect(ask({ name: 'on-w1', uid })).toBeUndefined()
    expect(ask(undefined)).toContain('node requested token not bound to a pod')
    expect(ask({ name: 'on-w1' })).toContain('node requested token with a pod binding without a uid')
    expect(ask({ name: 'nobody', uid })).toBe('pods "nobody" not found')
    expect(ask({ name: 'on-w1', uid: 'old' })).toContain('(old) does not match the UID in record.')
    const other = fieldsOf(fieldsOf(lab.request('get', 'pods', { namespace: 'default', name: 'on-w2' }).body).metadata)
    expect(ask({ name: 'on-w2', uid: other.uid })).toContain('bound to a pod scheduled on a different node')
  })
})
