import type { Self } from '../sim/component.ts'
import type { HopEvidence } from '../machinery/evidence.ts'
import type { Delivered, Failure, OpenExchange, Respond } from './exchange.ts'
import { type Ending, fail, finish, stopServing } from './ending.ts'
import { isReachable } from './links.ts'
import { brokenStep, findRoute, type Rules } from './route.ts'
import { type Exchange, listenerOf, type NetworkState, type Route, type Step, transportOf } from './state.ts'

/** What the functions that carry exchanges work with. */
export interface Carrier {
  readonly self: Self<NetworkState>
  readonly rules: Rules
}

/**
 * After which ms an unanswered SYN is sent again: four times after a second (tcp_syn_linear_timeouts), then with doubled
 * waits (tcp_syn_retries 6). The last wait ends in ETIMEDOUT: 131 s after the start.
 */
const synWaitsMs = [1_000, 1_000, 1_000, 1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]
/** A segment that is not acknowledged comes again after 200 ms, doubled up to 120 s. */
const firstResendMs = 200
const longestResendMs = 120_000
/** How long a connection is given that stays dead: curl's keepalive, 60 s and nine probes a minute apart. */
export const deadAfterMs = 600_000
/** ARP asks three times, a second apart, before a neighbour counts as gone. */
const arpMs = 3_060

/** Opens the connection: finds the way and goes it. What can be seen to succeed costs a round trip and no events. */
export function connect(carrier: Carrier, exchange: Exchange): void {
  const { self, rules } = carrier
  const { open, address } = exchange
  const from = self.state.hosts.get(open.from)
  if (!from) return fail(self, exchange, 'no route')
  const transport = transportOf(open.protocol)
  // A packet that was lost on its way is sent again over the same way: connection tracking remembers the translation.
  const route = (exchange.route ??= findRoute(self.state, rules, from, address, open.port, transport, open.via))
  exchange.step = 0
  exchange.legSince = self.now
  if (transport === 'udp' || !isOpen(self.state, route)) {
    exchange.phase = transport === 'udp' ? 'request' : 'connecting'
    walk(carrier, exchange)
    return
  }
  exchange.losses = 0
  exchange.phase = 'request'
  const roundTrips = open.scheme === 'https' ? 2 : 1
  exchange.next = self.schedule(roundTrips * 2 * route.latencyMs, 'hop', exchange.id)
}

/** Whether somebody answers at the end of a route, and nothing is broken on the way. */
function isOpen(state: NetworkState, route: Route): boolean {
  const { end } = route
  if (end.kind !== 'arrived' || brokenStep(state, route) >= 0) return false
  return listenerOf(state, end.host, end.port, 'tcp') !== undefined
}

/** The packet has come to the end of a step. */
export function goOn(carrier: Carrier, id: number): void {
  const exchange = carrier.self.state.exchanges.get(id)
  if (exchange) walk(carrier, exchange)
}

/** Takes the next step of the leg, or ends it. */
function walk(carrier: Carrier, exchange: Exchange): void {
  const { self } = carrier
  const { route } = exchange
  if (!route) return
  const { steps } = route
  delete exchange.next
  if (exchange.step >= steps.length) {
    endLeg(carrier, exchange, route)
    return
  }
  if (!exchange.shown && exchange.step === 0 && isSmooth(self.state, exchange, route)) {
    exchange.step = steps.length
    exchange.next = self.schedule(route.latencyMs, 'hop', exchange.id)
    return
  }
  const isResponse = exchange.phase === 'response'
  const step = steps[isResponse ? steps.length - 1 - exchange.step : exchange.step]
  if (!step) return
  exchange.step++
  const verdict = isReachable(self.state, step.fromMachine, step.toMachine)
    ? verdictOf(self.state, exchange, route)
    : 'dropped'
  record(self, exchange, step, isResponse, verdict)
  if (verdict === 'dropped') lose(carrier, exchange)
  else exchange.next = self.schedule(step.latencyMs, 'hop', exchange.id)
}

/** Whether a leg comes to a good end as far as can be seen at its beginning: nobody looks at its hops then. */
function isSmooth(state: NetworkState, { phase, open }: Exchange, route: Route): boolean {
  const { end } = route
  if (brokenStep(state, route) >= 0) return false
  if (phase === 'response') return true
  return end.kind === 'arrived' && listenerOf(state, end.host, end.port, transportOf(open.protocol)) !== undefined
}

function verdictOf(state: NetworkState, exchange: Exchange, { steps, end }: Route): HopEvidence['verdict'] {
  if (exchange.step < steps.length) return 'forwarded'
  if (exchange.phase === 'response') return 'delivered'
  if (end.kind === 'no route') return 'forwarded'
  if (end.kind !== 'arrived') return end.kind
  const transport = transportOf(exchange.open.protocol)
  return listenerOf(state, end.host, end.port, transport) ? 'delivered' : 'refused'
}

function record(
  self: Self<NetworkState>,
  { id }: Exchange,
  step: Step,
  isResponse: boolean,
  verdict: HopEvidence['verdict'],
): void {
  const { from, to, source, destination, latencyMs, rule } = step
  const hop: HopEvidence = isResponse
    ? {
        exchange: id,
        from: to,
        to: from,
        direction: 'response',
        latencyMs,
        verdict,
        source: destination,
        destination: source,
      }
    : {
        exchange: id,
        from,
        to,
        direction: 'request',
        latencyMs,
        verdict,
        source,
        destination,
        ...(rule !== undefined && { rule }),
      }
  self.record('hop', hop)
}

/** The packet has arrived where its route ends. */
function endLeg(carrier: Carrier, exchange: Exchange, { end, latencyMs }: Route): void {
  const { self } = carrier
  if (exchange.phase === 'response') {
    finish(self, exchange, endingOf(exchange))
    return
  }
  if (end.kind === 'no route') return endLater(carrier, exchange, arpMs, 'no route')
  if (end.kind === 'refused') return endLater(carrier, exchange, latencyMs, 'connection refused')
  if (end.kind === 'dropped') return lose(carrier, exchange)
  const { protocol, payload } = exchange.open
  const transport = transportOf(protocol)
  const listener = listenerOf(self.state, end.host, end.port, transport)
  const isThere = self.state.addresses.get(end.destination) === end.host || end.destination.startsWith('127.')
  if (!isThere) return lose(carrier, exchange)
  if (!listener) return endLater(carrier, exchange, latencyMs, 'connection refused')
  if (exchange.phase === 'connecting') {
    // The connection could be opened after all: the acknowledgement goes back, the request follows.
    exchange.phase = 'request'
    exchange.step = 0
    exchange.losses = 0
    exchange.next = self.schedule(latencyMs, 'hop', exchange.id)
    return
  }
  if (protocol === 'tcp' && payload === undefined) {
    exchange.response = { exchange: exchange.id, afterMs: 0 }
    startResponse(carrier, exchange)
    return
  }
  deliver(self, exchange, end, listener)
}

function deliver(
  self: Self<NetworkState>,
  exchange: Exchange,
  { host, port, source, destination }: Extract<Route['end'], { kind: 'arrived' }>,
  listener: Delivered['listener'],
): void {
  const { id, open } = exchange
  exchange.phase = 'serving'
  const servedBy = `${host} ${port}/${transportOf(open.protocol)}`
  exchange.servedBy = servedBy
  const others = self.state.serving.get(servedBy)
  if (others) others.add(id)
  else self.state.serving.set(servedBy, new Set([id]))
  const delivered: Delivered = {
    ...{ exchange: id, listener, protocol: open.protocol, source, destination, port },
    ...contentOf(open),
  }
  self.send(listener.component, 0, 'exchange', delivered)
}

/** What the server gets. A client that names no Host says what it was asked for, as every HTTP client does. */
function contentOf({ http, payload, host, port, scheme }: OpenExchange): Pick<Delivered, 'http' | 'payload'> {
  if (!http) return payload === undefined ? {} : { payload }
  if (http.headers['Host'] !== undefined || http.headers['host'] !== undefined) return { http }
  const isUsual = port === (scheme === 'https' ? 443 : 80)
  return { http: { ...http, headers: { Host: isUsual ? host : `${host}:${port}`, ...http.headers } } }
}

function endLater({ self }: Carrier, { id }: Exchange, delayMs: number, failure: Failure): void {
  const exchange = self.state.exchanges.get(id)
  if (exchange) exchange.next = self.schedule(delayMs, 'end', { id, failure })
}

/** The packet is lost. TCP sends it again until its patience is over; over UDP nobody notices but the client's clock. */
function lose({ self }: Carrier, exchange: Exchange): void {
  if (transportOf(exchange.open.protocol) === 'udp') return
  if (exchange.phase === 'connecting') {
    const waitMs = synWaitsMs[exchange.losses]
    if (waitMs === undefined) return fail(self, exchange, 'connect timed out')
    exchange.losses++
    exchange.next = self.schedule(waitMs, 'resend', exchange.id)
    return
  }
  if (self.now - exchange.legSince > deadAfterMs) return fail(self, exchange, 'timed out')
  const waitMs = Math.min(firstResendMs * 2 ** exchange.losses, longestResendMs)
  exchange.losses++
  exchange.next = self.schedule(waitMs, 'resend', exchange.id)
}

/** A lost packet is sent again. */
export function resend(carrier: Carrier, id: number): void {
  const exchange = carrier.self.state.exchanges.get(id)
  if (!exchange) return
  delete exchange.next
  if (exchange.phase === 'connecting') {
    // What a rule dropped was never tracked: the rules decide anew.
    if (exchange.route?.end.kind === 'dropped') delete exchange.route
    if (exchange.losses >= synWaitsMs.length) return fail(carrier.self, exchange, 'connect timed out')
    connect(carrier, exchange)
    return
  }
  exchange.step = 0
  walk(carrier, exchange)
}

/** The server has its answer ready, after the time that it works. */
export function respond({ self }: Carrier, response: Respond): void {
  const exchange = self.state.exchanges.get(response.exchange)
  // A client that has given up meanwhile is not told.
  if (exchange?.phase !== 'serving' || exchange.response) return
  exchange.response = response
  exchange.next = self.schedule(Math.max(response.afterMs, 0), 'reply', exchange.id)
}

export function reply(carrier: Carrier, id: number): void {
  const exchange = carrier.self.state.exchanges.get(id)
  delete exchange?.next
  if (exchange?.phase === 'serving') startResponse(carrier, exchange)
}

/** The process that works on an exchange has died: the kernel resets the connection. */
export function reset(carrier: Carrier, exchange: Exchange): void {
  if (exchange.next !== undefined) carrier.self.cancel(exchange.next)
  delete exchange.next
  exchange.response = { exchange: exchange.id, afterMs: 0, reset: true }
  startResponse(carrier, exchange)
}

function startResponse(carrier: Carrier, exchange: Exchange): void {
  stopServing(carrier.self.state, exchange)
  exchange.phase = 'response'
  exchange.step = 0
  exchange.losses = 0
  exchange.legSince = carrier.self.now
  walk(carrier, exchange)
}

function endingOf({ response }: Exchange): Ending {
  if (response?.reset) return { ok: false, failure: 'reset' }
  return {
    ok: true,
    ...(response?.http && { http: response.http }),
    ...(response?.payload !== undefined && { payload: response.payload }),
  }
}
