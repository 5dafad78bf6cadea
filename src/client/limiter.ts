/** A client's token bucket (client-go/util/flowcontrol): `qps` tokens come back every second, up to `burst`. Plain data. */
export interface LimiterState {
  readonly qps: number
  readonly burst: number
  tokens: number
  at: number
}

export function newLimiter(qps: number, burst: number, now: number): LimiterState {
  return { qps, burst, tokens: burst, at: now }
}

/** Takes tokens for so many requests and returns how many ms the caller has to wait for the last of them. */
export function takeTokens(limiter: LimiterState, count: number, now: number): number {
  limiter.tokens = Math.min(limiter.burst, limiter.tokens + ((now - limiter.at) * limiter.qps) / 1000)
  limiter.at = now
  limiter.tokens -= count
  return limiter.tokens >= 0 ? 0 : (-limiter.tokens * 1000) / limiter.qps
}
