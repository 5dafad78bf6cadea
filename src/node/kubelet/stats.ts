import { microTimestamp, timestamp } from '../../machinery/time.ts'
import type { Delivered, HttpResponse, Listen, Respond } from '../../network/exchange.ts'
import type { ContainerStats, MachineStats } from '../cri/cri.ts'
import { callRuntime, type Kubelet } from './context.ts'

/**
 * The kubelet's HTTPS server, port 10250: `/stats/summary` and `/metrics/resource`, which metrics-server asks for, and
 * `/healthz`. What the API server connects to (logs, exec) goes its own way (streams.ts). Models
 * pkg/kubelet/server/{server.go,stats/summary.go} and pkg/kubelet/metrics/collectors/resource_metrics.go.
 */
export const kubeletPort = 10_250

/** Opens the port, on whatever addresses the machine has. */
export function listen({ self, state }: Kubelet): void {
  const tag = { component: self.name }
  const data: Listen = { host: state.config.nodeName, port: kubeletPort, protocol: 'tcp', tag }
  self.send('network', 0, 'listen', data)
}

/** Somebody asks. What containers use has to be asked of the runtime first. */
export function serve(kubelet: Kubelet, delivered: Delivered): void {
  const [path = ''] = (delivered.http?.path ?? '').split('?')
  if (path === '/healthz') return respond(kubelet, delivered.exchange, text(200, 'ok'))
  if (path !== '/stats/summary' && path !== '/metrics/resource') {
    return respond(kubelet, delivered.exchange, text(404, '404 page not found\n'))
  }
  const asked = { exchange: delivered.exchange, path }
  callRuntime(kubelet, { call: 'ListContainerStats' }, { uid: '', purpose: 'stats', asked })
}

/** The runtime has told what is used. */
export function answerStats(
  kubelet: Kubelet,
  { exchange, path }: { readonly exchange: number; readonly path: string },
  stats: MachineStats,
): void {
  if (path === '/metrics/resource') return respond(kubelet, exchange, text(200, resourceMetrics(stats)))
  const body = `${JSON.stringify(summary(kubelet, stats), undefined, 1)}`
  kubelet.state.lastStats = stats
  respond(kubelet, exchange, { status: 200, headers: { 'Content-Type': 'application/json' }, body })
}

function respond({ self }: Kubelet, exchange: number, http: HttpResponse): void {
  self.send('network', 0, 'respond', { exchange, afterMs: 1, http } satisfies Respond)
}

function text(status: number, body: string): HttpResponse {
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Content-Length': String(body.length) }
  return { status, headers, body }
}

/** Metrics in the order and with the help texts of the collector. */
function resourceMetrics({ at: now, cpuMs, memoryBytes, containers }: MachineStats): string {
  const at = Math.floor(now)
  const seconds = (ms: number): string => String(Number((ms / 1_000).toFixed(6)))
  const pods = podsOf(containers)
  const ofContainer = ({ name, pod }: ContainerStats): string =>
    `{container="${name}",namespace="${pod.namespace ?? ''}",pod="${pod.name}"}`
  const ofPod = ([first]: readonly ContainerStats[]): string =>
    `{namespace="${first?.pod.namespace ?? ''}",pod="${first?.pod.name ?? ''}"}`
  const sum = (list: readonly ContainerStats[], field: 'cpuMs' | 'memoryBytes'): number =>
    list.reduce((total, each) => total + each[field], 0)
  const families: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      ...(['container_cpu_usage_seconds_total', 'counter'] as const),
      'Cumulative cpu time consumed by the container in core-seconds',
      containers.map(each => `${ofContainer(each)} ${seconds(each.cpuMs)} ${at}`),
    ],
    [
      ...(['container_memory_working_set_bytes', 'gauge'] as const),
      'Current working set of the container in bytes',
      containers.map(each => `${ofContainer(each)} ${each.memoryBytes} ${at}`),
    ],
    [
      ...(['container_start_time_seconds', 'gauge'] as const),
      'Start time of the container since unix epoch in seconds',
      containers.map(each => `${ofContainer(each)} ${seconds(each.startedAt)}`),
    ],
    [
      ...(['node_cpu_usage_seconds_total', 'counter'] as const),
      'Cumulative cpu time consumed by the node in core-seconds',
      [` ${seconds(cpuMs)} ${at}`],
    ],
    [
      ...(['node_memory_working_set_bytes', 'gauge'] as const),
      'Current working set of the node in bytes',
      [` ${memoryBytes} ${at}`],
    ],
    [
      ...(['pod_cpu_usage_seconds_total', 'counter'] as const),
      'Cumulative cpu time consumed by the pod in core-seconds',
      pods.map(list => `${ofPod(list)} ${seconds(sum(list, 'cpuMs'))} ${at}`),
    ],
    [
      ...(['pod_memory_working_set_bytes', 'gauge'] as const),
      'Current working set of the pod in bytes',
      pods.map(list => `${ofPod(list)} ${sum(list, 'memoryBytes')} ${at}`),
    ],
    [
      ...(['resource_scrape_error', 'gauge'] as const),
      '1 if there was an error while getting container metrics, 0 otherwise',
      [' 0'],
    ],
  ]
  return families
    .filter(([, , , lines]) => lines.length > 0)
    .map(([name, type, help, lines]) => {
      const head = `# HELP ${name} [STABLE] ${help}\n# TYPE ${name} ${type}\n`
      return head + lines.map(line => `${name}${line}\n`).join('')
    })
    .join('')
}

function podsOf(containers: readonly ContainerStats[]): readonly (readonly ContainerStats[])[] {
  const byPod = new Map<string, ContainerStats[]>()
  for (const each of containers) {
    const list = byPod.get(each.pod.uid ?? '')
    if (list) list.push(each)
    else byPod.set(each.pod.uid ?? '', [each])
  }
  return [...byPod.values()]
}

interface Used {
  readonly cpuMs: number
  readonly memoryBytes: number
}

/** The document of `/stats/summary`, as far as anything of it is simulated (kubelet/pkg/apis/stats/v1alpha1). */
function summary({ state }: Kubelet, stats: MachineStats): object {
  const { at } = stats
  const last = state.lastStats
  const before = new Map(last?.containers.map(each => [each.id, each]))
  const spanMs = (since: number): number => Math.max(at - since, 1)
  const rate = (used: number, old: number, since: number): number => Math.round(((used - old) / spanMs(since)) * 1e9)
  const cpu = ({ cpuMs }: Used, nanoCores: number): object => ({
    time: timestamp(at),
    usageNanoCores: nanoCores,
    usageCoreNanoSeconds: Math.round(cpuMs * 1e6),
  })
  const memory = ({ memoryBytes }: Used, more: object = {}): object => ({
    time: timestamp(at),
    ...more,
    usageBytes: memoryBytes,
    workingSetBytes: memoryBytes,
    rssBytes: memoryBytes,
  })
  const ofContainer = (each: ContainerStats): number => {
    const old = before.get(each.id)
    return old ? rate(each.cpuMs, old.cpuMs, last?.at ?? at) : rate(each.cpuMs, 0, each.startedAt)
  }
  const total = (list: readonly ContainerStats[]): Used => ({
    cpuMs: list.reduce((sum, each) => sum + each.cpuMs, 0),
    memoryBytes: list.reduce((sum, each) => sum + each.memoryBytes, 0),
  })
  return {
    node: {
      nodeName: state.config.nodeName,
      startTime: timestamp(state.startedAt),
      cpu: cpu(stats, rate(stats.cpuMs, last?.cpuMs ?? 0, last?.at ?? state.startedAt)),
      memory: memory(stats, { availableBytes: stats.availableBytes }),
    },
    pods: podsOf(stats.containers).map(list => ({
      podRef: { name: list[0]?.pod.name, namespace: list[0]?.pod.namespace, uid: list[0]?.pod.uid },
      startTime: timestamp(Math.min(...list.map(({ startedAt }) => startedAt))),
      containers: list.map(each => ({
        name: each.name,
        startTime: microTimestamp(each.startedAt),
        cpu: cpu(each, ofContainer(each)),
        memory: memory(each),
      })),
      cpu: cpu(
        total(list),
        list.reduce((sum, each) => sum + ofContainer(each), 0),
      ),
      memory: memory(total(list)),
    })),
  }
}
