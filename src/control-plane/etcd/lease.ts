import { type EtcdState, remove } from './store.ts'

/** Makes a lease that ends at a time, and with it every key that was put under it. */
export function grant(etcd: EtcdState, expiresAt: number): number {
  const id = etcd.nextLease++
  etcd.leases.set(id, { id, expiresAt, keys: new Set() })
  return id
}

/** Ends leases whose time has come. Returns how many keys went with them. */
export function expireLeases(etcd: EtcdState, now: number): number {
  let removed = 0
  for (const lease of [...etcd.leases.values()]) {
    if (lease.expiresAt > now) continue
    for (const key of [...lease.keys].sort()) if (remove(etcd, key)) removed++
    etcd.leases.delete(lease.id)
  }
  return removed
}

/** When the next lease ends, or undefined when there is none. */
export function nextExpiry(etcd: EtcdState): number | undefined {
  let next: number | undefined
  for (const { expiresAt } of etcd.leases.values()) if (next === undefined || expiresAt < next) next = expiresAt
  return next
}
