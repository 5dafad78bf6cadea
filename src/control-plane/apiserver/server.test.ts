import { describe, expect, it } from 'vitest'
import type { RequestEvidence } from '../../machinery/evidence.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { RequestOptions } from '../../machinery/rest.ts'
import { type ApiError, attempt } from '../../machinery/status.ts'
import { apiLab, type ApiLab } from '../../testing/api-lab.ts'
import { digestOf } from '../etcd/digest.ts'

const at = { namespace: 'default' }
const spec = { containers: [{ name: 'c', image: 'nginx' }], terminationGracePeriodSeconds: 30 }

function isObject(value: unknown): value is ApiObject & { spec: Record<string, unknown>; status: { phase: string } } {
  return typeof value === 'object' && value !== null && 'metadata' in value
}

function send(lab: ApiLab, ...[verb, resource, rest]: Parameters<ApiLab['request']>) {
  const { body } = lab.request(verb, resource, { ...at, ...rest })
  if (!isObject(body)) throw new Error('an object was expected')
  return body
}

const configMap = (lab: ApiLab, name: string, data: object = {}) =>
  send(lab, 'create', 'configmaps', { body: { metadata: { name }, data } })

const refusalOf = (action: () => unknown): ApiError | undefined => attempt(() => void action())

describe('[A3] API server', () => {
  it('refuses an update of a version that is not the newest, and takes one that names none', () => {
    const lab = apiLab()
    const old = configMap(lab, 'c')
    send(lab, 'update', 'configmaps', { name: 'c', body: { ...old, data: { a: '1' } } })
    const conflict = refusalOf(() =>
      send(lab, 'update', 'configmaps', { name: 'c', body: { ...old, data: { a: '2' } } }),
    )
    expect(conflict?.message).toBe(
      'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
    )
    const { resourceVersion: _, ...metadata } = old.metadata
    send(lab, 'update', 'configmaps', { name: 'c', body: { ...old, metadata, data: { a: '2' } } })
    expect(send(lab, 'get', 'configmaps', { name: 'c' })).toMatchObject({ data: { a: '2' } })
  })

  it('makes no revision of an update that changes nothing, and answers the very object that is stored', () => {
    const lab = apiLab()
    const stored = configMap(lab, 'c', { a: '1' })
    const { revision } = lab.etcd
    expect(send(lab, 'update', 'configmaps', { name: 'c', body: structuredClone(stored) })).toBe(stored)
    const patch = { name: 'c', patchType: 'merge', body: { data: { a: '1' } } } as const
    expect(send(lab, 'patch', 'configmaps', patch)).toBe(stored)
    expect(lab.etcd.revision).toBe(revision)
  })

  it('shares what did not change between versions, and between Pods of one template', () => {
    const lab = apiLab()
    const first = send(lab, 'create', 'pods', { body: { metadata: { generateName: 'web-' }, spec } })
    const second = send(lab, 'create', 'pods', { body: { metadata: { generateName: 'web-' }, spec: first.spec } })
    expect(second.metadata.name).not.toBe(first.metadata.name)
    expect(second.spec).toBe(first.spec)
    const name = first.metadata.name
    const running = { ...first, status: { ...first.status, phase: 'Running' } }
    const after = send(lab, 'update', 'pods', { name, subresource: 'status', body: running })
    expect(after.spec).toBe(first.spec)
    expect(after.status.phase).toBe('Running')
    expect(Object.isFrozen(after.status)).toBe(true)
  })

  it('changes nothing but status through status, and nothing of status otherwise', () => {
    const lab = apiLab()
    const pod = send(lab, 'create', 'pods', { body: { metadata: { name: 'p' }, spec } })
    const both = {
      ...pod,
      spec: { ...pod.spec, activeDeadlineSeconds: 5 },
      status: { ...pod.status, phase: 'Running' },
    }
    const byStatus = send(lab, 'update', 'pods', { name: 'p', subresource: 'status', body: both })
    expect([byStatus.spec, byStatus.status.phase]).toEqual([pod.spec, 'Running'])
    const again = { ...both, metadata: byStatus.metadata, status: { phase: 'Failed' } }
    const bySpec = send(lab, 'update', 'pods', { name: 'p', body: again })
    expect([bySpec.spec['activeDeadlineSeconds'], bySpec.status.phase]).toEqual([5, 'Running'])
    expect(bySpec.metadata.generation).toBe(2)
  })

  it('deletes a Pod that runs when its grace is over for the kubelet: the time can only become shorter', () => {
    const lab = apiLab()
    const body = { metadata: { name: 'p' }, spec: { ...spec, nodeName: 'w1' } }
    send(lab, 'create', 'pods', { body })
    const marked = send(lab, 'delete', 'pods', { name: 'p' })
    expect(marked.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, deletionTimestamp: '2026-01-15T09:00:30Z' })
    const options = (gracePeriodSeconds: number): { options: RequestOptions } => ({ options: { gracePeriodSeconds } })
    expect(send(lab, 'delete', 'pods', { name: 'p', ...options(60) })).toBe(marked)
    const sooner = send(lab, 'delete', 'pods', { name: 'p', ...options(10) })
    expect(sooner.metadata.deletionTimestamp).toBe('2026-01-15T09:00:10Z')
    send(lab, 'delete', 'pods', { name: 'p', ...options(0) })
    expect(refusalOf(() => send(lab, 'get', 'pods', { name: 'p' }))?.reason).toBe('NotFound')
  })

  it('deletes a Pod that nobody runs at once', () => {
    const lab = apiLab()
    send(lab, 'create', 'pods', { body: { metadata: { name: 'p' }, spec } })
    send(lab, 'delete', 'pods', { name: 'p' })
    expect(refusalOf(() => send(lab, 'get', 'pods', { name: 'p' }))?.reason).toBe('NotFound')
  })

  it('tries other names when a generated one is taken, and gives up after eight', () => {
    const lab = apiLab()
    const before = Array.from({ length: 40 }, () => lab.self.random())
    expect(new Set(before).size).toBe(40)
    const names = new Set<string>()
    for (let i = 0; i < 300; i++) {
      names.add(send(lab, 'create', 'configmaps', { body: { metadata: { generateName: 'c-' } } }).metadata.name)
    }
    expect(names.size).toBe(300)
    for (const name of names) expect(name).toMatch(/^c-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it('leaves the evidence of a request: its stages, who asked and the revision', () => {
    const lab = apiLab()
    configMap(lab, 'c')
    const isRequest = (data: unknown): data is RequestEvidence =>
      typeof data === 'object' && data !== null && 'stages' in data
    const entries = lab.simulation.trace.since(0).filter(({ type }) => type === 'request')
    const last = entries[entries.length - 1]?.data
    if (!isRequest(last)) throw new Error('the request left no evidence')
    expect(last).toMatchObject({
      verb: 'create',
      target: { resource: 'configmaps', namespace: 'default', name: 'c' },
      user: 'tester',
      code: 201,
      revision: lab.etcd.revision,
    })
    expect(last.stages.map(({ stage, by }) => (by ? `${stage} by ${by}` : stage))).toEqual([
      'authentication',
      'authorization by PrivilegedGroup',
      'mutating admission by NamespaceLifecycle',
      'mutating admission by MutatingAdmissionPolicy',
      'validation',
      'validating admission by NamespaceLifecycle',
      'validating admission by ValidatingAdmissionPolicy',
      'validating admission by ResourceQuota',
      'storage',
    ])
  })

  it('names the stage at which a request was refused', () => {
    const lab = apiLab()
    refusalOf(() => send(lab, 'create', 'configmaps', { namespace: 'nowhere', body: { metadata: { name: 'c' } } }))
    const entries = lab.simulation.trace.since(0).filter(({ type }) => type === 'request')
    expect(entries[entries.length - 1]?.data).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
      stages: [
        { stage: 'authentication' },
        { stage: 'authorization' },
        { stage: 'mutating admission', verdict: 'denied' },
      ],
    })
  })

  it('refuses what an authorizer does not allow, in its words', () => {
    const closed = apiLab({ authorizer: { authorize: () => ({ allowed: false, reason: '', by: 'RBAC' }) } })
    const user = { name: 'jane', groups: [] }
    expect(refusalOf(() => closed.request('list', 'pods', { ...at, user }))?.message).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    )
  })

  it('forgets Events after an hour', () => {
    const lab = apiLab()
    const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' }
    const event = (name: string) =>
      send(lab, 'create', 'events', { body: { metadata: { name }, involvedObject, reason: 'X' } })
    event('one')
    lab.advance(30 * 60_000)
    event('two')
    lab.advance(32 * 60_000)
    expect(refusalOf(() => send(lab, 'get', 'events', { name: 'one' }))?.reason).toBe('NotFound')
    expect(send(lab, 'get', 'events', { name: 'two' }).metadata.name).toBe('two')
  })

  it('serves Events of both APIs from one store', () => {
    const lab = apiLab()
    const v1 = { group: 'events.k8s.io', version: 'v1' }
    const regarding = { kind: 'Pod', namespace: 'default', name: 'p' }
    const more = {
      eventTime: '2026-01-15T09:00:00.000000Z',
      reportingController: 'a/b',
      reportingInstance: 'i',
      action: 'A',
    }
    const body = { metadata: { name: 'e' }, regarding, note: 'hello', reason: 'R', type: 'Normal', ...more }
    send(lab, 'create', 'events', { ...v1, body })
    expect(send(lab, 'get', 'events', { name: 'e' })).toMatchObject({
      apiVersion: 'v1',
      message: 'hello',
      involvedObject: regarding,
    })
    expect(send(lab, 'get', 'events', { ...v1, name: 'e' })).toMatchObject({ note: 'hello', regarding })
  })

  it('refuses writes and consistent reads while etcd has no quorum, and serves reads from its cache', () => {
    const failure = 'etcdserver: request timed out'
    const quorum = { isLost: false }
    const lab = apiLab({ etcdFailure: () => (quorum.isLost ? failure : undefined) })
    configMap(lab, 'c')
    quorum.isLost = true
    expect(refusalOf(() => configMap(lab, 'd'))).toMatchObject({ code: 500, message: failure })
    expect(refusalOf(() => send(lab, 'get', 'configmaps', { name: 'c' }))?.message).toBe(failure)
    expect(send(lab, 'get', 'configmaps', { name: 'c', options: { resourceVersion: '0' } }).metadata.name).toBe('c')
  })

  it('passes on that the database is full, and can still delete', () => {
    const lab = apiLab({ quotaBytes: 150_000 })
    const fill = (): ApiError | undefined => {
      for (let i = 0; i < 200; i++) {
        const refusal = refusalOf(() => configMap(lab, `c${i}`, { text: 'x'.repeat(1000) }))
        if (refusal) return refusal
      }
      return undefined
    }
    expect(fill()).toMatchObject({ code: 500, message: 'etcdserver: mvcc: database space exceeded' })
    lab.request('delete', 'configmaps', { ...at, name: 'c0' })
    expect(refusalOf(() => send(lab, 'get', 'configmaps', { name: 'c0' }))?.reason).toBe('NotFound')
  })

  it('gives every Service an address and a port of its own, and takes them back', () => {
    const lab = apiLab()
    const create = (name: string) =>
      send(lab, 'create', 'services', {
        body: { metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      })
    const created = Array.from({ length: 60 }, (_, i) => create(`s${i}`))
    const ips = new Set(created.map(service => service.spec['clusterIP']))
    expect(ips.size).toBe(60)
    const [first] = created
    lab.request('delete', 'services', { ...at, name: 's0' })
    const body = { metadata: { name: 'again' }, spec: { ...first?.spec } }
    expect(send(lab, 'create', 'services', { body }).spec).toEqual(first?.spec)
  })

  it('lets a follower read a revision that history has forgotten', () => {
    const lab = apiLab()
    const services = { group: '', version: 'v1', plural: 'services' }
    const { revision } = lab.etcd
    lab.api.pin(services, revision)
    send(lab, 'create', 'services', { body: { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } } })
    lab.advance(11 * 60_000)
    expect(lab.etcd.compacted).toBeGreaterThan(revision)
    const names = (at: number): string[] => lab.api.readAt(services, at).map(({ metadata }) => metadata.name)
    expect(names(revision)).toEqual(['kubernetes'])
    expect(names(lab.etcd.revision)).toEqual(['kubernetes', 's'])
  })

  it('is one of several: what one of them writes the watchers of all others see, each watch under a number of its own', () => {
    const lab = apiLab()
    const other = lab.addServer('kube-apiserver-2')
    const here = lab.watch('configmaps', { resourceVersion: '1' })
    const user = { name: 'tester', groups: ['system:masters'] }
    const common = { group: '', version: 'v1', resource: 'configmaps', user, userAgent: 'test' }
    const seen: string[] = []
    const watchThere = { verb: 'watch' as const, ...common, options: { resourceVersion: '1' } }
    const there = lab.api.watch(other, watchThere, { component: here.component, delayMs: 5 })
    expect(there).not.toBe(here.id)
    configMap(lab, 'by-the-first')
    lab.api.request(other, { verb: 'create', ...common, ...at, body: { metadata: { name: 'by-the-second' } } })
    lab.advance(20)
    for (const { watchId, events } of here.deliveries) {
      for (const { object } of events) seen.push(`${watchId === there ? 'there' : 'here'} ${object.metadata.name}`)
    }
    const expected = ['here by-the-first', 'here by-the-second', 'there by-the-first', 'there by-the-second']
    expect(seen.sort()).toEqual(expected)
    expect(send(lab, 'get', 'configmaps', { name: 'by-the-second' }).metadata.name).toBe('by-the-second')
  })

  it('knows the tokens of service accounts that it gave out, until they expire', () => {
    const lab = apiLab()
    const body = { spec: { expirationSeconds: 600 } }
    const { status } = send(lab, 'create', 'serviceaccounts', { name: 'default', subresource: 'token', body })
    const token = String(Reflect.get(status, 'token'))
    const whoami = (credentials: string): unknown => {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
      const headers = { Authorization: `Bearer ${credentials}`, 'Content-Type': 'application/json' }
      const answer = lab.api.http(lab.self, { method: 'POST', path, headers, body: '{}' })
      const parsed: unknown = 'body' in answer ? JSON.parse(answer.body) : undefined
      return parsed
    }
    const username = 'system:serviceaccount:default:default'
    expect(whoami(token)).toMatchObject({
      status: { userInfo: { username, groups: expect.arrayContaining(['system:serviceaccounts']) as unknown } },
    })
    expect(whoami(`${token}x`)).toMatchObject({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' })
    lab.advance(601_000)
    expect(whoami(token)).toMatchObject({ code: 401 })
  })

  it('makes the same history from the same seed', () => {
    const run = (seed: number): string => {
      const lab = apiLab({ seed })
      for (let i = 0; i < 20; i++) send(lab, 'create', 'pods', { body: { metadata: { generateName: 'p-' }, spec } })
      return digestOf(lab.etcd)
    }
    expect(run(7)).toBe(run(7))
    expect(run(7)).not.toBe(run(8))
  })
})
