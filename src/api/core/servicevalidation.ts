import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import {
  isDns1123Label,
  isDns1123Subdomain,
  isPortName,
  isPortNumber,
  isQualifiedName,
} from '../../machinery/validation.ts'
import type { Service, ServicePort, ServiceSpec } from '../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'
import { cidrError, isIp, isNonSpecialIp, parseCidr } from '../meta/ip.ts'
import { checkLabels } from '../meta/labelselector.ts'
import { printInternal } from './internalform.ts'

/** ValidateService of core validation, in its order. */

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const affinities = ['ClientIP', 'None']
const protocols = ['SCTP', 'TCP', 'UDP']
const policies = ['Cluster', 'Local']

export function checkService({ spec }: Service): FieldError[] {
  const errors: FieldError[] = []
  const isBare = spec.clusterIP === 'None' || spec.type === 'ExternalName'
  if (!spec.ports?.length && !isBare) errors.push(required('spec.ports'))
  checkType(errors, spec)
  checkPorts(errors, spec.ports ?? [])
  if (spec.selector) checkLabels(errors, 'spec.selector', spec.selector)
  checkAffinity(errors, spec)
  checkClusterIPs(errors, spec)
  spec.externalIPs?.forEach((ip, i) => {
    addInvalid(errors, `spec.externalIPs[${i}]`, ip, isIp(ip).length > 0 ? isIp(ip) : isNonSpecialIp(ip))
  })
  if (spec.type) checkSupported(errors, 'spec.type', spec.type, types)
  else errors.push(required('spec.type'))
  checkNodePorts(errors, spec)
  checkLoadBalancer(errors, spec)
  checkTraffic(errors, spec)
  return errors
}

function checkType(errors: FieldError[], spec: ServiceSpec): void {
  switch (spec.type) {
    case 'LoadBalancer':
      for (let i = 0; i < (spec.ports?.length ?? 0); i++) {
        const port = spec.ports?.[i]
        if (port?.protocol !== undefined && !protocols.includes(port.protocol)) {
          errors.push(
            invalid(
              `spec.ports[${i}].protocol`,
              port.protocol,
              'cannot create an external load balancer with non-TCP/UDP/SCTP ports',
            ),
          )
        }
      }
      if (spec.clusterIP === 'None') {
        errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"))
      }
      break
    case 'NodePort':
      if (spec.clusterIP === 'None') {
        errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"))
      }
      break
    case 'ExternalName':
      checkExternalName(errors, spec)
  }
}

function checkExternalName(errors: FieldError[], { clusterIP, clusterIPs, externalName, ...spec }: ServiceSpec): void {
  if (clusterIPs?.length || clusterIP) {
    errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'))
  }
  if (spec.ipFamilies?.length) errors.push(forbidden('spec.ipFamilies', 'may not be set for ExternalName services'))
  if (spec.ipFamilyPolicy) errors.push(forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services'))
  if (!externalName) {
    errors.push(required('spec.externalName'))
    return
  }
  const name = externalName.endsWith('.') ? externalName.slice(0, -1) : externalName
  addInvalid(errors, 'spec.externalName', name, isDns1123Subdomain(name))
}

function checkPorts(errors: FieldError[], ports: readonly ServicePort[]): void {
  const names = new Set<string>()
  ports.forEach((port, i) => checkPort(errors, `spec.ports[${i}]`, port, ports.length > 1, names))
  // The same port and protocol twice would be two rules for one packet.
  const seen = new Set<string>()
  ports.forEach((port, i) => {
    const key = `${port.protocol}/${port.port}`
    if (seen.has(key)) {
      const shown = { protocol: port.protocol, port: port.port, targetPort: 0 }
      errors.push(duplicate(`spec.ports[${i}]`, printInternal('ServicePort', shown)))
    }
    seen.add(key)
  })
}

function checkPort(
  errors: FieldError[],
  path: string,
  { name, port, protocol, targetPort, appProtocol }: ServicePort,
  needsName: boolean,
  names: Set<string>,
): void {
  if (!name) {
    if (needsName) errors.push(required(`${path}.name`))
  } else {
    addInvalid(errors, `${path}.name`, name, isDns1123Label(name))
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
  }
  addInvalid(errors, `${path}.port`, port ?? 0, isPortNumber(port ?? 0))
  if (!protocol) errors.push(required(`${path}.protocol`))
  else checkSupported(errors, `${path}.protocol`, protocol, protocols)
  const target = targetPort ?? 0
  addInvalid(
    errors,
    `${path}.targetPort`,
    target,
    typeof target === 'string' ? isPortName(target) : isPortNumber(target),
  )
  if (appProtocol !== undefined) addInvalid(errors, `${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol))
}

const maxAffinitySeconds = 86_400

function checkAffinity(errors: FieldError[], { sessionAffinity, sessionAffinityConfig }: ServiceSpec): void {
  if (!sessionAffinity) errors.push(required('spec.sessionAffinity'))
  else checkSupported(errors, 'spec.sessionAffinity', sessionAffinity, affinities)
  const path = 'spec.sessionAffinityConfig'
  if (sessionAffinity === 'ClientIP') {
    const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds
    if (seconds === undefined) {
      errors.push(required(path, 'when session affinity type is ClientIP'))
    } else if (seconds <= 0 || seconds > maxAffinitySeconds) {
      const detail = `must be greater than 0 and less than ${maxAffinitySeconds}`
      errors.push(invalid(`${path}.clientIP.timeoutSeconds`, seconds, detail))
    }
  } else if (sessionAffinity === 'None' && sessionAffinityConfig) {
    errors.push(forbidden(path, 'must not be set when session affinity is None'))
  }
}

function checkClusterIPs(errors: FieldError[], { type, clusterIP, clusterIPs = [] }: ServiceSpec): void {
  if (type === 'ExternalName') return
  if (clusterIP && clusterIPs.length === 0) errors.push(required('spec.clusterIPs'))
  if (clusterIPs.length > 0 && clusterIPs[0] !== clusterIP) {
    errors.push(invalid('spec.clusterIPs', clusterIPs, 'first value must match `clusterIP`'))
  }
  if (clusterIPs.length > 1 && clusterIPs.includes('None')) {
    errors.push(invalid('spec.clusterIPs', clusterIPs, "'None' must be the first and only value"))
  }
  clusterIPs.forEach((ip, i) => {
    if (ip !== 'None' && ip !== '') addInvalid(errors, `spec.clusterIPs[${i}]`, ip, isIp(ip))
  })
}

function checkNodePorts(errors: FieldError[], { type, ports = [] }: ServiceSpec): void {
  if (type === 'ClusterIP') {
    ports.forEach(({ nodePort }, i) => {
      if (nodePort) {
        errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
      }
    })
  }
  const seen = new Set<string>()
  ports.forEach(({ nodePort, protocol }, i) => {
    if (!nodePort) return
    const key = `${protocol}/${nodePort}`
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${i}].nodePort`, nodePort))
    seen.add(key)
  })
}

function checkLoadBalancer(errors: FieldError[], spec: ServiceSpec): void {
  const { type, loadBalancerSourceRanges, allocateLoadBalancerNodePorts, loadBalancerClass } = spec
  // Upstream's path begins with a capital letter here.
  const ranges = 'spec.LoadBalancerSourceRanges'
  if (loadBalancerSourceRanges?.length) {
    if (type !== 'LoadBalancer') errors.push(forbidden(ranges, "may only be used when `type` is 'LoadBalancer'"))
    loadBalancerSourceRanges.forEach((range, i) => {
      if (!parseCidr(range.trim())) errors.push(invalid(`${ranges}[${i}]`, range, cidrError))
    })
  }
  if (allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer') {
    errors.push(forbidden('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"))
  }
  if (loadBalancerClass !== undefined) {
    if (type !== 'LoadBalancer') {
      errors.push(forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"))
    } else addInvalid(errors, 'spec.loadBalancerClass', loadBalancerClass, isQualifiedName(loadBalancerClass))
  }
}

function checkTraffic(errors: FieldError[], spec: ServiceSpec): void {
  const { type, externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort, externalIPs } = spec
  const isExternal = type === 'NodePort' || type === 'LoadBalancer' || (externalIPs?.length ?? 0) > 0
  if (!isExternal && externalTrafficPolicy) {
    const detail = 'may only be set for externally-accessible services'
    errors.push(invalid('spec.externalTrafficPolicy', externalTrafficPolicy, detail))
  } else if (externalTrafficPolicy) {
    checkSupported(errors, 'spec.externalTrafficPolicy', externalTrafficPolicy, policies)
  } else if (type === 'NodePort' || type === 'LoadBalancer') errors.push(required('spec.externalTrafficPolicy'))
  if (healthCheckNodePort) {
    if (type === 'LoadBalancer' && externalTrafficPolicy === 'Local') {
      addInvalid(errors, 'spec.healthCheckNodePort', healthCheckNodePort, isPortNumber(healthCheckNodePort))
    } else {
      const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
      errors.push(invalid('spec.healthCheckNodePort', healthCheckNodePort, detail))
    }
  }
  if (type !== 'ExternalName') {
    if (internalTrafficPolicy) checkSupported(errors, 'spec.internalTrafficPolicy', internalTrafficPolicy, policies)
    else errors.push(required('spec.internalTrafficPolicy'))
  }
  const distributions = ['PreferClose', 'PreferSameNode', 'PreferSameZone']
  if (spec.trafficDistribution !== undefined && !distributions.includes(spec.trafficDistribution)) {
    errors.push(notSupported('spec.trafficDistribution', spec.trafficDistribution, distributions))
  }
}

export function checkServiceUpdate({ spec }: Service, { spec: old }: Service): FieldError[] {
  const errors: FieldError[] = []
  if (spec === old) return errors
  checkClusterIPChange(errors, spec, old)
  if (old.type === 'LoadBalancer' && spec.type === 'LoadBalancer' && spec.loadBalancerClass !== old.loadBalancerClass) {
    errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'))
  }
  return errors
}

/** The first address is part of what a Service is: DNS answers, certificates and clients hold on to it. */
function checkClusterIPChange(errors: FieldError[], spec: ServiceSpec, old: ServiceSpec): void {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return
  const before = old.clusterIPs ?? []
  const now = spec.clusterIPs ?? []
  if (before[0] && now[0] !== before[0]) {
    errors.push(invalid('spec.clusterIPs[0]', now, 'may not change once set'))
  }
}
