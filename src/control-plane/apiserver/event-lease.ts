import { grant, nextExpiry } from '../etcd/lease.ts'
import type { EtcdState } from '../etcd/store.ts'
import type { Self } from '../../sim/component.ts'
import type { Call } from './call.ts'
import type { ApiServerState } from './state.ts'

/** `--event-ttl`: Events are forgotten after an hour. */
const ttlMs = 60 * 60 * 1000

/** One lease serves the Events of a minute: a lease for each would be many (etcd3/lease_manager.go does the same). */
const reuseMs = 60 * 1000

/** The lease under which an object is written: Events have one, other objects none (0). */
export function leaseFor({ resource, etcd, self }: Call): number {
  if (resource.prefix !== '/registry/events/') return 0
  const { state, now } = self
  if (state.eventLease.until > now && etcd.leases.has(state.eventLease.id)) return state.eventLease.id
  state.eventLease = { id: grant(etcd, now + ttlMs + reuseMs), until: now + reuseMs }
  scheduleExpiry(self, etcd)
  return state.eventLease.id
}

/** Sees to it that an event `expire` comes when the next lease ends. */
export function scheduleExpiry(self: Self<ApiServerState>, etcd: EtcdState): void {
  const at = nextExpiry(etcd)
  if (at === undefined || (self.state.expiry && self.state.expiry.at <= at)) return
  if (self.state.expiry) self.cancel(self.state.expiry.event)
  self.state.expiry = { event: self.schedule(at - self.now, 'expire'), at }
}
