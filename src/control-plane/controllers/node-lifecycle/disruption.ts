import type { Node } from '../../../api/core/node.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import type { NodeMemory } from './memory.ts'
import { hasEvictionTaint, removeEvictionTaints } from './taints.ts'
import { isExcluded, newZone, rateOf, setRate, stateOf, type Zone, type ZoneState, zoneOf } from './zones.ts'

/**
 * Slows evictions where many nodes of a zone are lost, and stops them when all nodes of all zones are: then it is the
 * control plane that is cut off. Models handleDisruption.
 */
export function handleDisruption(nodes: readonly Node[], memory: NodeMemory, context: Context): void {
  const { now } = context
  const members = new Map<string, Node[]>()
  for (const node of nodes) if (!isExcluded(node)) membersOf(members, zoneOf(node)).push(node)
  const states = new Map<string, ZoneState>()
  for (const [name, of] of members) states.set(name, stateOf(of))
  const wasAllLost =
    memory.zones.size > 0 && [...memory.zones.values()].every(({ state }) => state === 'FullDisruption')
  const isAllLost = states.size > 0 && [...states.values()].every(state => state === 'FullDisruption')

  if (isAllLost && !wasAllLost) {
    for (const node of nodes) if (hasEvictionTaint(node)) attempt(() => removeEvictionTaints(node, context))
    for (const zone of memory.zones.values()) stop(zone, now)
  } else if (wasAllLost && !isAllLost) {
    // What was not heard while nothing could be heard is not held against the nodes.
    for (const health of memory.health.values()) health.seenAt = now
  }
  for (const [name, state] of states) {
    const zone = memory.zones.get(name) ?? newZone(now)
    memory.zones.set(name, zone)
    const isChanged = zone.state !== state || (wasAllLost && !isAllLost)
    if (!isAllLost && isChanged) setRate(zone, rateOf(state, members.get(name)?.length ?? 0), now)
    zone.state = state
    for (const waiting of isAllLost ? [] : zone.waiting) context.enqueue(waiting)
  }
}

function stop(zone: Zone, now: number): void {
  setRate(zone, 0, now)
  zone.waiting.clear()
}

function membersOf(members: Map<string, Node[]>, zone: string): Node[] {
  const found = members.get(zone)
  if (found) return found
  const made: Node[] = []
  members.set(zone, made)
  return made
}
