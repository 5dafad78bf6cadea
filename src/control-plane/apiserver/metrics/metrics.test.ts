import { describe, expect, it } from 'vitest'
import { healthChecks } from '../http/health.ts'
import type { ApiServerState } from '../state.ts'
import { type ApiLab, apiLab } from '../../../testing/api-lab.ts'

function get({ api, simulation }: ApiLab, path: string): { status: number; body: string } {
  const self = simulation.self<ApiServerState>('kube-apiserver')
  const answer = api.http(self, { method: 'GET', path, headers: {} })
  return { status: answer.status, body: 'body' in answer ? answer.body : '' }
}

function lines(lab: ApiLab, start: string): string[] {
  return get(lab, '/metrics')
    .body.split('\n')
    .filter(line => line.startsWith(start))
}

const configMap = (name: string) => ({ metadata: { name, namespace: 'default' }, data: {} })

describe('[A3] /metrics of the API server', () => {
  it('counts requests by verb, resource, scope and code', () => {
    const lab = apiLab()
    const place = { namespace: 'default' }
    for (const name of ['one', 'two']) lab.request('create', 'configmaps', { ...place, body: configMap(name) })
    expect(() => lab.request('create', 'configmaps', { ...place, body: configMap('two') })).toThrow('already exists')
    lab.request('create', 'configmaps', { ...place, body: configMap('dry'), options: { dryRun: true } })
    lab.request('list', 'configmaps', place)
    expect(lines(lab, 'apiserver_request_total{').filter(line => line.includes('"configmaps"'))).toEqual([
      'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1"} 1',
      'apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 2',
      'apiserver_request_total{code="201",component="apiserver",dry_run="All",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1',
      'apiserver_request_total{code="409",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1',
    ])
    // Neither the dry run nor what failed is a write.
    expect(lines(lab, 'etcd_requests_total{group="",operation="create",resource="configmaps"}')).toEqual([
      'etcd_requests_total{group="",operation="create",resource="configmaps"} 2',
    ])
  })

  it('puts a request into the buckets of what its caller is charged', () => {
    const lab = apiLab()
    lab.request('list', 'secrets', { namespace: 'default' })
    const labels =
      'component="apiserver",dry_run="",group="",resource="secrets",scope="namespace",subresource="",verb="LIST",version="v1"'
    const own = lines(lab, 'apiserver_request_duration_seconds').filter(line => line.includes(labels))
    expect(own).toHaveLength(26)
    expect(own).toEqual(
      expect.arrayContaining([
        `apiserver_request_duration_seconds_bucket{${labels},le="0.005"} 1`,
        `apiserver_request_duration_seconds_bucket{${labels},le="+Inf"} 1`,
        `apiserver_request_duration_seconds_sum{${labels}} 0.004`,
        `apiserver_request_duration_seconds_count{${labels}} 1`,
      ]),
    )
  })

  it('tells what is stored and who watches, and what watchers were told', () => {
    const lab = apiLab()
    lab.watch('configmaps')
    lab.advance(1_000)
    lab.request('create', 'configmaps', { namespace: 'default', body: configMap('one') })
    lab.advance(1_000)
    expect(lines(lab, 'apiserver_storage_objects{resource="configmaps"}')).toEqual([
      'apiserver_storage_objects{resource="configmaps"} 1',
    ])
    expect(lines(lab, 'apiserver_longrunning_requests{').join()).toContain('resource="configmaps",scope="cluster"')
    expect(lines(lab, 'apiserver_watch_events_total{')).toEqual([
      'apiserver_watch_events_total{group="",resource="configmaps",version="v1"} 1',
    ])
  })

  it('counts whom authorization refused apart from requests', () => {
    const lab = apiLab()
    const nobody = { name: 'nobody', groups: ['system:authenticated'] }
    expect(() => lab.request('list', 'secrets', { namespace: 'default', user: nobody })).toThrow('forbidden')
    expect(lines(lab, 'authorization_attempts_total{result="no-opinion"}')).toEqual([
      'authorization_attempts_total{result="no-opinion"} 1',
    ])
    expect(lines(lab, 'apiserver_request_total').filter(line => line.includes('"secrets"'))).toEqual([])
  })

  it('comes back with a checkpoint', () => {
    const lab = apiLab()
    const { simulation } = lab
    const saved = simulation.checkpoint()
    const before = get(lab, '/metrics').body
    lab.request('list', 'secrets', { namespace: 'default' })
    expect(get(lab, '/metrics').body).not.toBe(before)
    simulation.restore(saved)
    expect(get(lab, '/metrics').body).toBe(before)
  })
})

describe('[A3] health of the API server', () => {
  it('says ok, and with verbose what was checked', () => {
    const lab = apiLab()
    expect(get(lab, '/readyz')).toEqual({ status: 200, body: 'ok' })
    const { body } = get(lab, '/readyz?verbose')
    expect(body).toMatch(
      /^\[\+\]ping ok\n\[\+\]log ok\n\[\+\]etcd ok\n\[\+\]etcd-readiness ok\n\[\+\]informer-sync ok\n/,
    )
    expect(body).toMatch(/\n\[\+\]shutdown ok\nreadyz check passed\n$/)
    expect(get(lab, '/livez/poststarthook/rbac/bootstrap-roles')).toEqual({ status: 200, body: 'ok' })
    expect(get(lab, '/livez/shutdown').status).toBe(404)
  })

  it('withholds why a check failed, but for who asks for that check', () => {
    const quorum = { isLost: false }
    const lab = apiLab({ etcdFailure: () => (quorum.isLost ? 'etcdserver: request timed out' : undefined) })
    quorum.isLost = true
    const { status, body } = get(lab, '/livez')
    expect(status).toBe(500)
    expect(body).toContain('[+]log ok\n[-]etcd failed: reason withheld\n[+]poststarthook/')
    expect(body).toMatch(/\nlivez check failed\n$/)
    expect(get(lab, '/livez/etcd')).toEqual({
      status: 500,
      body: 'internal server error: error getting data from etcd: etcdserver: request timed out\n',
    })
  })

  it('leaves out checks that it is told to, and says which it does not know', () => {
    const quorum = { isLost: false }
    const lab = apiLab({ etcdFailure: () => (quorum.isLost ? 'etcdserver: request timed out' : undefined) })
    quorum.isLost = true
    expect(get(lab, '/livez?exclude=etcd')).toEqual({ status: 200, body: 'ok' })
    const { body } = get(lab, '/livez?verbose&exclude=etcd&exclude=foo')
    expect(body).toContain('[+]etcd excluded: ok\n')
    expect(body).toContain('warn: some health checks cannot be excluded: no matches for "foo"\nlivez check passed\n')
  })

  it('is not ready before it has made what every server makes', () => {
    const lab = apiLab()
    const failed = healthChecks('readyz', lab.api.server, lab.api.initialState()).filter(check => check.failure)
    expect(failed.map(({ name }) => name)).toContain('poststarthook/rbac/bootstrap-roles')
    expect(failed.map(({ name }) => name)).not.toContain('etcd')
  })
})
