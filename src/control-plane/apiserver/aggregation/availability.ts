import type { APIService } from '../../../api/generated/apiregistration.v1.ts'
import type { Service } from '../../../api/generated/core.v1.ts'
import { quote } from '../../../machinery/go-text.ts'
import { parseJson } from '../../../machinery/json-text.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { attempt } from '../../../machinery/status.ts'
import type { StreamMessage } from '../../../machinery/streams.ts'
import { timestamp } from '../../../machinery/time.ts'
import type { Self } from '../../../sim/component.ts'
import { get } from '../../etcd/store.ts'
import { services } from '../known.ts'
import { isOf, storedObject } from '../objects.ts'
import { serve } from '../pipeline.ts'
import { fieldsOf, textOf } from '../record.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { servicesPrefix, slicesOf } from './api-services.ts'
import { checkSoon } from './reaction.ts'

type ApiServerSelf = Self<ApiServerState>

/** What the condition Available is to say. */
interface Verdict {
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

const loopback: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }
const userAgent = 'kube-apiserver'
/** The controller's resync period. */
const resyncMs = 30_000
/** How long a discovery check may take. */
const timeoutMs = 5_000
/** A check that failed is tried again after 5 ms, 10 ms … 30 s. */
const retryMs = 5

const local: Verdict = { status: 'True', reason: 'Local', message: 'Local APIServices are always available' }
const passed: Verdict = { status: 'True', reason: 'Passed', message: 'all checks passed' }

/**
 * Looks at every APIService: whether its Service, its port and its endpoints are there, and then whether somebody answers.
 * Models pkg/controllers/status/{local,remote}.
 */
export function syncAvailability(server: Server, self: ApiServerSelf): void {
  delete self.state.aggregation.event
  const all = server.apiServices.all()
  for (const apiService of all) {
    const verdict = apiService.spec.service ? missing(server, apiService) : local
    if (verdict) write(server, self, apiService, verdict)
    else ask(server, self, apiService)
  }
  if (server.apiServices.hasRemote()) checkSoon(self, resyncMs)
}

/** What is missing for a request to get anywhere, in the order of upstream's questions. */
function missing({ options }: Server, { spec }: APIService): Verdict | undefined {
  const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message })
  const { name = '', namespace = '', port = 443 } = spec.service ?? {}
  const where = `service/${name} in ${quote(namespace)}`
  const service = serviceOf(options.etcd(), namespace, name)
  if (!service) return no('ServiceNotFound', `${where} is not present`)
  if (service.spec.type !== 'ClusterIP') return undefined
  const found = service.spec.ports?.find(each => each.port === port)
  if (!found) return no('ServicePortError', `${where} is not listening on port ${port}`)
  const slices = slicesOf(options.etcd(), namespace, name)
  if (slices.length === 0) return no('EndpointsNotFound', `cannot find endpointslices for ${where}`)
  const portName = found.name ?? ''
  const hasOne = slices.some(
    ({ endpoints = [], ports = [] }) =>
      endpoints.some(({ conditions }) => conditions?.ready !== false) &&
      ports.some(each => (each.name ?? '') === portName && each.port !== undefined),
  )
  if (hasOne) return undefined
  return no('MissingEndpoints', `endpointslices for ${where} have no addresses with port name ${quote(portName)}`)
}

function serviceOf(etcd: Parameters<typeof get>[0], namespace: string, name: string): Service | undefined {
  const entry = get(etcd, `${servicesPrefix}${namespace}/${name}`)
  const object = entry && storedObject(entry)
  return isOf(services, object) ? object : undefined
}

/** Sends the discovery check: a request to the Service's address. Its answer comes as the event `stream`. */
function ask(server: Server, self: ApiServerSelf, apiService: APIService): void {
  const { checks } = self.state.aggregation
  const { name } = apiService.metadata
  if ([...checks.values()].some(check => check.name === name)) return
  const { group = '', version = '', service } = apiService.spec
  const found = serviceOf(server.options.etcd(), service?.namespace ?? '', service?.name ?? '')
  const door = server.options.kubelet
  const host = found?.spec.clusterIP
  if (!door || !host) return write(server, self, apiService, passed)
  const port = service?.port ?? 443
  const path = `/apis/${group}/${version}`
  const http = { method: 'GET', path, headers: { Host: `${host}:${port}` } }
  const request = { scheme: 'https', host, port, http, timeoutMs } as const
  const stream = door.proxy(self.name, request, { component: self.name, delayMs: 0 })
  checks.set(stream.id, { name, url: `https://${host}:${port}${path}` })
}

/** The answer to a discovery check. */
export function takeCheck(server: Server, self: ApiServerSelf, message: StreamMessage): void {
  const { checks, failures } = self.state.aggregation
  const check = checks.get(message.stream)
  if (!check || message.what === 'data') return
  checks.delete(message.stream)
  const apiService = server.apiServices.all().find(({ metadata }) => metadata.name === check.name)
  if (!apiService?.spec.service) return
  const why = message.what === 'answer' ? troubleWith(message, check.url) : 'EOF'
  if (why === undefined) {
    failures.delete(check.name)
    write(server, self, apiService, missing(server, apiService) ?? passed)
    return
  }
  const reason = 'FailedDiscoveryCheck'
  write(server, self, apiService, {
    status: 'False',
    reason,
    message: `failing or missing response from ${check.url}: ${why}`,
  })
  const count = failures.get(check.name) ?? 0
  failures.set(check.name, count + 1)
  checkSoon(self, Math.min(retryMs * 2 ** Math.min(count, 20), resyncMs))
}

function troubleWith({ answer }: Extract<StreamMessage, { what: 'answer' }>, url: string): string | undefined {
  if (!answer.ok || answer.status === undefined) return `Get "${url}": EOF`
  if (answer.status >= 200 && answer.status < 300) return undefined
  const unreached = /^error trying to reach service: (.*)$/.exec(
    textOf(fieldsOf(parseJson(answer.body).value?.value).message),
  )
  return unreached ? `Get "${url}": ${unreached[1] ?? ''}` : `bad status from ${url}: ${answer.status}`
}

/** Writes the condition, if it says something else than before. */
function write(server: Server, self: ApiServerSelf, apiService: APIService, verdict: Verdict): void {
  const conditions = apiService.status?.conditions ?? []
  const before = conditions.find(({ type }) => type === 'Available')
  const { status, reason, message } = verdict
  if (before?.status === status && before.reason === reason && before.message === message) return
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : timestamp(self.now)
  const others = conditions.filter(({ type }) => type !== 'Available')
  const next = { ...(lastTransitionTime && { lastTransitionTime }), message, reason, status, type: 'Available' }
  const body = { ...apiService, status: { ...apiService.status, conditions: [...others, next] } }
  const { name } = apiService.metadata
  attempt(() =>
    serve(server, self, {
      ...{
        verb: 'update',
        group: 'apiregistration.k8s.io',
        version: 'v1',
        resource: 'apiservices',
        subresource: 'status',
      },
      ...{ name, body, user: loopback, userAgent },
    }),
  )
}
