import type { Self } from '../sim/component.ts'
import type { Answer, Failure, HttpResponse, OpenExchange } from './exchange.ts'
import { isDnsQuery } from './dns.ts'
import { type Exchange, type NetworkState, placeOf } from './state.ts'
import { isProbe } from './visibility.ts'

type NetworkSelf = Self<NetworkState>

/** How an exchange ended. */
export type Ending =
  | { readonly ok: true; readonly http?: HttpResponse; readonly payload?: unknown }
  | { readonly ok: false; readonly failure: Failure }

/** Leaves the first entry of an exchange in the trace. */
export function recordBegin(self: NetworkSelf, { id, open, shown }: Exchange): void {
  if (!shown && isProbe(open)) return
  self.record('exchange', {
    exchange: id,
    phase: 'begin',
    from: placeOf(open.from),
    url: urlOf(open),
    method: methodOf(open),
  })
}

/** Ends an exchange: tells the client, once, and forgets it. */
export function finish(self: NetworkSelf, exchange: Exchange, ending: Ending): void {
  const { id, open, openedAt, shown, address: remote } = exchange
  if (!self.state.exchanges.delete(id)) return
  if (exchange.timeout !== undefined) self.cancel(exchange.timeout)
  if (exchange.connectTimeout !== undefined) self.cancel(exchange.connectTimeout)
  if (exchange.next !== undefined) self.cancel(exchange.next)
  stopServing(self.state, exchange)
  const tookMs = self.now - openedAt
  if (shown || !isProbe(open)) {
    self.record('exchange', {
      ...{ exchange: id, phase: 'end', from: placeOf(open.from), url: urlOf(open), method: methodOf(open), tookMs },
      ...(ending.ok ? ending.http && { status: ending.http.status } : { error: ending.failure }),
    })
  }
  const answer: Answer = { exchange: id, tag: open.replyTo.tag, tookMs, remote, ...ending }
  self.send(open.replyTo.component, 0, 'answer', answer)
}

export function fail(self: NetworkSelf, exchange: Exchange, failure: Failure): void {
  finish(self, exchange, { ok: false, failure })
}

/** Takes an exchange from the list of those that a process works on. */
export function stopServing(state: NetworkState, exchange: Exchange): void {
  if (exchange.servedBy === undefined) return
  const others = state.serving.get(exchange.servedBy)
  others?.delete(exchange.id)
  if (others?.size === 0) state.serving.delete(exchange.servedBy)
  delete exchange.servedBy
}

function methodOf({ protocol, http, payload }: OpenExchange): string {
  if (http) return http.method
  return protocol === 'dns' && isDnsQuery(payload) ? payload.type : protocol.toUpperCase()
}

function urlOf({ protocol, scheme = 'http', host, port, http, payload }: OpenExchange): string {
  if (http) {
    const isUsual = port === (scheme === 'https' ? 443 : 80)
    return `${scheme}://${host}${isUsual ? '' : `:${port}`}${http.path}`
  }
  return protocol === 'dns' && isDnsQuery(payload) ? `dns://${host}/${payload.name}` : `${protocol}://${host}:${port}`
}
