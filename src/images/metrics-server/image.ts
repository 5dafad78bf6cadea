import { Node } from '../../api/core/node.ts'
import { listCached } from '../../client/informer.ts'
import type { Answer, Delivered } from '../../network/exchange.ts'
import type { Image } from '../../node/runtime/image.ts'
import type { Process, Program } from '../../node/runtime/program.ts'
import { klog } from '../klog.ts'
import { listenOrExit, notFound, plain } from '../listening.ts'
import { accountOf } from '../service-account.ts'
import { componentType, haveSynced, type Informers, newInformers } from '../../node/metrics/informers.ts'
import { type Batch, decode, isReady, newBatch, newStorage, type Storage, storeBatch } from './points.ts'

export interface MetricsServerOptions {
  /** The state of a component of ours, while it is there. */
  stateOf(component: string): Informers | undefined
}

/** A process of metrics-server. Plain data. */
export interface MetricsServerState {
  readonly type: 'metrics-server'
  readonly storage: Storage
  readonly port: number
  readonly resolutionMs: number
  readonly skipsVerification: boolean
  /** The round that is under way: what it brought, and how many nodes have not answered. */
  round: { readonly number: number; readonly batch: Batch; waiting: number } | undefined
  rounds: number
  tickedAt: number
}

/** What comes back with the answer of a kubelet. */
interface ScrapeTag {
  readonly round: number
  readonly node: string
  readonly url: string
}

/** From exec until it watches and listens, in ms. */
const startUpMs = 1_500
const syncPollMs = 200
/** kubelet-request-timeout. */
const timeoutMs = 10_000

export function metricsServerImages(options: MetricsServerOptions): readonly Image[] {
  const program = programOf(options)
  const image = (repository: string, tags: RegExp): Image => ({
    repository,
    hasTag: tag => tags.test(tag),
    sizeBytes: 22_500_000,
    user: 65_534,
    entrypoint: ['/metrics-server'],
    programs: { '/metrics-server': program },
  })
  return [
    image('registry.k8s.io/metrics-server/metrics-server', /^v0\.([4-9])\.\d+$/),
    image('k8s.gcr.io/metrics-server/metrics-server', /^v0\.[3-6]\.\d+$/),
    image('k8s.gcr.io/metrics-server-amd64', /^v0\.[2-3]\.\d+$/),
  ]
}

/**
 * metrics-server: asks every kubelet what is used, and computes from the last two answers. What it knows of the API is its
 * component's (informers.ts); how it answers is in answers.ts. Models cmd/metrics-server and pkg/{scraper,server}.
 */
function programOf({ stateOf }: MetricsServerOptions): Program<MetricsServerState> {
  const informersOf = (process: Process): Informers | undefined => stateOf(componentOf(process))
  return {
    init: process => newState(process),
    start: process => void process.setTimer(startUpMs, 'start'),
    timer(process, data) {
      if (data === 'start') return begin(process)
      const informers = informersOf(process)
      if (data === 'sync') {
        if (!informers || !haveSynced(informers)) return waitForSync(process, informers)
        if (!listenOrExit(process, [[process.state.port, 'tcp']])) return
        klog(process, 'I', 'secure_serving.go:211', `"Serving securely on [::]:${process.state.port}"`)
      }
      if (informers) scrape(process, informers)
      process.setTimer(process.state.resolutionMs, 'tick')
    },
    answer: takeAnswer,
    serve: (process, request) => serve(process, request, informersOf(process)),
    signal(process, signal) {
      if (signal === 'TERM' || signal === 'INT') process.exit(0)
    },
    usage: ({ state }) => ({ cpuMillis: 3, memoryBytes: 18 * 2 ** 20 + state.storage.pods.size * 4_096 }),
    stopped: process => process.stopComponent(componentOf(process)),
  }
}

export function componentOf({ pod }: Process): string {
  return `${componentType}/${pod.uid}`
}

export function isMetricsServer(state: unknown): state is MetricsServerState {
  return typeof state === 'object' && state !== null && 'type' in state && state.type === 'metrics-server'
}

function newState({ argv, now }: Process): MetricsServerState {
  const flag = (name: string, otherwise: string): string =>
    argv.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise
  const seconds = /^(\d+)s$/.exec(flag('metric-resolution', '60s'))?.[1] ?? '60'
  return {
    type: 'metrics-server',
    storage: newStorage(),
    port: Number(flag('secure-port', '443')),
    resolutionMs: Math.max(Number(seconds), 10) * 1_000,
    skipsVerification: argv.includes('--kubelet-insecure-tls') || flag('kubelet-insecure-tls', '') === 'true',
    round: undefined,
    rounds: 0,
    tickedAt: now,
  }
}

function begin(process: Process<MetricsServerState>): void {
  process.startComponent(componentOf(process), componentType, newInformers(accountOf(process)))
  process.setTimer(syncPollMs, 'sync')
}

function waitForSync(process: Process, informers: Informers | undefined): void {
  const failure = informers?.failure
  if (failure !== undefined) {
    klog(process, 'E', 'reflector.go:205', `"Failed to watch" err="failed to list: ${failure}" type="*v1.Node"`)
  }
  process.setTimer(failure === undefined ? syncPollMs : 5_000, 'sync')
}

/** Asks every kubelet: all at once, where upstream lets a few ms pass between them. */
function scrape(process: Process<MetricsServerState>, { nodes }: Informers): void {
  const { state } = process
  const all = listCached(nodes, Node)
  state.rounds++
  state.tickedAt = process.now
  state.round = { number: state.rounds, batch: newBatch(), waiting: all.length }
  for (const { metadata, status } of all) {
    const host = status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? metadata.name
    const port = status.daemonEndpoints?.kubeletEndpoint?.Port ?? 10_250
    const url = `https://${host}:${port}/metrics/resource`
    const tag: ScrapeTag = { round: state.rounds, node: metadata.name, url }
    if (!state.skipsVerification) {
      const why = `tls: failed to verify certificate: x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`
      missed(process, tag, why)
      continue
    }
    const headers = { 'User-Agent': 'metrics-server/v0.8.0' }
    process.request(url, { headers }, tag, { timeoutMs })
  }
}

function takeAnswer(process: Process<MetricsServerState>, answer: Answer): void {
  const { tag } = answer
  const { round } = process.state
  if (!isScrapeTag(tag) || round?.number !== tag.round) return
  if (!answer.ok) return missed(process, tag, answer.failure)
  const { status = 0, body = '' } = answer.http ?? {}
  if (status !== 200) return missed(process, tag, `request failed, status: "${status}"`)
  decode(body, tag.node, round.batch)
  answered(process)
}

function missed(process: Process<MetricsServerState>, { node, url }: ScrapeTag, why: string): void {
  klog(process, 'E', 'scraper.go:149', `"Failed to scrape node" err="Get \\"${url}\\": ${why}" node="${node}"`)
  answered(process)
}

/** When all have answered or failed to, what they said replaces what was known. */
function answered({ state }: Process<MetricsServerState>): void {
  const { round } = state
  if (!round || --round.waiting > 0) return
  storeBatch(state.storage, round.batch, state.resolutionMs)
  state.round = undefined
}

function serve(process: Process<MetricsServerState>, request: Delivered, informers: Informers | undefined): void {
  const [path = ''] = (request.http?.path ?? '').split('?')
  const { state } = process
  if (path === '/livez' || path === '/healthz') {
    const isLate = process.now - state.tickedAt > 1.5 * state.resolutionMs
    return process.respond(request, isLate ? plain(500, 'livez check failed') : plain(200, 'ok'), 1)
  }
  if (path === '/readyz') {
    if (isReady(state.storage) && informers && haveSynced(informers)) {
      return process.respond(request, plain(200, 'ok'), 1)
    }
    klog(process, 'I', 'server.go:191', '"Failed probe" probe="metric-storage-ready" err="no metrics to serve"')
    return process.respond(
      request,
      plain(500, '[-]metric-storage-ready failed: reason withheld\nreadyz check failed'),
      1,
    )
  }
  // What the aggregator asks to see whether anybody is there. Questions about metrics come another way (cluster).
  if (path === '/apis/metrics.k8s.io/v1beta1') return process.respond(request, plain(200, '{}'), 1)
  process.respond(request, notFound, 1)
}

function isScrapeTag(tag: unknown): tag is ScrapeTag {
  return typeof tag === 'object' && tag !== null && 'round' in tag && 'node' in tag
}
