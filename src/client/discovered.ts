import type { Api } from './api.ts'
import type { Cache, ControllerDefinition } from './controller.ts'
import { type DiscoveredKind, discoveredKind } from './discovered-kind.ts'
import { type InformerState, newInformer } from './informer.ts'

/** How often the garbage collector asks for discovery (garbagecollector.go, Sync). */
export const discoveryPeriodMs = 30_000

/** Takes leave of informers whose kind has gone, adds those of new kinds, and returns the names of these. */
export function rediscover(
  informers: Map<string, InformerState>,
  controllers: Iterable<ControllerDefinition>,
  cache: Cache,
  api: Api,
): string[] {
  const wanted = new Map<string, DiscoveredKind>()
  for (const { discovers } of controllers) {
    for (const known of discovers?.kinds(cache) ?? []) wanted.set(discoveredKind(known).resource, known)
  }
  for (const [resource, { discovered, watchId }] of informers) {
    if (!discovered) continue
    const known = wanted.get(resource)
    if (known?.version === discovered.version && known.kind === discovered.kind) continue
    if (watchId !== undefined) api.stopWatch(watchId)
    informers.delete(resource)
  }
  const added: string[] = []
  for (const [resource, known] of wanted) {
    if (informers.has(resource)) continue
    informers.set(resource, { ...newInformer(discoveredKind(known)), discovered: known })
    added.push(resource)
  }
  return added
}
