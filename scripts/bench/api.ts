import { Event } from '../../src/api/core/event.ts'
import { Pod } from '../../src/api/core/pod.ts'
import { type Api, createApi, type NewObject } from '../../src/client/api.ts'
import type { Transport } from '../../src/machinery/rest.ts'
import { apiLab, type ApiLab } from '../../src/testing/api-lab.ts'
import { atLeast, median, type Row } from './row.ts'

export const name = 'api'

const namespace = 'default'
const watchers = 1_000

/** Somebody who may do everything because a role says so, and not because nobody asks. */
const user = { name: 'bench', groups: ['system:authenticated'] }

/** A server alone with its Pods, and a client of it. */
interface Bench {
  readonly lab: ApiLab
  readonly api: Api
}

/** Requests a second of processor time through the server's own doors, and what a write costs that many watch. */
export function run(): Promise<Row[]> {
  return Promise.resolve([...inProcess(), ...asHttp(), fanOut()])
}

/** As components ask: with objects, through authorisation, admission and storage. */
function inProcess(): Row[] {
  const getPod = ({ api }: Bench, i: number): unknown => api.get(Pod, `web-${i % 1_000}`, namespace)
  const createPod = ({ api }: Bench, i: number): unknown => api.create(Pod, newPod(i))
  const createEvent = ({ api }: Bench, i: number): unknown => api.create(Event, newEvent(i))
  return [
    atLeast('get a Pod', rate(40_000, 1_000, getPod), 'per CPU s', 20_000),
    atLeast('create a Pod', rate(5_000, 0, createPod), 'per CPU s', 5_000),
    { name: 'create an Event', value: rate(10_000, 0, createEvent), unit: 'per CPU s' },
    { name: 'patch the status of a Pod', value: rate(10_000, 1_000, patchStatus), unit: 'per CPU s' },
  ]
}

/** As kubectl asks: with texts, which are parsed and written as well. */
function asHttp(): Row[] {
  const all = `/api/v1/namespaces/${namespace}/pods`
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const body = JSON.stringify({ metadata: { labels: { seen: 'yes' } } })
  const merge = 'application/merge-patch+json'
  const send = (
    { lab: { api, self } }: Bench,
    ...[method, path, accept, text = '', type = merge]: [string, string, string, string?, string?]
  ): unknown => {
    const answer = api.http(self, { method, path, body: text, headers: { accept, 'content-type': type } })
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status}`)
    return answer
  }
  const get = (bench: Bench, i: number): unknown => send(bench, 'GET', `${all}/web-${i % 1_000}`, 'application/json')
  const list = (bench: Bench): unknown => send(bench, 'GET', all, table)
  const patch = (bench: Bench, i: number): unknown =>
    send(bench, 'PATCH', `${all}/web-${i % 1_000}`, 'application/json', body)
  const create = (bench: Bench, i: number): unknown => {
    const text = JSON.stringify({ kind: 'Pod', apiVersion: 'v1', ...newPod(i) })
    return send(bench, 'POST', all, 'application/json', text, 'application/json')
  }
  const apply = (bench: Bench, i: number): unknown => {
    const metadata = { name: `set-${i % 1_000}` }
    const config = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: String(i) } })
    const path = `/api/v1/namespaces/${namespace}/configmaps/${metadata.name}?fieldManager=bench`
    return send(bench, 'PATCH', path, 'application/json', config, 'application/apply-patch+yaml')
  }
  return [
    { name: 'get a Pod, as HTTP', value: rate(5_000, 1_000, get), unit: 'per CPU s' },
    { name: 'list 1,000 Pods as a Table, as HTTP', value: rate(20, 1_000, list), unit: 'per CPU s' },
    { name: 'patch the labels of a Pod, as HTTP', value: rate(5_000, 1_000, patch), unit: 'per CPU s' },
    { name: 'create a Pod, as HTTP', value: rate(3_000, 0, create), unit: 'per CPU s' },
    { name: 'apply a ConfigMap, as HTTP', value: rate(3_000, 0, apply), unit: 'per CPU s' },
  ]
}

function fanOut(): Row {
  const writes = 200
  const { lab, api } = withPods(1)
  const resourceVersion = String(lab.etcd.revision)
  const watches = Array.from({ length: watchers }, () => lab.watch('pods', { resourceVersion }))
  const rates = [1, 2, 3].map(round =>
    perSecond(writes, i => {
      patchStatus({ api }, i * 1_000, String(round))
      lab.advance(10)
    }),
  )
  const told = watches.reduce((sum, watch) => sum + watch.events().length, 0)
  if (told !== 3 * writes * watchers) throw new Error(`${told} events reached the watchers`)
  return { name: `events to ${watchers} watchers of one Pod`, value: median(rates) * watchers, unit: 'per CPU s' }
}

function rate(times: number, pods: number, work: (bench: Bench, i: number) => unknown): number {
  const runs = [1, 2, 3].map(() => {
    const bench = withPods(pods)
    return perSecond(times, i => work(bench, i))
  })
  return median(runs)
}

function perSecond(times: number, work: (i: number) => unknown): number {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) work(i)
  const used = process.cpuUsage(before)
  return times / ((used.user + used.system) / 1e6)
}

function withPods(count: number): Bench {
  const lab = apiLab()
  const rbac = 'rbac.authorization.k8s.io'
  lab.request('create', 'clusterrolebindings', {
    group: rbac,
    body: {
      metadata: { name: user.name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: rbac, kind: 'User', name: user.name }],
    },
  })
  const transport: Transport = {
    request: request => lab.api.request(lab.self, request),
    watch: () => 0,
    stopWatch: () => undefined,
    latencyMs: () => 0,
  }
  const api = createApi(transport, { user, userAgent: name })
  for (let i = 0; i < count; i++) api.create(Pod, newPod(i))
  return { lab, api }
}

function newPod(i: number): NewObject<Pod> {
  const labels = { app: 'web' }
  return {
    metadata: { name: `web-${i}`, namespace, labels },
    spec: { containers: [{ name: 'web', image: 'nginx:1.25' }] },
  }
}

function newEvent(i: number): NewObject<Event> {
  const involvedObject = { kind: 'Pod', apiVersion: 'v1', namespace, name: 'web-1', uid: '1', resourceVersion: '7' }
  const time = '2026-01-15T09:00:00Z'
  return {
    metadata: { name: `web-1.${i}`, namespace },
    ...{ involvedObject, reason: 'Pulled', message: 'Container image "nginx:1.25" already present on machine' },
    ...{ source: { component: 'kubelet', host: 'w1' }, firstTimestamp: time, lastTimestamp: time, count: 1 },
    ...{ type: 'Normal', reportingComponent: 'kubelet', reportingInstance: 'w1' },
  }
}

/** What a kubelet sends when a Pod's readiness changes. */
function patchStatus({ api }: Pick<Bench, 'api'>, i: number, message = ''): unknown {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
  const lastTransitionTime = '2026-01-15T09:00:00Z'
  const status = Math.floor(i / 1_000) % 2 === 0 ? 'True' : 'False'
  const metadata = { name: `web-${i % 1_000}`, namespace }
  const conditions = [{ type: 'Ready', status, message, lastTransitionTime, lastProbeTime: null }]
  const order = types.map(type => ({ type }))
  return api.patch(
    Pod,
    { metadata },
    'strategic',
    { status: { phase: 'Running', '$setElementOrder/conditions': order, conditions } },
    'status',
  )
}
