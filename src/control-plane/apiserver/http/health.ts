import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import type { Exchange } from './exchange.ts'
import type { HttpResponse } from './message.ts'
import { plainText } from './write.ts'

export const healthGroups = ['healthz', 'livez', 'readyz'] as const

export type HealthGroup = (typeof healthGroups)[number]

/** One check: its name, and why it does not hold. */
interface Check {
  readonly name: string
  readonly failure?: string | undefined
}

/** What upstream's server does when it starts, by the names of its hooks, of which ours does its part (bootstrap.ts). */
const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map(hook => `poststarthook/${hook}`)

const registered = ['autoregister-completion']
const openApiHooks = ['poststarthook/apiservice-openapi-controller', 'poststarthook/apiservice-openapiv3-controller']

/**
 * The checks of a group in their order. Until the server has made what every server makes, its hooks have not finished;
 * without etcd it goes on living, and says that it cannot reach it.
 */
export function healthChecks(group: HealthGroup, { options }: Server, { startedAt }: ApiServerState): Check[] {
  const unreachable = options.etcdFailure?.()
  const etcd = unreachable === undefined ? undefined : `error getting data from etcd: ${unreachable}`
  const unfinished = startedAt === 0 ? 'not finished' : undefined
  const isReady = group === 'readyz'
  return [
    { name: 'ping' },
    { name: 'log' },
    { name: 'etcd', failure: etcd },
    ...(isReady ? [{ name: 'etcd-readiness', failure: etcd }, { name: 'informer-sync' }] : []),
    ...[...hooks, ...registered, ...openApiHooks].map(name => ({ name, failure: unfinished })),
    ...(isReady ? [{ name: 'shutdown' }] : []),
  ]
}

/**
 * `/livez`, `/readyz`, `/healthz` and each check below them: apiserver/pkg/server/healthz. Failures are told in full only
 * to who may ask for the single check.
 */
export function healthAt({ parts, query, server, self }: Exchange): HttpResponse | undefined {
  const [first, ...rest] = parts
  const group = healthGroups.find(name => name === first)
  if (!group) return undefined
  const checks = healthChecks(group, server, self.state)
  if (rest.length > 0) return single(checks, rest.join('/'))
  const excluded = new Set((query.get('exclude') ?? []).flatMap(names => names.split(',')).filter(Boolean))
  let hasFailed = false
  const lines = checks.map(({ name, failure }) => {
    if (excluded.delete(name)) return `[+]${name} excluded: ok\n`
    if (failure === undefined) return `[+]${name} ok\n`
    hasFailed = true
    return `[-]${name} failed: reason withheld\n`
  })
  if (excluded.size > 0) {
    const names = [...excluded].sort().map(name => JSON.stringify(name))
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names.join(', ')}\n`)
  }
  // Whoever learns of a failure is told of every check.
  if (hasFailed) return answered(500, `${lines.join('')}${group} check failed\n`)
  return answered(200, query.has('verbose') ? `${lines.join('')}${group} check passed\n` : 'ok')
}

function single(checks: readonly Check[], name: string): HttpResponse | undefined {
  const check = checks.find(each => each.name === name)
  if (!check) return undefined
  const { failure } = check
  return failure === undefined ? answered(200, 'ok') : answered(500, `internal server error: ${failure}\n`)
}

function answered(status: number, body: string): HttpResponse {
  const { headers, ...rest } = plainText(status, body)
  return { ...rest, headers: { ...headers, 'X-Content-Type-Options': 'nosniff' } }
}
