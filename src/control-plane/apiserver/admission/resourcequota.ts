import type { ResourceQuota } from '../../../api/generated/core.v1.ts'
import { inScope, missingIn, type Usage, usageOf } from '../../../api/core/quota-usage.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import {
  add,
  compareQuantities,
  formatQuantity,
  type QuantityLike,
  sign,
  subtract,
} from '../../../machinery/quantity.ts'
import { forbidden } from '../../../machinery/status.ts'
import { resourceQuotas } from '../known.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

/** Kinds whose usage can grow by an update. */
const growing = ['services', 'persistentvolumeclaims']

/**
 * Refuses what a namespace may not have, and counts what it takes at once, so that many creations together cannot go over
 * (plugin/pkg/admission/resourcequota). A quota is in force as soon as its controller has filled in its status.
 */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  operations: ['CREATE', 'UPDATE'],

  validate(object, attributes) {
    const { operation, kind, namespace, list, old } = attributes
    if (!object || namespace === undefined || kind.resource === 'resourcequotas') return
    if (operation === 'UPDATE' && !growing.includes(kind.resource)) return
    const quotas = list(resourceQuotas, namespace).filter(quota => quota.status.hard && inScope(quota, object))
    if (quotas.length === 0) return
    const usage = usageOf(kind, object)
    const delta = old ? difference(usage, usageOf(kind, old)) : usage
    const charged = quotas.flatMap(quota => charge(quota, delta, object, attributes) ?? [])
    if (!attributes.isDryRun) for (const quota of charged) attributes.save(resourceQuotas, quota)
  },
}

function difference(usage: Usage, before: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).map(([name, amount]) => [name, subtract(amount, before[name] ?? 0)]))
}

/** The quota with more used, or undefined when it does not count the object. */
function charge(
  quota: ResourceQuota,
  delta: Usage,
  object: ApiObject,
  { kind }: Attributes,
): ResourceQuota | undefined {
  const { hard = {}, used = {} } = quota.status
  const refuse = (why: string): Error => forbidden(kind, object.metadata.name, why)
  const counted = Object.keys(hard).sort()
  const missing = missingIn(object, counted)
  if (missing !== undefined) throw refuse(`failed quota: ${quota.metadata.name}: ${missing}`)
  const taken = counted.filter(resource => sign(delta[resource] ?? 0) > 0)
  if (taken.length === 0) return undefined
  const unknown = taken.filter(resource => used[resource] === undefined)
  if (unknown.length > 0) {
    throw refuse(`status unknown for quota: ${quota.metadata.name}, resources: ${unknown.join(',')}`)
  }
  const after = (resource: string): QuantityLike => add(used[resource] ?? 0, delta[resource] ?? 0)
  const exceeded = taken.filter(resource => compareQuantities(after(resource), hard[resource] ?? 0) > 0)
  if (exceeded.length > 0) {
    const show = (amounts: Usage): string =>
      exceeded.map(resource => `${resource}=${formatQuantity(amounts[resource] ?? 0)}`).join(',')
    const why = `requested: ${show(delta)}, used: ${show(used)}, limited: ${show(hard)}`
    throw refuse(`exceeded quota: ${quota.metadata.name}, ${why}`)
  }
  const next = Object.fromEntries(taken.map(resource => [resource, formatQuantity(after(resource))]))
  return { ...quota, status: { ...quota.status, used: { ...used, ...next } } }
}
