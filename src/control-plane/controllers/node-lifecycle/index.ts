import { Lease } from '../../../api/coordination/lease.ts'
import { Node } from '../../../api/core/node.ts'
import { Pod } from '../../../api/core/pod.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import { type Context, defineController, type Outcome } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { isSameTaint } from '../../../api/core/toleration.ts'
import { checkHealth, type Health } from './health.ts'
import { handleDisruption } from './disruption.ts'
import { markPodsNotReady } from './pods.ts'
import { type NodeMemory, nodeMemory } from './memory.ts'
import {
  hasEvictionTaint,
  noExecute,
  notReadyKey,
  removeEvictionTaints,
  swapTaints,
  taintByConditions,
  unreachableKey,
} from './taints.ts'
import { newZone, takeToken, zoneOf } from './zones.ts'

/** NodeMonitorPeriod of kube-controller-manager. */
const monitorPeriodMs = 5_000

/**
 * Watches over nodes: one that does not renew its lease becomes Unknown and is tainted, so that nothing is placed on it
 * and what runs there is driven off. Models pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
export const nodeLifecycleController = defineController({
  name: 'node-controller',
  reconciles: Node,
  workers: 8,
  reads: [Lease, Pod],

  reconcile(node, context) {
    taintByConditions(node, context)
    return evictIfDue(node, context)
  },

  periodMs: monitorPeriodMs,
  tick: monitor,
})

function monitor(context: Context): void {
  const memory = nodeMemory(context.memory)
  const nodes = context.cache.list(Node)
  const deleted = greet(nodes, memory, context)
  for (const node of deleted) bidFarewell(node, memory, context)
  const looked = nodes.map(node => look(node, memory, context))
  handleDisruption(looked, memory, context)
}

/** Notes nodes that are new, and returns those that are gone. */
function greet(nodes: readonly Node[], { known }: NodeMemory, context: Context): Node[] {
  const present = new Set<string>()
  for (const node of nodes) {
    const { name } = node.metadata
    present.add(name)
    if (!known.has(name)) {
      context.event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
      attempt(() => removeEvictionTaints(node, context))
    }
    known.set(name, node)
  }
  return [...known].filter(([name]) => !present.has(name)).map(([, node]) => node)
}

function bidFarewell(node: Node, { health, known, zones }: NodeMemory, { event }: Context): void {
  const { name } = node.metadata
  event(node, 'Normal', 'RemovingNode', `Removing Node ${name} from Controller`)
  known.delete(name)
  health.delete(name)
  for (const zone of zones.values()) zone.waiting.delete(name)
}

/** One look at one node; returns it as it is afterwards. */
function look(before: Node, memory: NodeMemory, context: Context): Node {
  const { node, observed, current } = checkHealth(before, memory.health, context)
  if (!current) return node
  attempt(() => evictByTaint(node, current.status, memory, context))
  const health = memory.health.get(node.metadata.name)
  const isNews = current.status !== 'True' && observed?.status === 'True'
  if (isNews) {
    const text = `Node ${node.metadata.name} status is now: NodeNotReady`
    context.event(node, 'Normal', 'NodeNotReady', text)
  }
  if (current.status !== 'True' && (isNews || health?.needsRetry)) markAll(node, health, context)
  return node
}

function markAll(node: Node, health: Health | undefined, context: Context): void {
  const failure = attempt(() => markPodsNotReady(node.metadata.name, context))
  if (health) health.needsRetry = failure !== undefined
}

/** Marks a node for the taint by which its Pods are driven off, or frees it: processTaintBaseEviction. */
function evictByTaint(node: Node, status: string, { zones }: NodeMemory, context: Context): void {
  const { name } = node.metadata
  const zone = zones.get(zoneOf(node)) ?? newZone(context.now)
  zones.set(zoneOf(node), zone)
  if (status === 'True') {
    zone.waiting.delete(name)
    if (hasEvictionTaint(node)) removeEvictionTaints(node, context)
    return
  }
  const [wanted, other] = evictionKeys(status)
  const has = (key: string): boolean => node.spec.taints?.some(taint => isSameTaint(taint, noExecute(key))) ?? false
  if (has(other)) return swapTaints(node, [noExecute(wanted)], [noExecute(other)], context)
  if (has(wanted)) return
  zone.waiting.add(name)
  context.enqueue(name)
}

function evictionKeys(status: string): readonly [wanted: string, other: string] {
  return status === 'False' ? [notReadyKey, unreachableKey] : [unreachableKey, notReadyKey]
}

/** Taints a node that waits for it, when its zone's rate limiter lets it: doNoExecuteTaintingPass. */
function evictIfDue(node: Node, context: Context): Outcome | void {
  const { zones } = nodeMemory(context.memory)
  const zone = zones.get(zoneOf(node))
  const { name } = node.metadata
  if (!zone?.waiting.has(name)) return
  const status = findCondition(node.status.conditions, 'Ready')?.status ?? 'Unknown'
  // The cache may not show yet that the node is lost: the change will wake us.
  if (status === 'True') return
  const waitMs = takeToken(zone, context.now)
  if (waitMs === Infinity) return
  if (waitMs > 0) return { requeueAfterMs: waitMs }
  zone.waiting.delete(name)
  const [wanted, other] = evictionKeys(status)
  const obsolete = (node.spec.taints ?? []).filter(taint => isSameTaint(taint, noExecute(other)))
  swapTaints(node, [noExecute(wanted)], obsolete, context)
}
