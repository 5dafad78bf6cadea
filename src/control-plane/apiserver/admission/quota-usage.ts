import type { Pod, Service } from '../../../api/generated/core.v1.ts'
import { podLimits, podRequests } from '../../../api/core/resources.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { QuantityLike } from '../../../machinery/quantity.ts'
import { persistentVolumeClaims, pods, services } from '../known.ts'
import { isOf } from '../objects.ts'

/** What objects count against a quota: the evaluators of pkg/quota/v1/evaluator/core. */

export type Usage = Readonly<Record<string, QuantityLike>>

/** Resources that are counted by their plural alone. */
const countedByName = ['configmaps', 'secrets', 'resourcequotas', 'replicationcontrollers', 'services']

/** What an object uses, by the names that quotas have for it. */
export function usageOf(kind: Kind, object: ApiObject): Usage {
  const counts: Record<string, QuantityLike> = { [`count/${kind.resource}`]: 1 }
  if (countedByName.includes(kind.resource)) counts[kind.resource] = 1
  if (isOf(pods, object)) return { ...counts, ...podUsage(object) }
  if (isOf(services, object)) return { ...counts, ...serviceUsage(object) }
  if (isOf(persistentVolumeClaims, object)) {
    const storage = object.spec.resources.requests?.['storage'] ?? 0
    const { storageClassName: name } = object.spec
    const ofClass = { [`${name}.storageclass.storage.k8s.io/persistentvolumeclaims`]: 1 }
    const amountOfClass = { [`${name}.storageclass.storage.k8s.io/requests.storage`]: storage }
    const own = name === undefined ? {} : { ...ofClass, ...amountOfClass }
    return { ...counts, persistentvolumeclaims: 1, 'requests.storage': storage, ...own }
  }
  return counts
}

const compute = ['cpu', 'memory', 'ephemeral-storage']

/** Pods that are over use nothing but their name. */
function podUsage(pod: Pod): Usage {
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return {}
  const usage: Record<string, QuantityLike> = { pods: 1 }
  for (const [name, amount] of Object.entries(podRequests(pod))) {
    usage[`requests.${name}`] = amount
    if (compute.includes(name)) usage[name] = amount
  }
  for (const [name, amount] of Object.entries(podLimits(pod))) {
    if (compute.includes(name)) usage[`limits.${name}`] = amount
  }
  return usage
}

function serviceUsage({ spec }: Service): Usage {
  const ports = spec.ports?.length ?? 0
  const hasNodePorts =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  return {
    'services.nodeports': hasNodePorts ? ports : 0,
    'services.loadbalancers': spec.type === 'LoadBalancer' ? 1 : 0,
  }
}

const mustBeGiven = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']

/** What a Pod does not say although a quota counts it: `limits.memory for: c; requests.cpu for: c`. */
export function missingIn(object: ApiObject, counted: readonly string[]): string | undefined {
  if (!isOf(pods, object)) return undefined
  const missing = counted
    .filter(name => mustBeGiven.includes(name))
    .sort()
    .flatMap(name => {
      const [side, resource] = name.includes('.') ? name.split('.') : ['requests', name]
      const containers = [...object.spec.containers, ...(object.spec.initContainers ?? [])].filter(({ resources }) => {
        const given = side === 'limits' ? resources.limits : resources.requests
        return given?.[resource ?? ''] === undefined
      })
      return containers.length > 0 ? [`${name} for: ${containers.map(container => container.name).join(',')}`] : []
    })
  return missing.length > 0 ? `must specify ${missing.join('; ')}` : undefined
}
