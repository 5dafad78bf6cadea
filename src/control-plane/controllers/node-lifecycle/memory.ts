import type { Node } from '../../../api/core/node.ts'
import type { Health } from './health.ts'
import type { Zone } from './zones.ts'

/** What the controller remembers: lost when its process ends, and built anew by looking. */
export interface NodeMemory {
  readonly known: Map<string, Node>
  readonly health: Map<string, Health>
  readonly zones: Map<string, Zone>
}

/** The controller's memory by its type; it is made at the first look. */
export function nodeMemory(memory: Map<string, unknown>): NodeMemory {
  const kept = memory.get('nodes')
  if (isNodeMemory(kept)) return kept
  const made: NodeMemory = { known: new Map(), health: new Map(), zones: new Map() }
  memory.set('nodes', made)
  return made
}

function isNodeMemory(value: unknown): value is NodeMemory {
  return typeof value === 'object' && value !== null && 'health' in value
}
