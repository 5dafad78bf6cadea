import type { Answer, Host, OpenExchange } from './exchange.ts'
import { isDnsAnswer, addressesOf } from './dns.ts'
import { fail, recordBegin } from './ending.ts'
import { answerTimeoutMs, attempts, resolve } from './resolver.ts'
import { type Exchange, machineOf, type NetworkState, transportOf } from './state.ts'
import { type Carrier, connect } from './travel.ts'
import { mayShow } from './visibility.ts'

/** Comes back with the answers to the resolver's own questions. */
interface LookupTag {
  readonly lookup: number
}

/** A client wants something: resolve the name, connect, ask. */
export function openExchange(carrier: Carrier, open: OpenExchange): void {
  const { self } = carrier
  const { state } = self
  const id = state.nextExchange++
  const exchange: Exchange = {
    ...{ id, open, openedAt: self.now, phase: 'resolving', address: '' },
    shown: mayShow(state, open, self.now),
    ...{ step: 0, losses: 0, legSince: self.now },
  }
  state.exchanges.set(id, exchange)
  // Over UDP nothing else tells a client that nobody answers.
  const timeoutMs = open.timeoutMs ?? (transportOf(open.protocol) === 'udp' ? answerTimeoutMs : undefined)
  if (timeoutMs !== undefined) exchange.timeout = self.schedule(timeoutMs, 'timeout', id)
  if (open.connectTimeoutMs !== undefined) {
    exchange.connectTimeout = self.schedule(open.connectTimeoutMs, 'connect-timeout', id)
  }
  recordBegin(self, exchange)
  const from = state.hosts.get(open.from)
  if (!from) return fail(self, exchange, 'no route')
  const resolution = resolve(from, dnsOf(state, from), open.host)
  if ('address' in resolution) {
    exchange.address = resolution.address
    exchange.phase = 'connecting'
    connect(carrier, exchange)
    return
  }
  exchange.lookup = { candidates: resolution.candidates, index: 0, attempt: 0 }
  ask(carrier, exchange)
}

/** A Pod that has no resolver of its own (dnsPolicy Default) uses its machine's. */
function dnsOf(state: NetworkState, host: Host): Host['dns'] {
  return host.dns ?? state.hosts.get(machineOf(host))?.dns
}

/** Asks the host's DNS server for the next candidate name. */
function ask(carrier: Carrier, { id, open, lookup }: Exchange): void {
  const { self } = carrier
  const exchange = self.state.exchanges.get(id)
  const from = self.state.hosts.get(open.from)
  const dns = from && dnsOf(self.state, from)
  const name = lookup?.candidates[lookup.index]
  if (!exchange) return
  if (!dns || name === undefined) return fail(self, exchange, 'name not resolved')
  const tag: LookupTag = { lookup: id }
  openExchange(carrier, {
    ...{ from: open.from, protocol: 'dns', host: dns.server, port: 53, timeoutMs: answerTimeoutMs },
    ...{ payload: { name, type: 'A' }, replyTo: { component: self.name, tag } },
  })
}

export function isLookupTag(tag: unknown): tag is LookupTag {
  return typeof tag === 'object' && tag !== null && 'lookup' in tag
}

/** The DNS server has answered, or has not. */
export function takeLookup(carrier: Carrier, answer: Answer, tag: LookupTag): void {
  const { self } = carrier
  const exchange = self.state.exchanges.get(tag.lookup)
  const lookup = exchange?.lookup
  if (!exchange || !lookup || exchange.phase !== 'resolving') return
  const reply = answer.ok && isDnsAnswer(answer.payload) ? answer.payload : undefined
  const [address] = reply ? addressesOf(reply) : []
  if (address !== undefined) {
    exchange.address = address
    exchange.phase = 'connecting'
    connect(carrier, exchange)
    return
  }
  const isKnownNotToBe = reply?.code === 'NXDOMAIN' || reply?.code === 'NOERROR'
  if (!isKnownNotToBe && ++lookup.attempt < attempts) return ask(carrier, exchange)
  // glibc gives up for good when a server does not answer; one that fails is asked for the next name.
  if (!reply) return fail(self, exchange, 'name not resolved')
  lookup.index++
  lookup.attempt = 0
  ask(carrier, exchange)
}
