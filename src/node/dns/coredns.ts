import { type DnsAnswer, type DnsQuery, type DnsRecord, isDnsAnswer, isDnsQuery } from '../../network/dns.ts'
import type { Answer, Delivered, HttpResponse, OpenExchange, Respond } from '../../network/exchange.ts'
import { publicDns } from '../../network/outside.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import { byRevision, type Followed, type FollowersState, revisionOf } from '../proxy/cursors.ts'
import { type Follow, followersName, type Unfollow } from '../proxy/followers.ts'
import { compileZone, lookUp, type Zone } from './zone.ts'

/** A CoreDNS server. What it knows of the cluster is a cursor (DESIGN.md, D9). Plain data. */
export interface CoreDnsState {
  readonly machine: string
  /** Its Pod's host on the network: questions that it forwards come from there. */
  readonly host: string
  /** Whether the kubernetes plugin has synced once: until then the server is not ready. */
  synced: boolean
}

export interface CoreDnsOptions {
  readonly followed: Pick<Followed, 'list'>
  /** State of the component `followers`. */
  followers(): FollowersState
}

/** Ports of the plugins health and ready. */
export const healthPort = 8_080
export const readyPort = 8_181
const watchLagMs = 30
/** What looking a name up takes. */
const workMs = 0.2
/** forward's read timeout. */
const forwardTimeoutMs = 2_000

/** What comes back with the answer to a question that was forwarded. */
interface ForwardTag {
  readonly exchange: number
  /** The alias that led there, part of the answer. */
  readonly alias: DnsRecord | null
}

export function newCoreDns(machine: string, host: string): CoreDnsState {
  return { machine, host, synced: false }
}

/**
 * The component `coredns/<pod uid>`: the image's process hands on to it every request that arrives at the Pod. Models
 * CoreDNS with the Corefile that kubeadm writes: kubernetes, forward, health, ready, loadbalance.
 */
export function createCoreDns(options: CoreDnsOptions): ComponentDefinition<CoreDnsState> {
  const zoneAt = byRevision(options.followers, revision => compileZone(options.followed, revision))
  const zoneOf = (self: Self<CoreDnsState>): Zone | undefined => {
    const revision = revisionOf(options.followers(), self.name, self.now)
    if (revision > 0) self.state.synced = true
    return revision === 0 ? undefined : zoneAt(revision)
  }
  return defineComponent<CoreDnsState>({
    type: 'coredns',
    on: {
      start: self => {
        const { machine } = self.state
        const follow: Follow = { name: self.name, machine, lagMs: watchLagMs, periodMs: 0 }
        self.send(followersName, 0, 'follow', follow)
      },
      exchange: (self, request: Delivered) => {
        const zone = zoneOf(self)
        if (isDnsQuery(request.payload)) answerQuery(self, zone, request.exchange, request.payload)
        else respond(self, request.exchange, { http: probe(self, request.port) })
      },
      answer: (self, answer: Answer) => {
        if (isForwardTag(answer.tag)) handBack(self, answer, answer.tag)
      },
    },
  })
}

/** What the process sends when it ends: the server's memory goes with it. */
export function unfollow(name: string): Unfollow {
  return { name, keep: false }
}

function answerQuery(self: Self<CoreDnsState>, zone: Zone | undefined, exchange: number, query: DnsQuery): void {
  const found = zone ? lookUp(zone, query) : undefined
  // A server that has seen nothing of the cluster yet fails, as long as it is asked for cluster names.
  if (found === undefined) return respond(self, exchange, { payload: failed })
  if (found === 'not ours') return forward(self, { exchange, alias: null }, query)
  if (found === 'no such name') return respond(self, exchange, { payload: answer('NXDOMAIN', []) })
  if ('alias' in found) return followAlias(self, zone, exchange, query, found.alias)
  respond(self, exchange, { payload: answer('NOERROR', shuffled(self, found)) })
}

/** An ExternalName: the alias, and what it stands for, looked up here or outside. */
function followAlias(
  self: Self<CoreDnsState>,
  zone: Zone | undefined,
  exchange: number,
  query: DnsQuery,
  alias: DnsRecord,
): void {
  if (query.type === 'CNAME' || !zone) return respond(self, exchange, { payload: answer('NOERROR', [alias]) })
  const target = { ...query, name: alias.data.replace(/\.$/, '') }
  const found = lookUp(zone, target)
  if (found === 'not ours') return forward(self, { exchange, alias }, target)
  const records = typeof found === 'string' || 'alias' in found ? [] : found
  respond(self, exchange, { payload: answer('NOERROR', [alias, ...records]) })
}

/** Asks the name server of the machine's resolv.conf. */
function forward(self: Self<CoreDnsState>, tag: ForwardTag, query: DnsQuery): void {
  const open: OpenExchange = {
    ...{ from: self.state.host, protocol: 'dns', host: publicDns, port: 53, payload: query },
    ...{ timeoutMs: forwardTimeoutMs, replyTo: { component: self.name, tag } },
  }
  self.send('network', 0, 'open', open)
}

function handBack(self: Self<CoreDnsState>, { ok, ...reply }: Answer, { exchange, alias }: ForwardTag): void {
  const payload = ok && 'payload' in reply && isDnsAnswer(reply.payload) ? reply.payload : failed
  const answers = alias ? [alias, ...payload.answers] : payload.answers
  // An alias exists even if what it stands for does not.
  const code = alias && payload.code === 'NXDOMAIN' ? 'NOERROR' : payload.code
  respond(self, exchange, { payload: { ...payload, code, answers } })
}

function isForwardTag(tag: unknown): tag is ForwardTag {
  return typeof tag === 'object' && tag !== null && 'exchange' in tag && 'alias' in tag
}

const failed: DnsAnswer = { code: 'SERVFAIL', answers: [], authoritative: false }

function answer(code: DnsAnswer['code'], answers: readonly DnsRecord[]): DnsAnswer {
  return { code, answers, authoritative: true }
}

/** The plugin loadbalance: addresses come in another order every time. */
function shuffled(self: Self<CoreDnsState>, records: readonly DnsRecord[]): readonly DnsRecord[] {
  if (records.length < 2) return records
  const start = Math.floor(self.random() * records.length)
  return [...records.slice(start), ...records.slice(0, start)]
}

function probe({ state }: Self<CoreDnsState>, port: number): HttpResponse {
  const isOk = port !== readyPort || state.synced
  const body = isOk ? 'OK' : 'kubernetes'
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(body.length) }
  return { status: isOk ? 200 : 503, headers, body }
}

function respond(self: Self<CoreDnsState>, exchange: number, content: Pick<Respond, 'http' | 'payload'>): void {
  const response: Respond = { exchange, afterMs: workMs, ...content }
  self.send('network', 0, 'respond', response)
}
