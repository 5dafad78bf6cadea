import { Lease } from '../api/coordination/lease.ts'
import { microTimestamp } from '../machinery/time.ts'
import { attempt } from '../machinery/status.ts'
import type { Api } from './api.ts'

/** Leader election by a Lease, as client-go/tools/leaderelection does it. Plain data, part of the component's state. */
export interface ElectionState {
  readonly identity: string
  readonly namespace: string
  readonly name: string
  leading: boolean
  /** When we last succeeded in renewing. */
  renewedAt: number
  /** The record that we saw last, and when: another's lease counts from our own observation, not from its clock. */
  observed: string
  observedAt: number
}

/** Defaults of kube-scheduler and kube-controller-manager, in ms. */
const leaseDurationMs = 15_000
const renewDeadlineMs = 10_000
export const retryPeriodMs = 2_000

export function newElection(name: string, identity: string): ElectionState {
  return { identity, namespace: 'kube-system', name, leading: false, renewedAt: 0, observed: '', observedAt: 0 }
}

export type ElectionResult = 'leading' | 'waiting' | 'won' | 'lost'

/** One attempt to win or renew, due every `retryPeriodMs`. A leader that cannot renew in time has lost. */
export function tryElection(election: ElectionState, api: Api, now: number): ElectionResult {
  let holds = false
  const failure = attempt(() => {
    holds = acquireOrRenew(election, api, now)
  })
  if (holds) {
    election.renewedAt = now
    if (election.leading) return 'leading'
    election.leading = true
    return 'won'
  }
  if (!election.leading) return 'waiting'
  if (failure && now - election.renewedAt < renewDeadlineMs) return 'leading'
  election.leading = false
  return 'lost'
}

function acquireOrRenew(election: ElectionState, api: Api, now: number): boolean {
  const { identity, name, namespace } = election
  const lease = api.find(Lease, name, namespace)
  const renewTime = microTimestamp(now)
  const mine = { holderIdentity: identity, leaseDurationSeconds: leaseDurationMs / 1000, renewTime }
  if (!lease) {
    const spec = { ...mine, acquireTime: renewTime, leaseTransitions: 0 }
    api.create(Lease, { metadata: { name, namespace }, spec })
    return true
  }
  const { spec } = lease
  if (lease.metadata.resourceVersion !== election.observed) {
    election.observed = lease.metadata.resourceVersion
    election.observedAt = now
  }
  const holder = spec?.holderIdentity ?? ''
  const expired = election.observedAt + leaseDurationMs <= now
  if (holder !== '' && holder !== identity && !expired) return false
  const acquired = holder === identity ? (spec?.acquireTime ?? renewTime) : renewTime
  const transitions = (spec?.leaseTransitions ?? 0) + (holder === identity ? 0 : 1)
  const next = { ...spec, ...mine, acquireTime: acquired, leaseTransitions: transitions }
  election.observed = api.update(Lease, { ...lease, spec: next }).metadata.resourceVersion
  election.observedAt = now
  return true
}
