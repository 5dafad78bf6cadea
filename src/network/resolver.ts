import { isAddress } from './addresses.ts'
import type { Host } from './exchange.ts'

/** What a resolver does before it asks a server. */
export type Resolution =
  | { readonly address: string }
  /** Fully qualified names to ask for, in order, until one exists. */
  | { readonly candidates: readonly string[] }

/** RES_TIMEOUT and RES_DFLRETRY of glibc: 5 s for an answer, two attempts. */
export const answerTimeoutMs = 5_000
export const attempts = 2

/** The resolver of a host (glibc: nss files, then resolv.conf): the address, or the names to ask the server for. */
export function resolve(host: Host, dns: Host['dns'], name: string): Resolution {
  if (isAddress(name)) return { address: name }
  const known = host.hosts?.[name] ?? (name === 'localhost' ? '127.0.0.1' : undefined)
  if (known !== undefined) return { address: known }
  return { candidates: dns ? candidatesOf(name, dns.search, dns.ndots) : [] }
}

/**
 * The names that a resolver tries: with at least `ndots` dots the name as it is comes first, else the search domains do.
 * A final dot says that the name is complete.
 */
export function candidatesOf(name: string, search: readonly string[], ndots: number): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const dots = name.split('.').length - 1
  const searched = search.map(domain => `${name}.${domain}`)
  return dots >= ndots ? [name, ...searched] : [...searched, name]
}
