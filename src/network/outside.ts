import { defineComponent, type ComponentDefinition, type Self } from '../sim/component.ts'
import { type DnsAnswer, isDnsQuery } from './dns.ts'
import type { Delivered, Host, HttpResponse, Listen, Respond } from './exchange.ts'
import { outside } from './state.ts'

/** The world outside the lab: a name server, and a few sites to try. It remembers nothing. */
export type OutsideState = Record<string, never>

/** The public name server that machines and CoreDNS ask. */
export const publicDns = '8.8.8.8'

/** The visitor's own computer. Of the ranges kept for documentation (RFC 5737), like the sites that have no known home. */
const visitor = '203.0.113.7'

/** Names that exist outside, with their addresses. */
const names: ReadonlyMap<string, string> = new Map([
  ['dns.google', publicDns],
  ['example.com', '198.51.100.10'],
  ['www.example.com', '198.51.100.10'],
  ['kubernetes.io', '198.51.100.20'],
  ['google.com', '198.51.100.30'],
  ['www.google.com', '198.51.100.30'],
  ['github.com', '198.51.100.40'],
])

/** What an answer takes out there, in ms. */
const workMs = 8

/**
 * The component `outside`. At its event `start` it joins the network as the host of the same name: requests may come
 * from it (the page's visitor), and go to it.
 */
export function createOutside(): ComponentDefinition<OutsideState> {
  return defineComponent<OutsideState>({
    type: 'outside',
    on: {
      start: self => join(self),
      exchange: (self, request: Delivered) => {
        const content = request.protocol === 'dns' ? { payload: lookUp(request.payload) } : { http: pageOf(request) }
        const response: Respond = { exchange: request.exchange, afterMs: workMs, ...content }
        self.send('network', 0, 'respond', response)
      },
    },
  })
}

function join(self: Self<OutsideState>): void {
  const host: Host = {
    name: outside,
    addresses: [visitor, ...new Set(names.values())],
    up: true,
    dns: { server: publicDns, search: [], ndots: 1 },
  }
  self.send('network', 0, 'host', host)
  const ports: readonly [number, 'tcp' | 'udp'][] = [
    [53, 'udp'],
    [80, 'tcp'],
    [443, 'tcp'],
  ]
  for (const [port, protocol] of ports) {
    const listen: Listen = { host: outside, port, protocol, tag: { component: self.name } }
    self.send('network', 0, 'listen', listen)
  }
}

/** What the name server says. */
export function lookUp(query: unknown): DnsAnswer {
  if (!isDnsQuery(query)) return { code: 'REFUSED', answers: [], authoritative: false }
  const address = names.get(query.name.toLowerCase())
  if (address === undefined) return { code: 'NXDOMAIN', answers: [], authoritative: false }
  const isAsked = query.type === 'A' || query.type === 'ANY'
  const answers = isAsked ? [{ name: query.name, type: 'A', ttl: 300, data: address } as const] : []
  return { code: 'NOERROR', answers, authoritative: false }
}

function pageOf({ http }: Delivered): HttpResponse {
  const body = `<!doctype html>\n<title>${http?.headers['Host'] ?? 'outside'}</title>\n<p>A site outside the cluster.</p>\n`
  const headers = { 'Content-Type': 'text/html', 'Content-Length': String(body.length) }
  return { status: 200, headers, body: http?.method === 'HEAD' ? '' : body }
}
