// Plays rounds of random requests at an API server and says what was wrong. A round is decided by its seed alone.
import { get, range } from '../../control-plane/etcd/store.ts'
import { compact } from '../../control-plane/etcd/compaction.ts'
import type { HttpStream } from '../../control-plane/apiserver/http/message.ts'
import type { WatchDelivery } from '../../machinery/rest.ts'
import { type ApiLab, apiLab } from '../api-lab.ts'
import type { HttpRequest, HttpResponse } from '../golden-api-replay.ts'
import { Chance } from './chance.ts'
import { problemsOf, StoreJudge, touchedPrototypes } from './judge.ts'
import { type Known, randomRequest } from './requests.ts'

export interface FuzzResult {
  readonly requests: number
  /** How often each code was answered. */
  readonly codes: Readonly<Record<string, number>>
  readonly problems: readonly string[]
  readonly slowest: { readonly ms: number; readonly request: string }
  /** What the server knew at the end. */
  readonly lab: ApiLab
}

/** A request that takes more of the processor keeps everybody waiting. */
const tooLongMs = 10_000

/** One round against a server of its own. */
export function fuzzRound(seed: number, requests: number): FuzzResult {
  return new Round(seed).play(requests)
}

class Round {
  private readonly chance: Chance
  private readonly lab = apiLab()
  private readonly judge: StoreJudge
  private readonly problems: string[] = []
  private readonly codes: Record<string, number> = {}
  private slowest = { ms: 0, request: '' }
  private readonly streams: (() => void)[] = []

  constructor(private readonly seed: number) {
    this.chance = new Chance(seed, 'fuzz')
    this.judge = new StoreJudge(this.lab, this.chance)
    for (const path of watched) this.open(path)
  }

  play(requests: number): FuzzResult {
    for (let i = 0; i < requests; i++) {
      const request = randomRequest(this.chance, this.anyKnown())
      for (const problem of this.problemsWith(request)) {
        this.problems.push(`seed ${this.seed}, request ${i}: ${problem}\n    ${shown(request)}`)
      }
      if (i % 200 === 199) this.forget()
    }
    return { requests, codes: this.codes, problems: this.problems, slowest: this.slowest, lab: this.lab }
  }

  /** The history must not grow for ever, and who asks for what is forgotten has to be told. */
  private forget(): void {
    const { etcd } = this.lab
    if (etcd.revision - 20 > etcd.compacted) compact(etcd, etcd.revision - 20)
  }

  private problemsWith(request: HttpRequest): string[] {
    const { revision } = this.lab.etcd
    const before = process.cpuUsage()
    try {
      const answer = sendTo(this.lab, request)
      const { user, system } = process.cpuUsage(before)
      const ms = (user + system) / 1000
      if (ms > this.slowest.ms) this.slowest = { ms, request: shown(request) }
      this.codes[answer.status] = (this.codes[answer.status] ?? 0) + 1
      const problems = [
        ...problemsOf(request, answer),
        ...this.judge.problemsSince(revision, request, answer),
        ...touchedPrototypes(),
      ]
      if (ms > tooLongMs) problems.push(`the answer took ${Math.round(ms)} ms`)
      this.lab.advance(this.chance.below(this.chance.is(0.05) ? 70_000 : 20))
      for (const read of this.streams) read()
      if (this.chance.is(0.05)) problems.push(...this.problemsOfHealth())
      return problems
    } catch (error) {
      return [
        `threw ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 9).join('\n      ') : String(error)}`,
      ]
    }
  }

  /** Whether the server still serves others. */
  private problemsOfHealth(): string[] {
    const headers = { Accept: 'application/json' }
    const answer = sendTo(this.lab, { method: 'GET', path: '/api/v1/namespaces/default', headers, body: undefined })
    return answer.status === 200 ? [] : [`the server does not answer afterwards: ${answer.status} ${answer.body}`]
  }

  /** Something that is in the server, as it reads. */
  private anyKnown(): Known | undefined {
    const { etcd, api } = this.lab
    const bucket = this.chance.any([...etcd.buckets.keys()])
    const entry = bucket === undefined ? undefined : this.chance.any(range(etcd, `/registry/${bucket}/`))
    const resource = entry && this.chance.any(api.server.resources.atKey(entry.key))
    if (!entry || !resource || !get(etcd, entry.key)) return undefined
    const { group, version, plural } = resource.kind
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    const names = entry.key.slice(resource.prefix.length).split('/').map(encodeURIComponent)
    const path =
      names.length > 1 ? `${root}/namespaces/${names[0]}/${plural}/${names[1]}` : `${root}/${plural}/${names[0]}`
    const answer = sendTo(this.lab, { method: 'GET', path, headers: { Accept: 'application/json' }, body: undefined })
    return answer.status === 200 ? { path, object: JSON.parse(answer.body) } : undefined
  }

  /** A watch that stays open: what is delivered to it is written as its client gets it. */
  private open([path, accept]: readonly [path: string, accept: string]): void {
    const { api, self, simulation } = this.lab
    const state: { deliveries: WatchDelivery[] } = { deliveries: [] }
    const component = `stream-${this.streams.length}`
    simulation.add(component, 'client', state)
    const answer = api.http(self, { method: 'GET', path, headers: { Accept: accept } }, { component, delayMs: 1 })
    if (!('lines' in answer)) throw new Error(`${path} is no watch`)
    this.streams.push(() => readAll(answer, state.deliveries.splice(0)))
  }
}

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'

const watched = [
  ['/api/v1/pods?watch=1&allowWatchBookmarks=true', table],
  ['/api/v1/configmaps?watch=1', 'application/json'],
  ['/api/v1/namespaces/default/services?watch=1', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'],
  ['/apis/apps/v1/deployments?watch=1&labelSelector=app%20notin%20(x)', table],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions?watch=1', table],
  ['/api/v1/events?watch=1', table],
] as const

function readAll({ lines }: HttpStream, deliveries: readonly WatchDelivery[]): void {
  for (const delivery of deliveries) for (const line of lines(delivery).split('\n')) if (line !== '') JSON.parse(line)
}

/** Sends a request, also one that opens a stream: without anybody to read it, it ends with what is there. */
export function sendTo({ api, self }: ApiLab, request: HttpRequest): HttpResponse {
  const answer = api.http(self, request)
  if (!('body' in answer)) throw new Error('a stream was opened although nobody listens')
  return { status: answer.status, headers: { ...answer.headers }, body: answer.body }
}

/** A request as one line, to be copied into a test. */
export function shown({ method, path, headers, body }: HttpRequest): string {
  const text = JSON.stringify({ method, path, headers, body })
  return text.length > 3_000 ? `${text.slice(0, 2_900)}… (${text.length} characters)` : text
}
