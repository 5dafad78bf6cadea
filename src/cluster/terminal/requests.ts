import { isDnsAnswer } from '../../network/dns.ts'
import type { Answer, OpenExchange } from '../../network/exchange.ts'
import type { NetworkAnswer, NetworkRequest } from '../../shell/programs/network-request.ts'
import type { Self } from '../../sim/component.ts'

/** What a program of a terminal asks of the network, and where the answer goes. */
export interface Connection {
  readonly from: { readonly component: string; readonly key: number }
  /** The machine that the program runs on. */
  readonly machine: string
  readonly request: NetworkRequest
}

export function isNetworkRequest(request: unknown): request is NetworkRequest {
  if (typeof request !== 'object' || request === null || !('kind' in request)) return false
  return request.kind === 'http' || request.kind === 'lookup' || request.kind === 'connect'
}

/** Sends it; the answer comes with the process' key as its tag. */
export function sendRequest(self: Self<unknown>, { from, machine, request }: Connection): void {
  const replyTo = { component: from.component, tag: from.key }
  const open: OpenExchange = { ...exchangeOf(request), from: machine, replyTo }
  self.send('network', 0, 'open', open)
}

function exchangeOf(request: NetworkRequest): Omit<OpenExchange, 'from' | 'replyTo'> {
  const patience = request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }
  switch (request.kind) {
    case 'http': {
      const { kind, method, path, headers, body, scheme, host, port } = request
      const http = { method, path, headers, ...(body !== undefined && { body }) }
      return { protocol: kind, scheme, host, port, http, ...patience }
    }
    case 'lookup': {
      const { name, type, server: host } = request
      return { protocol: 'dns', host, port: 53, payload: { name, type }, ...patience }
    }
    case 'connect':
      return { protocol: 'tcp', host: request.host, port: request.port, ...patience }
  }
}

/** The network's answer as a program of a shell knows it. */
export function networkAnswer(answer: Answer): NetworkAnswer {
  const { remote, tookMs } = answer
  if (!answer.ok) return { ok: false, failure: answer.failure, remote, tookMs }
  const { http, payload } = answer
  const dns = isDnsAnswer(payload) ? { code: payload.code, records: payload.answers } : undefined
  return { ok: true, remote, tookMs, ...(http && { http }), ...(dns && { dns }) }
}
