import type { Self } from '../../../sim/component.ts'
import { range } from '../../etcd/store.ts'
import { healthChecks, healthGroups } from '../http/health.ts'
import { requestMs, storageMs } from '../request-cost.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { byKey, type Counted, countedRequests } from './counters.ts'
import { histogram, metric, type Sample } from './exposition.ts'

/** Buckets of request and etcd durations, in seconds (endpoints/metrics/metrics.go). */
const buckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60]

/** `/metrics`: what this server has counted since it was started, in Prometheus' text format, names in their order. */
export function serverMetrics(server: Server, self: Self<ApiServerState>): string {
  const { state } = self
  const requests = countedRequests(state.counters)
  return [
    auditEvents(state),
    inflight,
    longRunning(state),
    requestDurations(requests),
    requestTotals(state, requests),
    resourceObjects(server),
    storageSize(server),
    watchEvents(state),
    access(state),
    etcdRequests(requests),
    buildInfo,
    metric('process_start_time_seconds', 'gauge', 'ALPHA', 'Start time of the process since unix epoch in seconds.', [
      { labels: {}, value: state.startedAt / 1000 },
    ]),
  ].join('')
}

/** `/metrics/slis`: whether each check of health holds (component-base/metrics/prometheus/slis). */
export function healthMetrics(server: Server, self: Self<ApiServerState>): string {
  const samples = healthGroups.flatMap(type =>
    healthChecks(type, server, self.state).map(({ name, failure }) => ({
      labels: { name, type },
      value: failure === undefined ? 1 : 0,
    })),
  )
  const help = 'This metric records the result of a single healthcheck.'
  return metric('kubernetes_healthcheck', 'gauge', 'STABLE', help, samples)
}

function auditEvents({ audit }: ApiServerState): string {
  const help = 'Counter of audit events generated and sent to the audit backend.'
  const byLevel = 'Counter of policy levels for audit events (1 per request).'
  const levels = [...(audit?.levels ?? [])].map(([level, value]) => ({ labels: { level }, value }))
  return (
    metric('apiserver_audit_event_total', 'counter', 'ALPHA', help, [{ labels: {}, value: audit?.events ?? 0 }]) +
    metric('apiserver_audit_level_total', 'counter', 'ALPHA', byLevel, levels)
  )
}

/** A request is served at one instant: only the one that asks is under way. */
const inflight = metric(
  'apiserver_current_inflight_requests',
  'gauge',
  'STABLE',
  'Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
  [
    { labels: { request_kind: 'mutating' }, value: 0 },
    { labels: { request_kind: 'readOnly' }, value: 1 },
  ],
)

const buildInfo = metric(
  'kubernetes_build_info',
  'gauge',
  'ALPHA',
  "A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
  [{ labels: { git_version: 'v1.36.2', go_version: 'go1.26.10', major: '1', minor: '36' }, value: 1 }],
)

function longRunning({ watches }: ApiServerState): string {
  const counts = new Map<string, Sample>()
  for (const { version, namespace } of watches.values()) {
    const [group, inVersion, resource] = version
    const scope = namespace === undefined ? 'cluster' : 'namespace'
    const labels = {
      component: 'apiserver',
      group,
      resource,
      scope,
      subresource: '',
      verb: 'WATCH',
      version: inVersion,
    }
    const key = `${group}|${inVersion}|${resource}|${scope}`
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 })
  }
  const samples = [...counts].sort(byKey).map(([, sample]) => sample)
  const help =
    'Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.'
  return metric('apiserver_longrunning_requests', 'gauge', 'STABLE', help, samples)
}

const words: Readonly<Record<Counted['verb'], string>> = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  apply: 'APPLY',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
}

const connections: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy'])

function labelsOf(counted: Counted): Record<string, string> {
  const { verb, group, version, resource, subresource, scope, isDryRun } = counted
  return {
    component: 'apiserver',
    dry_run: isDryRun ? 'All' : '',
    group,
    resource,
    scope,
    subresource,
    verb: connections.has(subresource) ? 'CONNECT' : words[verb],
    version,
  }
}

function requestDurations(requests: readonly Counted[]): string {
  const observed = requests
    // What goes on has no duration yet.
    .filter(({ verb, subresource }) => verb !== 'watch' && !connections.has(subresource))
    .map(counted => ({
      labels: labelsOf(counted),
      seconds: requestMs(counted.verb === 'apply' ? 'patch' : counted.verb) / 1000,
      count: counted.count,
    }))
  const help =
    'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.'
  return histogram('apiserver_request_duration_seconds', 'STABLE', help, buckets, observed)
}

function requestTotals({ counters: { paths } }: ApiServerState, requests: readonly Counted[]): string {
  const totals = new Map<string, Sample>()
  const add = (labels: Record<string, string>, count: number): void => {
    const key = JSON.stringify(labels)
    totals.set(key, { labels, value: (totals.get(key)?.value ?? 0) + count })
  }
  for (const [key, count] of [...paths].sort(byKey)) {
    const [subresource = '', code = ''] = key.split('|')
    const nothing = { group: '', resource: '', scope: '', version: '' }
    const { group, resource, scope, version } = nothing
    add({ code, component: '', dry_run: '', group, resource, scope, subresource, verb: 'GET', version }, count)
  }
  for (const counted of requests) add({ code: counted.code, ...labelsOf(counted) }, counted.count)
  const help =
    'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.'
  return metric('apiserver_request_total', 'counter', 'STABLE', help, [...totals.values()])
}

/** Objects in etcd by resource, counted when somebody asks. */
function resourceObjects({ resources, options }: Server): string {
  const etcd = options.etcd()
  const counts = [...resources.all()]
    .filter(({ conversion, verbs }) => !conversion && verbs.has('create') && verbs.has('list'))
    .map(({ kind, name, prefix }) => ({
      group: kind.group,
      plural: kind.plural,
      name,
      count: range(etcd, prefix).length,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const help =
    'Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.'
  const samples = counts.map(({ group, plural, count }) => ({ labels: { group, resource: plural }, value: count }))
  const old = counts.map(({ name, count }) => ({ labels: { resource: name }, value: count }))
  return (
    metric('apiserver_resource_objects', 'gauge', 'ALPHA', help, samples) +
    metric('apiserver_storage_objects', 'gauge', 'STABLE', help, old)
  )
}

function storageSize({ options }: Server): string {
  const help = 'Size of the storage database file physically allocated in bytes.'
  const samples = [{ labels: { storage_cluster_id: 'etcd-0' }, value: options.etcd().databaseBytes }]
  return metric('apiserver_storage_size_bytes', 'gauge', 'STABLE', help, samples)
}

function watchEvents({ counters }: ApiServerState): string {
  const samples = [...counters.watchEvents].sort(byKey).map(([key, value]) => {
    const [group = '', version = '', resource = ''] = key.split('|')
    return { labels: { group, resource, version }, value }
  })
  const help = 'Number of events sent in watch clients'
  return metric('apiserver_watch_events_total', 'counter', 'ALPHA', help, samples)
}

/** Requests of components of the simulation are known by where they come from: they count as authenticated, too. */
function access({ counters }: ApiServerState): string {
  const { authenticated, unauthenticated, allowed, denied } = counters
  const authentication = [
    { labels: { result: 'failure' }, value: unauthenticated },
    { labels: { result: 'success' }, value: authenticated },
  ]
  const authorization = [
    { labels: { result: 'allowed' }, value: allowed },
    { labels: { result: 'no-opinion' }, value: denied },
  ]
  return (
    metric('authentication_attempts', 'counter', 'ALPHA', 'Counter of authenticated attempts.', authentication) +
    metric(
      'authorization_attempts_total',
      'counter',
      'ALPHA',
      'Counter of authorization attempts broken down by result.',
      authorization,
    )
  )
}

const operations: Readonly<Partial<Record<Counted['verb'], string>>> = {
  create: 'create',
  update: 'update',
  patch: 'update',
  apply: 'update',
  delete: 'delete',
}

/** Writes only: what is read comes out of the cache and asks nothing of etcd's disk. */
function etcdRequests(requests: readonly Counted[]): string {
  const counts = new Map<string, { labels: Record<string, string>; value: number }>()
  for (const { verb, group, resource, isWritten, count } of requests) {
    const operation = operations[verb]
    if (!isWritten || operation === undefined) continue
    const key = `${group}|${operation}|${resource}`
    counts.set(key, { labels: { group, operation, resource }, value: (counts.get(key)?.value ?? 0) + count })
  }
  const samples = [...counts].sort(byKey).map(([, sample]) => sample)
  const observed = samples.map(({ labels, value }) => ({ labels, seconds: storageMs / 1000, count: value }))
  const help = 'Etcd request latency in seconds for each operation and object type.'
  return (
    histogram('etcd_request_duration_seconds', 'ALPHA', help, buckets, observed) +
    metric(
      'etcd_requests_total',
      'counter',
      'ALPHA',
      'Etcd request counts for each operation and object type.',
      samples,
    )
  )
}
