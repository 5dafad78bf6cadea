import { defineKind, type Kind } from '../machinery/kind.ts'

/**
 * Kinds that a process hears of while it runs. What is known of one is kept with its informer, so that a process that is
 * restored from a checkpoint knows it, too. Models metadatainformer and the monitors of the garbage collector.
 */
export interface DiscoveredKind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

const kinds = new WeakMap<DiscoveredKind, Kind>()

/** The kind as a client needs it; always the same one for the same data. */
export function discoveredKind(known: DiscoveredKind): Kind {
  const found = kinds.get(known)
  if (found) return found
  const kind = defineKind(known)
  kinds.set(known, kind)
  return kind
}
