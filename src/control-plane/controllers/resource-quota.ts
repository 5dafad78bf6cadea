import { CustomResourceDefinition } from '../../api/apiextensions/customresourcedefinition.ts'
import { kinds } from '../../api/index.ts'
import { PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../api/core/pod.ts'
import { isTerminal } from '../../api/core/podstatus.ts'
import { inScope, usageOf } from '../../api/core/quota-usage.ts'
import { ResourceQuota } from '../../api/core/resourcequota.ts'
import { Service } from '../../api/core/service.ts'
import { type Cache, type Context, defineController, watchOf } from '../../client/controller.ts'
import type { Kind } from '../../machinery/kind.ts'
import { type ApiObject, isEqual } from '../../machinery/object.ts'
import { add, compareQuantities, formatQuantity, type QuantityLike } from '../../machinery/quantity.ts'
import { attempt } from '../../machinery/status.ts'
import { customResources } from './custom-resources.ts'
import { collectable } from './garbage-collector/graph.ts'

/** resource-quota-sync-period. */
const resyncMs = 5 * 60_000

/** Kinds that are counted and whose updates change nothing: only that one is gone makes room. */
const plain: readonly Kind[] = collectable.filter(
  kind => kind.namespaced && kind !== Pod && kind !== Service && kind !== PersistentVolumeClaim,
)

/**
 * Counts what the objects of a namespace use, and says what is in force. The API server counts up at creation; here it is
 * set right, above all after deletions. Models pkg/controller/resourcequota/resource_quota_controller.go.
 */
export const resourceQuotaController = defineController<ResourceQuota>({
  name: 'resourcequota-controller',
  reconciles: ResourceQuota,
  // A status of ours is no news, and neither is what the API server has counted.
  concerns: (old, next) => !old || !next || !isEqual(old.spec, next.spec),
  watches: [
    watchOf(Pod, (old, next, cache) => {
      const isOver = next !== undefined && old !== undefined && !isTerminal(old) && isTerminal(next)
      return !next || isOver ? quotasOf(next ?? old, cache) : []
    }),
    watchOf(Service, (old, next, cache) => {
      const isChanged = old && next && !isEqual(old.spec, next.spec)
      return !next || isChanged ? quotasOf(next ?? old, cache) : []
    }),
    watchOf(PersistentVolumeClaim, (old, next, cache) => {
      const isChanged = old && next && !isEqual(old.spec, next.spec)
      return !next || isChanged ? quotasOf(next ?? old, cache) : []
    }),
    ...plain.map(kind => watchOf(kind, (old, next, cache) => afterDeletion(old, next, cache))),
  ],
  reads: [CustomResourceDefinition],
  discovers: { kinds: customResources, keys: (_, old, next, cache) => afterDeletion(old, next, cache) },

  reconcile(quota, context) {
    const { spec, status, metadata } = quota
    const hard = spec.hard ?? {}
    const used = { ...usedIn(quota, context) }
    const isNew = !isEqual(status.hard ?? {}, hard) || !status.hard
    const isMoved = Object.keys(used).some(
      name => compareQuantities(used[name] ?? 0, status.used?.[name] ?? '-1') !== 0,
    )
    if (isNew || isMoved) {
      const failure = attempt(() =>
        context.api.updateStatus(ResourceQuota, { ...quota, metadata, status: { hard, used } }),
      )
      if (failure && failure.reason !== 'NotFound') throw failure
    }
    return { requeueAfterMs: resyncMs }
  },
})

function afterDeletion(old: ApiObject | undefined, next: ApiObject | undefined, cache: Cache): string[] {
  return next || old?.metadata.namespace === undefined ? [] : quotasOf(old, cache)
}

function quotasOf(object: ApiObject | undefined, cache: Cache): string[] {
  return cache
    .list(ResourceQuota, object?.metadata.namespace)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
}

/** CalculateUsage: every amount that the quota names, of the objects in its scope. */
function usedIn(quota: ResourceQuota, { api, cache }: Context): Record<string, string> {
  const { namespace } = quota.metadata
  const totals = new Map<string, QuantityLike>()
  const names = Object.keys(quota.spec.hard ?? {})
  const known = new Set([...collectable, ...cache.discovered()])
  for (const kind of new Set([...kinds, ...known])) {
    if (!concerns(kind, names)) continue
    // Of few kinds the cache has no copies: they are counted by a list.
    const objects: readonly ApiObject[] = known.has(kind) ? cache.list(kind, namespace) : api.list(kind, namespace)
    for (const object of objects) {
      if (!inScope(quota, object)) continue
      const usage = usageOf(kind, object)
      for (const name of names) totals.set(name, add(totals.get(name) ?? 0, usage[name] ?? 0))
    }
  }
  return Object.fromEntries(names.sort().map(name => [name, formatQuantity(totals.get(name) ?? 0)]))
}

const computed = /^(cpu|memory|ephemeral-storage|pods|requests\.(?!storage$).*|limits\..*|hugepages-.*)$/

/** Whether objects of a kind can use anything of what a quota names. */
function concerns(kind: Kind, names: readonly string[]): boolean {
  if (!kind.namespaced) return false
  return names.some(name => {
    if (name === kind.plural || name === `count/${kind.resource}`) return true
    if (kind === Pod) return computed.test(name)
    if (kind === Service) return name.startsWith('services')
    return kind === PersistentVolumeClaim && name.includes('storage')
  })
}
