import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { QuantityLike } from '../../machinery/quantity.ts'
import type { ResourceQuota } from '../generated/core.v1.ts'
import { PersistentVolumeClaim } from './persistentvolumeclaim.ts'
import { Pod } from './pod.ts'
import { podLimits, podRequests, qosClass } from './resources.ts'
import { Service } from './service.ts'

/** What objects count against a quota: the evaluators of pkg/quota/v1/evaluator/core. */

export type Usage = Readonly<Record<string, QuantityLike>>

/** Resources that are counted by their plural alone. */
const countedByName = ['configmaps', 'secrets', 'resourcequotas', 'replicationcontrollers', 'services']

/** What an object uses, by the names that quotas have for it. */
export function usageOf(kind: Kind, object: ApiObject): Usage {
  const counts: Record<string, QuantityLike> = { [`count/${kind.resource}`]: 1 }
  if (countedByName.includes(kind.resource)) counts[kind.resource] = 1
  if (isOf(Pod, object)) return { ...counts, ...podUsage(object) }
  if (isOf(Service, object)) return { ...counts, ...serviceUsage(object) }
  if (isOf(PersistentVolumeClaim, object)) {
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
  if (!isOf(Pod, object)) return undefined
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

/** Whether a quota counts an object. */
export function inScope({ spec }: ResourceQuota, object: ApiObject): boolean {
  const scopes = [
    ...(spec.scopes ?? []).map(scopeName => ({ scopeName, operator: 'Exists', values: undefined })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ]
  return scopes.every(({ scopeName, operator, values = [] }) => {
    if (!isOf(Pod, object)) return false
    const { spec: pod } = object
    switch (scopeName) {
      case 'Terminating':
        return pod.activeDeadlineSeconds !== undefined
      case 'NotTerminating':
        return pod.activeDeadlineSeconds === undefined
      case 'BestEffort':
        return qosClass(object) === 'BestEffort'
      case 'NotBestEffort':
        return qosClass(object) !== 'BestEffort'
      case 'PriorityClass':
        return matchesClass(pod.priorityClassName ?? '', operator, values)
      default:
        return false
    }
  })
}

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  if (operator === 'In') return values.includes(name)
  if (operator === 'NotIn') return !values.includes(name)
  return (operator === 'Exists') === (name !== '')
}

function isOf<T extends ApiObject>({ kind, apiVersion }: Kind<T>, object: ApiObject): object is T {
  return object.kind === kind && object.apiVersion === apiVersion
}
