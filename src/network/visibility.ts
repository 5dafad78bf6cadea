import type { OpenExchange } from './exchange.ts'
import type { NetworkState } from './state.ts'

interface Rate {
  readonly perSecond: number
  readonly burst: number
}

const requests: Rate = { perSecond: 100, burst: 200 }
const probes: Rate = { perSecond: 20, burst: 40 }

/** Whether an exchange is a kubelet's probe: nobody sent it on purpose, and its result is evidence by itself. */
export function isProbe({ replyTo }: OpenExchange): boolean {
  return replyTo.component.startsWith('kubelet/')
}

/**
 * Whether a new exchange is to leave every hop in the trace. A load test of thousands a second, or the probes of thousands
 * of Pods, would push everything else out of it and make more motions than eyes can follow: beyond a rate, exchanges
 * leave only what went wrong with them, besides their beginning and end.
 */
export function mayShow(state: NetworkState, open: OpenExchange, now: number): boolean {
  const sort = isProbe(open) ? 'probes' : 'requests'
  const { perSecond, burst } = sort === 'probes' ? probes : requests
  let allowance = state.allowances.get(sort)
  if (!allowance) state.allowances.set(sort, (allowance = { tokens: burst, at: now }))
  allowance.tokens = Math.min(burst, allowance.tokens + ((now - allowance.at) * perSecond) / 1_000)
  allowance.at = now
  if (allowance.tokens < 1) return false
  allowance.tokens--
  return true
}
