import type { Node } from '../../../api/core/node.ts'
import { findCondition } from '../../../api/meta/conditions.ts'

/** Zones in which too much is amiss at once are spared: it is more likely the network than the nodes. */
export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

/** The zone's queue of nodes to be tainted, and the bucket of its rate limiter. Plain data. */
export interface Zone {
  state: ZoneState
  /** Taints a second. */
  rate: number
  tokens: number
  at: number
  readonly waiting: Set<string>
}

/** Flags of kube-controller-manager: --node-eviction-rate, --secondary-node-eviction-rate, and what they depend on. */
const evictionRate = 0.1
const secondaryRate = 0.01
const unhealthyThreshold = 0.55
const largeCluster = 50

export function newZone(now: number): Zone {
  return { state: 'Initial', rate: evictionRate, tokens: 1, at: now, waiting: new Set() }
}

/** Region and zone of a node, as one text. */
export function zoneOf({ metadata: { labels = {} } }: Node): string {
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\u0000:${zone}`
}

/** Whether a node does not count when it is asked how many of a zone are lost. */
export function isExcluded({ metadata }: Node): boolean {
  return metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined
}

/** Models ComputeZoneState. */
export function stateOf(nodes: readonly Node[]): ZoneState {
  let ready = 0
  for (const { status } of nodes) if (findCondition(status.conditions, 'Ready')?.status === 'True') ready++
  const lost = nodes.length - ready
  if (ready === 0 && lost > 0) return 'FullDisruption'
  return lost > 2 && lost / nodes.length >= unhealthyThreshold ? 'PartialDisruption' : 'Normal'
}

export function rateOf(state: ZoneState, size: number): number {
  if (state !== 'PartialDisruption') return evictionRate
  return size > largeCluster ? secondaryRate : 0
}

export function setRate(zone: Zone, rate: number, now: number): void {
  refill(zone, now)
  zone.rate = rate
  // A limiter that was swapped comes with a full bucket, except one that lets nothing through.
  if (rate === 0) zone.tokens = 0
}

/** Takes a token if there is one; else says in how many ms there will be one, or Infinity. */
export function takeToken(zone: Zone, now: number): number {
  refill(zone, now)
  if (zone.tokens >= 1) {
    zone.tokens--
    return 0
  }
  return zone.rate === 0 ? Infinity : Math.ceil(((1 - zone.tokens) / zone.rate) * 1000)
}

function refill(zone: Zone, now: number): void {
  zone.tokens = Math.min(1, zone.tokens + ((now - zone.at) / 1000) * zone.rate)
  zone.at = now
}
