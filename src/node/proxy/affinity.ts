/** Which endpoint a client of a Service with session affinity was sent to, and when last: by `service port|client`. */
export type Affinity = Map<string, { readonly endpoint: string; at: number }>

export function newAffinity(): Affinity {
  return new Map()
}

/** More clients than this are not remembered: the recent module of iptables keeps 100 addresses a list by default. */
const maxClients = 10_000

/** The endpoint that a client keeps, if it came back in time and the endpoint is still there. */
export function remembered(
  affinity: Affinity,
  key: string,
  now: number,
  timeoutMs: number,
  isThere: (endpoint: string) => boolean,
): string | undefined {
  const entry = affinity.get(key)
  if (!entry) return undefined
  if (now - entry.at < timeoutMs && isThere(entry.endpoint)) return entry.endpoint
  affinity.delete(key)
  return undefined
}

/** Every connection renews the memory. */
export function remember(affinity: Affinity, key: string, endpoint: string, now: number): void {
  affinity.delete(key)
  affinity.set(key, { endpoint, at: now })
  if (affinity.size <= maxClients) return
  for (const oldest of affinity.keys()) {
    affinity.delete(oldest)
    break
  }
}
