import type { WatchTarget } from '../machinery/rest.ts'
import { ApiError } from '../machinery/status.ts'
import { type StreamAnswer, type StreamMessage, streamSuccess } from '../machinery/streams.ts'
import type { Answer, Failure, OpenExchange } from '../network/exchange.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'

/** Data of the event `proxy`: a request that an API server sends on for a client. */
export interface Proxied {
  readonly target: WatchTarget
  readonly open: Omit<OpenExchange, 'replyTo'>
}

interface ProxyTag {
  readonly stream: number
  readonly target: WatchTarget
  readonly address: string
}

export const proxyName = 'proxies'

/**
 * The component `proxies`: requests that API servers send on (`pods/proxy`, `services/proxy`, `nodes/proxy`). Each is a
 * stream that brings one answer and ends (apimachinery/pkg/util/proxy/upgradeaware.go).
 */
export const proxies: ComponentDefinition<object> = defineComponent<object>({
  type: 'proxies',
  on: {
    proxy(self, { target, open }: Proxied, { seq }) {
      const tag: ProxyTag = { stream: seq, target, address: `${open.host}:${open.port}` }
      const exchange: OpenExchange = { ...open, replyTo: { component: self.name, tag } }
      self.send('network', 0, 'open', exchange)
    },
    answer(self, answer: Answer) {
      if (!isProxyTag(answer.tag)) return
      const { stream, target, address } = answer.tag
      const tell = (message: StreamMessage): void =>
        void self.send(target.component, target.delayMs, 'stream', Object.freeze(message))
      tell({ stream, what: 'answer', tag: null, answer: answerFor(answer, address) })
      tell({ stream, what: 'end', status: streamSuccess })
    },
    /** The client has gone; the answer will find nobody. */
    'stream-close': () => undefined,
  },
})

function isProxyTag(tag: unknown): tag is ProxyTag {
  return typeof tag === 'object' && tag !== null && 'stream' in tag && 'target' in tag
}

function answerFor(answer: Answer, address: string): StreamAnswer {
  if (answer.ok && answer.http) return { ok: true, ...answer.http }
  const why = answer.ok ? 'EOF' : words[answer.failure]
  const text = why === 'EOF' ? why : `dial tcp ${address}: ${why}`
  const { code, status } = new ApiError('ServiceUnavailable', `error trying to reach service: ${text}`)
  return {
    ok: true,
    status: code,
    headers: { 'Content-Type': 'application/json' },
    body: `${JSON.stringify(status)}\n`,
  }
}

/** What Go says of a connection that failed. */
const words: Readonly<Record<Failure, string>> = {
  'name not resolved': 'lookup: no such host',
  'no route': 'connect: no route to host',
  'connection refused': 'connect: connection refused',
  'connect timed out': 'i/o timeout',
  'timed out': 'i/o timeout',
  reset: 'EOF',
}
