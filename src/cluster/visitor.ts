import type { Answer, OpenExchange } from '../network/exchange.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'

/** Requests that somebody asked for with the page's load generator. */
export interface Visit {
  /** Host from which they are sent: `outside`, a machine, or `pod/<uid>`. */
  readonly from: string
  readonly url: string
  readonly count: number
  readonly intervalMs: number
}

/** How long a visitor waits for an answer: a browser's patience is longer, a watcher's is not. */
const patienceMs = 10_000

/** Most requests of one visit: what more would do is shown by fewer. */
export const maxVisitRequests = 100_000

/** An address as people type it. */
interface Target {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly port: number
  readonly path: string
}

/** Reads an http(s) address; undefined when it is none. */
export function parseTarget(url: string): Target | undefined {
  const match = /^(?:(https?):\/\/)?([^/:?#\s]+)(?::(\d{1,5}))?(\/[^\s#]*|\?[^\s#]*)?$/.exec(url.trim())
  const host = match?.[2]
  if (host === undefined) return undefined
  const scheme = match?.[1] === 'https' ? 'https' : 'http'
  const port = Number(match?.[3] ?? (scheme === 'https' ? 443 : 80))
  if (port < 1 || port > 65_535) return undefined
  const path = match?.[4] ?? '/'
  return { scheme, host, port, path: path.startsWith('/') ? path : `/${path}` }
}

/** The component `visitor`: sends the requests of a visit one after the other; what becomes of them is in the trace. */
export const visitor: ComponentDefinition<object> = defineComponent<object>({
  type: 'visitor',
  on: {
    visit(self, visit: Visit) {
      const target = parseTarget(visit.url)
      if (!target || visit.count < 1) return
      const open: OpenExchange = {
        from: visit.from,
        protocol: 'http',
        scheme: target.scheme,
        host: target.host,
        port: target.port,
        http: { method: 'GET', path: target.path, headers: headersFor(target) },
        timeoutMs: patienceMs,
        replyTo: { component: self.name, tag: null },
      }
      self.send('network', 0, 'open', open)
      if (visit.count > 1)
        self.schedule(visit.intervalMs, 'visit', { ...visit, count: visit.count - 1 } satisfies Visit)
    },
    answer(_self, _answer: Answer) {
      // The network has recorded how the exchange ended; a visitor only wanted to ask.
    },
  },
})

function headersFor({ host, port, scheme }: Target): Record<string, string> {
  const isDefault = port === (scheme === 'https' ? 443 : 80)
  return { Host: isDefault ? host : `${host}:${port}`, 'User-Agent': 'Mozilla/5.0 (Podscape)', Accept: '*/*' }
}
