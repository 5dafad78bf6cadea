import { formatLabels } from '../../machinery/labels.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isDns1123Label } from '../../machinery/validation.ts'
import type { ServicePort, ServiceSpec, Service as Model } from '../generated/core.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { parseIp } from '../meta/ip.ts'
import { checkService, checkServiceUpdate } from './servicevalidation.ts'

export type { ServicePort, ServiceSpec }
export type Service = Model

/** Strategy: pkg/registry/core/service/strategy.go. Addresses and node ports are the API server's to give. */
export const Service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  subresources: ['proxy', 'status'],
  countsGenerations: false,
  // RelaxedServiceNameValidation is on in v1.36: names may begin with a digit.
  validateName: isDns1123Label,

  defaults(draft) {
    defaultSpec(draft.spec)
    for (const ingress of draft.status.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP'
  },

  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
    normalizeClusterIPs(draft.spec)
    dropTypeDependent(draft.spec)
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
    patchAllocated(draft.spec, old.spec)
    normalizeClusterIPs(draft.spec, old.spec)
    dropTypeDependent(draft.spec, old.spec)
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: checkService,
  validateUpdate: checkServiceUpdate,
  warnings: serviceWarnings,

  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type,
  },

  columns: [
    nameColumn,
    { name: 'Type', cell: ({ spec }) => spec.type },
    { name: 'Cluster-IP', cell: ({ spec }) => spec.clusterIPs?.[0] || spec.clusterIP || '<none>' },
    { name: 'External-IP', cell: externalIp },
    { name: 'Port(s)', cell: ({ spec }) => servicePorts(spec.ports ?? []) },
    ageColumn,
    { name: 'Selector', wide: true, cell: ({ spec }) => formatLabels(spec.selector) },
  ],
})

function defaultSpec(spec: ServiceSpec): void {
  spec.sessionAffinity ||= 'None'
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  else if (spec.sessionAffinity === 'ClientIP') {
    spec.sessionAffinityConfig ??= {}
    spec.sessionAffinityConfig.clientIP ??= {}
    spec.sessionAffinityConfig.clientIP.timeoutSeconds ??= 3 * 60 * 60
  }
  spec.type ||= 'ClusterIP'
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP'
    port.targetPort ||= port.port
  }
  if (isReachable(spec)) spec.externalTrafficPolicy ||= 'Cluster'
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
}

/** Whether the Service can be reached from outside by its type. */
export function isExternal({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer'
}

/** Whether packets from outside can reach the Service at all, be it by addresses that a user routes to the nodes. */
function isReachable(spec: ServiceSpec): boolean {
  return isExternal(spec) || (spec.type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0)
}

/** Whether the Service has a name and endpoints but no address of its own. */
export function isHeadless({ clusterIP }: ServiceSpec): boolean {
  return clusterIP === 'None'
}

/** A user writes clusterIP, old clients know nothing else; clusterIPs is what counts: NormalizeClusterIPs. */
function normalizeClusterIPs(spec: ServiceSpec, old?: ServiceSpec): void {
  if (!old) {
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP]
    else if (!spec.clusterIP && spec.clusterIPs?.length) spec.clusterIP = spec.clusterIPs[0] ?? ''
    return
  }
  const isSame = (spec.clusterIPs ?? []).join() === (old.clusterIPs ?? []).join()
  if (old.clusterIP && !spec.clusterIP && isSame) delete spec.clusterIPs
  else if (!old.clusterIP && spec.clusterIP && isSame) spec.clusterIPs = [spec.clusterIP]
  else if (old.clusterIP !== spec.clusterIP && isSame) spec.clusterIPs = spec.clusterIP ? [spec.clusterIP] : []
}

/** What an update leaves out is kept where the server chose it: patchAllocatedValues. */
function patchAllocated(spec: ServiceSpec, old: ServiceSpec): void {
  const needsIp = spec.type !== 'ExternalName'
  if (needsIp && old.type !== 'ExternalName') {
    if (!spec.clusterIP) copyIfSet(spec, old, 'clusterIP')
    if (!spec.clusterIPs?.length && spec.clusterIP === old.clusterIP) copyIfSet(spec, old, 'clusterIPs')
  }
  if (isExternal(spec) && isExternal(old)) keepNodePorts(spec.ports ?? [], old.ports ?? [])
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(old) && !spec.healthCheckNodePort) {
    copyIfSet(spec, old, 'healthCheckNodePort')
  }
}

function copyIfSet<K extends keyof ServiceSpec>(target: ServiceSpec, source: ServiceSpec, field: K): void {
  if (source[field] !== undefined) target[field] = source[field]
}

function keepNodePorts(ports: ServicePort[], old: readonly ServicePort[]): void {
  const used = new Set(ports.map(({ protocol, nodePort }) => `${protocol}/${nodePort ?? 0}`))
  for (const port of ports) {
    if (port.nodePort) continue
    const before = old.find(({ protocol, port: number }) => protocol === port.protocol && number === port.port)
    if (before?.nodePort && !used.has(`${before.protocol}/${before.nodePort}`)) port.nodePort = before.nodePort
  }
}

export function needsHealthCheckPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local'
}

/** Fields that another type had and this one cannot have go, unless the user changed them too. */
function dropTypeDependent(spec: ServiceSpec, old?: ServiceSpec): void {
  if (!old) return
  if (old.type !== 'ExternalName' && spec.type === 'ExternalName') {
    if (spec.clusterIP === old.clusterIP) {
      delete spec.clusterIP
      delete spec.clusterIPs
    }
    delete spec.ipFamilies
    delete spec.ipFamilyPolicy
    if (spec.internalTrafficPolicy === old.internalTrafficPolicy) delete spec.internalTrafficPolicy
  }
  if (isExternal(old) && !isExternal(spec)) {
    const before = new Set(old.ports?.map(({ nodePort }) => nodePort))
    for (const port of spec.ports ?? []) if (before.has(port.nodePort)) delete port.nodePort
    if (spec.externalTrafficPolicy === old.externalTrafficPolicy) delete spec.externalTrafficPolicy
  }
  if (
    needsHealthCheckPort(old) &&
    !needsHealthCheckPort(spec) &&
    spec.healthCheckNodePort === old.healthCheckNodePort
  ) {
    delete spec.healthCheckNodePort
  }
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
      delete spec.allocateLoadBalancerNodePorts
    if (spec.loadBalancerClass === old.loadBalancerClass) delete spec.loadBalancerClass
  }
}

/** `80/TCP`, `80:30080/TCP`, or `<none>`. */
export function servicePorts(ports: readonly ServicePort[]): string {
  const texts = ports.map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
  return texts.join(',') || '<none>'
}

function externalIp({ spec, status }: Service): string {
  const { externalIPs = [] } = spec
  switch (spec.type) {
    case 'ExternalName':
      return spec.externalName ?? ''
    case 'LoadBalancer': {
      const ingress = status.loadBalancer?.ingress?.map(({ ip, hostname }) => ip || hostname || '') ?? []
      return [...ingress, ...externalIPs].join(',') || '<pending>'
    }
    default:
      return externalIPs.join(',') || '<none>'
  }
}

/** pkg/api/service/warnings.go. */
function serviceWarnings({ metadata, spec }: Service, old: Service | undefined): string[] {
  const warnings: string[] = []
  if (metadata.annotations?.['service.kubernetes.io/topology-mode'] !== undefined && !old) {
    warnings.push('annotation service.kubernetes.io/topology-mode is deprecated, use spec.trafficDistribution instead')
  }
  if (isHeadless(spec) && spec.loadBalancerIP) {
    warnings.push('spec.loadBalancerIP is ignored for headless services')
  }
  if (spec.externalIPs?.length) {
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters')
  }
  if (isHeadless(spec) && spec.sessionAffinity !== 'None') {
    warnings.push('spec.SessionAffinity is ignored for headless services')
  }
  if (spec.trafficDistribution === 'PreferClose' && old?.spec.trafficDistribution !== 'PreferClose') {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"')
  }
  return warnings
}

/** The addresses at which the Service answers inside the cluster. */
export function clusterAddresses({ spec }: Service): string[] {
  return (spec.clusterIPs ?? []).filter(ip => parseIp(ip) !== undefined)
}
