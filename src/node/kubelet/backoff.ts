/** How long to wait before the next try of one thing; doubled at every try. Models client-go/util/flowcontrol/backoff.go. */
export interface BackOff {
  delayMs: number
  updatedAt: number
  /** What went wrong the last time. */
  error?: string
}

const firstMs = 10_000
const maxMs = 300_000

/** A thing that went well for twice the longest delay starts anew. */
function hasExpired({ updatedAt }: BackOff, at: number): boolean {
  return at - updatedAt > 2 * maxMs
}

/** Notes a try, after what happened at `since`, and doubles the delay. */
export function nextBackOff(backOffs: Map<string, BackOff>, key: string, since: number, now: number): BackOff {
  let entry = backOffs.get(key)
  if (!entry || hasExpired(entry, since)) backOffs.set(key, (entry = { delayMs: firstMs, updatedAt: now }))
  else entry.delayMs = Math.min(entry.delayMs * 2, maxMs)
  entry.updatedAt = now
  return entry
}

/** When the thing may be tried again after what happened at `since`, or undefined when it may be now. */
export function backOffUntil(entry: BackOff | undefined, since: number, now: number): number | undefined {
  if (!entry || hasExpired(entry, since)) return undefined
  const until = since + entry.delayMs
  return now < until ? until : undefined
}

/** A time of waiting, made longer by up to half: wait.Jitter with the pod workers' factor. */
export function jittered(ms: number, random: number): number {
  return ms * (1 + 0.5 * random)
}
