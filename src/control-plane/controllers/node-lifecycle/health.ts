import { Lease } from '../../../api/coordination/lease.ts'
import { Node, type NodeCondition } from '../../../api/core/node.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { parseTime, timestamp } from '../../../machinery/time.ts'

/** NodeMonitorGracePeriod of kube-controller-manager: so long a node may say nothing. */
const graceMs = 50_000
/** NodeStartupGracePeriod: so long a node may take until it says something for the first time. */
const startupGraceMs = 60_000

/** What is remembered of a node between two looks. Plain data. */
export interface Health {
  /** When we last saw a sign of life, by our own clock. */
  seenAt: number
  /** The Ready condition's heartbeat, as it was then. */
  heartbeat: string
  /** The lease's renewal, as it was then. */
  renewed: string
  /** Pods of the node that could not be marked as not ready. */
  needsRetry?: boolean
}

export interface Verdict {
  readonly node: Node
  /** As the kubelet, or a former look, has left it. */
  readonly observed: NodeCondition | undefined
  readonly current: NodeCondition | undefined
}

const conditionTypes = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']
const nodeLeases = 'kube-node-lease'

/** Looks for a sign of life and writes Unknown when there was none for too long. Models tryUpdateNodeHealth. */
export function checkHealth(node: Node, healthOf: Map<string, Health>, context: Context): Verdict {
  const { cache, now } = context
  const observed = findCondition(node.status.conditions, 'Ready')
  const health = lookForLife(node, observed, healthOf, now)
  const renewed = cache.get(Lease, node.metadata.name, nodeLeases)?.spec.renewTime ?? ''
  if (renewed > health.renewed) {
    health.renewed = renewed
    health.seenAt = now
  }
  const allowedMs = observed ? graceMs : startupGraceMs
  if (now <= health.seenAt + allowedMs) return { node, observed, current: observed }
  return { observed, ...declareUnknown(node, context) }
}

function lookForLife(node: Node, ready: NodeCondition | undefined, healthOf: Map<string, Health>, now: number): Health {
  const { name, creationTimestamp } = node.metadata
  const heartbeat = ready ? (ready.lastHeartbeatTime ?? '') : 'none'
  let health = healthOf.get(name)
  if (!health) {
    // A node that never said anything is counted from its creation.
    const seenAt = ready ? now : parseTime(creationTimestamp)
    healthOf.set(name, (health = { seenAt, heartbeat, renewed: '' }))
  } else if (health.heartbeat !== heartbeat) {
    health.heartbeat = heartbeat
    health.seenAt = now
  }
  return health
}

function declareUnknown(node: Node, { api, now }: Context): Omit<Verdict, 'observed'> {
  const conditions = [...(node.status.conditions ?? [])]
  let isChanged = false
  for (const type of conditionTypes) {
    const position = conditions.findIndex(condition => condition.type === type)
    const old = conditions[position]
    if (old?.status === 'Unknown') continue
    isChanged = true
    if (old) conditions[position] = unknown({ ...old, reason: 'NodeStatusUnknown', message: stopped }, now)
    else
      conditions.push(unknown({ type, status: '', lastHeartbeatTime: node.metadata.creationTimestamp, ...never }, now))
  }
  if (!isChanged) return { node, current: findCondition(conditions, 'Ready') }
  let written = node
  const failure = attempt(() => {
    written = api.updateStatus(Node, { ...node, status: { ...node.status, conditions } })
  })
  // A conflict means that the kubelet, or somebody, has just written: the next look will tell.
  if (failure) return { node, current: findCondition(node.status.conditions, 'Ready') }
  return { node: written, current: findCondition(written.status.conditions, 'Ready') }
}

const stopped = 'Kubelet stopped posting node status.'
const never = { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' }

function unknown(condition: NodeCondition, now: number): NodeCondition {
  return { ...condition, status: 'Unknown', lastTransitionTime: timestamp(now) }
}
