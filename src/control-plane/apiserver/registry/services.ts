import type { Service } from '../../../api/generated/core.v1.ts'
import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'
import { ApiError } from '../../../machinery/status.ts'
import { range } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { services } from '../known.ts'
import { isOf } from '../objects.ts'
import type { StorageHooks } from './storage-hooks.ts'
import { refuseInvalid } from './invalid.ts'
import { clusterIPs, nodePorts } from './service-ranges.ts'

/** Gives Services their addresses and ports (core/service/storage/{storage,alloc}.go). What is taken is read from the Services themselves. */
export const serviceHooks: StorageHooks = {
  beforeCreate(draft, call) {
    if (!isOf(services, draft)) return
    normalizeClusterIPs(draft)
    allocate(draft, undefined, call)
  },
  beforeUpdate(draft, old, call) {
    if (!isOf(services, draft) || !isOf(services, old)) return
    keepAllocated(draft, old)
    normalizeClusterIPs(draft, old)
    allocate(draft, old, call)
  },
}

/** clusterIP and the first of clusterIPs are one thing; writing one of them is enough. */
function normalizeClusterIPs({ spec }: Service, old?: Service): void {
  const { clusterIP = '', clusterIPs: ips = [] } = spec
  if (!old) {
    if (clusterIP && ips.length === 0) spec.clusterIPs = [clusterIP]
    return
  }
  const before = old.spec
  if ((before.clusterIP ?? '') !== clusterIP && sameItems(before.clusterIPs, ips)) {
    if (clusterIP) spec.clusterIPs = [clusterIP]
    else delete spec.clusterIPs
  }
}

function sameItems(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

/** A client that leaves allocated values out gets the old ones back: patchAllocatedValues. */
function keepAllocated({ spec }: Service, old: Service): void {
  if (needsIP(old) && needsIP({ spec })) {
    if (!spec.clusterIP && old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP
    if (!spec.clusterIPs?.length && old.spec.clusterIPs) spec.clusterIPs = [...old.spec.clusterIPs]
  }
  if (needsNodePort(old) && needsNodePort({ spec })) {
    const known = old.spec.ports ?? []
    for (const port of spec.ports ?? []) {
      if (port.nodePort) continue
      const before = known.find(other => other.port === port.port && other.protocol === port.protocol)
      const isUsed = spec.ports?.some(other => other.nodePort === before?.nodePort && other.protocol === port.protocol)
      if (before?.nodePort && !isUsed) port.nodePort = before.nodePort
    }
  }
  if (!spec.healthCheckNodePort && old.spec.healthCheckNodePort && needsHealthCheck({ spec })) {
    spec.healthCheckNodePort = old.spec.healthCheckNodePort
  }
}

type Spec = Pick<Service, 'spec'>

function needsIP({ spec }: Spec): boolean {
  return spec.type !== 'ExternalName'
}

function needsNodePort({ spec }: Spec): boolean {
  return spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
}

function needsHealthCheck({ spec }: Spec): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local'
}

function allocate(draft: Service, old: Service | undefined, call: Call): void {
  const used = usedBy(call, old)
  if (needsIP(draft)) allocateIPs(draft, old, used, call)
  else if (old && needsIP(old)) {
    delete draft.spec.clusterIP
    delete draft.spec.clusterIPs
  }
  if (needsNodePort(draft)) allocatePorts(draft, used, call)
  if (needsHealthCheck(draft) && !draft.spec.healthCheckNodePort) {
    draft.spec.healthCheckNodePort = nodePorts.next(used.ports.TCP, () => call.self.random())
  }
}

interface Used {
  readonly ips: Set<string>
  readonly ports: { readonly TCP: Set<number>; readonly UDP: Set<number>; readonly SCTP: Set<number> }
}

/** Addresses and ports of all other Services. */
function usedBy({ etcd }: Call, old: Service | undefined): Used {
  const used: Used = { ips: new Set(), ports: { TCP: new Set(), UDP: new Set(), SCTP: new Set() } }
  for (const { value } of range(etcd, '/registry/services/specs/')) {
    if (!isOf(services, value) || value.metadata.uid === old?.metadata.uid) continue
    for (const ip of value.spec.clusterIPs ?? []) used.ips.add(ip)
    for (const { nodePort, protocol } of value.spec.ports ?? []) if (nodePort) used.ports[protocol].add(nodePort)
    if (value.spec.healthCheckNodePort) used.ports.TCP.add(value.spec.healthCheckNodePort)
  }
  return used
}

function allocateIPs({ metadata, spec }: Service, old: Service | undefined, used: Used, call: Call): void {
  if (setFamilies(metadata.name, spec)) return
  if (spec.clusterIP && spec.clusterIP === old?.spec.clusterIP) return
  if (spec.clusterIP) return checkIP(metadata.name, spec.clusterIP, spec.clusterIPs ?? [], used)
  const ip = call.options.dryRun ? clusterIPs.first : clusterIPs.next(used.ips, () => call.self.random())
  if (ip === undefined)
    throw new ApiError('InternalError', 'Internal error occurred: failed to allocate a serviceIP: range is full')
  spec.clusterIP = ip
  spec.clusterIPs = [ip]
}

/** initIPFamilyFields on an IPv4 cluster. Answers whether the Service is headless, and needs no address. */
function setFamilies(name: string, spec: Service['spec']): boolean {
  const isHeadless = spec.clusterIP === 'None'
  if (isHeadless) spec.clusterIPs = ['None']
  const hasSelector = Object.keys(spec.selector ?? {}).length > 0
  if (isHeadless && !hasSelector) {
    // Whoever fills the endpoints by hand may use both families.
    spec.ipFamilyPolicy ??= 'RequireDualStack'
    spec.ipFamilies ??= spec.ipFamilyPolicy === 'SingleStack' ? ['IPv4'] : ['IPv4', 'IPv6']
    return true
  }
  spec.ipFamilyPolicy ??= 'SingleStack'
  const errors: FieldError[] = []
  const v6 = spec.ipFamilies?.indexOf('IPv6') ?? -1
  if (v6 >= 0) errors.push(invalid(`spec.ipFamilies[${v6}]`, 'IPv6', 'not configured on this cluster'))
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    const why = 'this cluster is not configured for dual-stack services'
    errors.push(invalid('spec.ipFamilyPolicy', 'RequireDualStack', why))
  }
  refuseInvalid({ group: '', kind: 'Service' }, name, errors)
  if (!spec.ipFamilies?.length) spec.ipFamilies = ['IPv4']
  return isHeadless
}

function checkIP(name: string, ip: string, ips: readonly string[], used: Used): void {
  if (!clusterIPs.isIP(ip)) return // Validation says it better.
  const why = !clusterIPs.contains(ip)
    ? 'the provided network does not match the current range'
    : used.ips.has(ip)
      ? 'provided IP is already allocated'
      : undefined
  if (why === undefined) return
  const error = invalid('spec.clusterIPs', ips, `failed to allocate IP ${ip}: ${why}`)
  refuseInvalid({ group: '', kind: 'Service' }, name, [error])
}

function allocatePorts({ metadata, spec }: Service, { ports }: Used, call: Call): void {
  const refuse = (error: FieldError): void => refuseInvalid({ group: '', kind: 'Service' }, metadata.name, [error])
  const given = new Map<number, string[]>()
  spec.ports?.forEach((port, i) => {
    const { nodePort } = port
    if (!nodePort) return
    const field = `spec.ports[${i}].nodePort`
    const protocols = given.get(nodePort) ?? []
    if (!nodePorts.contains(nodePort)) {
      refuse(
        invalid(field, nodePort, 'provided port is not in the valid range. The range of valid ports is 30000-32767'),
      )
    }
    if (ports[port.protocol].has(nodePort)) refuse(invalid(field, nodePort, 'provided port is already allocated'))
    given.set(nodePort, [...protocols, port.protocol])
  })
  let dryRunPort = nodePorts.afterLast
  for (const port of spec.ports ?? []) {
    if (port.nodePort) continue
    if (call.options.dryRun) {
      port.nodePort = dryRunPort++
      continue
    }
    // Ports that differ in protocol only can share a node port.
    const taken = new Set([...ports[port.protocol], ...given.keys()])
    const next = nodePorts.next(taken, () => call.self.random())
    if (next === undefined) {
      throw new ApiError('InternalError', 'Internal error occurred: failed to allocate a nodePort: range is full')
    }
    port.nodePort = next
    given.set(next, [port.protocol])
  }
}
