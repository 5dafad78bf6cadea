import { type FieldError, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import {
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isPortName,
  isPortNumber,
  isWildcardDns1123Subdomain,
} from '../../machinery/validation.ts'
import type { HTTPIngressPath, IngressBackend, IngressRule, IngressSpec } from '../generated/networking.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { parseIp } from '../meta/ip.ts'

/** ValidateIngressSpec of pkg/apis/networking/validation/validation.go. */
export function checkIngressSpec(errors: FieldError[], spec: IngressSpec): void {
  const { defaultBackend, rules = [], tls = [], ingressClassName } = spec
  if (rules.length === 0 && !defaultBackend) {
    errors.push(invalid('spec', rules, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (defaultBackend) checkBackend(errors, 'spec.defaultBackend', defaultBackend)
  rules.forEach((rule, i) => checkRule(errors, `spec.rules[${i}]`, rule))
  tls.forEach(({ hosts = [] }, i) => {
    hosts.forEach((host, j) => checkHostName(errors, `spec.tls[${i}].hosts[${j}]`, host))
  })
  if (ingressClassName !== undefined) {
    addInvalid(errors, 'spec.ingressClassName', ingressClassName, isDns1123Subdomain(ingressClassName))
  }
}

function checkRule(errors: FieldError[], path: string, { host, http }: IngressRule): void {
  if (host) {
    if (parseIp(host)) errors.push(invalid(`${path}.host`, host, 'must be a DNS name, not an IP address'))
    checkHostName(errors, `${path}.host`, host)
  }
  if (!http) return
  if (!http.paths?.length) errors.push(required(`${path}.http.paths`))
  http.paths?.forEach((each, i) => checkPath(errors, `${path}.http.paths[${i}]`, each))
}

function checkHostName(errors: FieldError[], path: string, host: string): void {
  addInvalid(errors, path, host, host.includes('*') ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host))
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']
const forbiddenSequences = ['//', '/./', '/../', '%2f', '%2F']
const forbiddenEnds = ['/..', '/.']

function checkPath(errors: FieldError[], path: string, { path: url = '', pathType, backend }: HTTPIngressPath): void {
  if (!pathType) {
    errors.push(required(`${path}.pathType`, 'pathType must be specified'))
  } else if (pathType === 'ImplementationSpecific') {
    if (url && !url.startsWith('/')) errors.push(invalid(`${path}.path`, url, 'must be an absolute path'))
  } else if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!url.startsWith('/')) errors.push(invalid(`${path}.path`, url, 'must be an absolute path'))
    for (const sequence of forbiddenSequences) {
      if (url.includes(sequence)) errors.push(invalid(`${path}.path`, url, `must not contain '${sequence}'`))
    }
    for (const end of forbiddenEnds) {
      if (url.endsWith(end)) errors.push(invalid(`${path}.path`, url, `cannot end with '${end}'`))
    }
  } else errors.push(notSupported(`${path}.pathType`, pathType, pathTypes))
  checkBackend(errors, `${path}.backend`, backend)
}

function checkBackend(errors: FieldError[], path: string, { resource, service }: IngressBackend): void {
  if (resource && service) {
    errors.push(invalid(path, '', 'cannot set both resource and service backends'))
  } else if (resource) {
    const { kind, name } = resource
    if (!kind) errors.push(required(`${path}.resource.kind`))
    else addInvalid(errors, `${path}.resource.kind`, kind, isPathSegmentName(kind))
    if (!name) errors.push(required(`${path}.resource.name`))
    else addInvalid(errors, `${path}.resource.name`, name, isPathSegmentName(name))
  } else if (service) {
    if (!service.name) errors.push(required(`${path}.service.name`))
    else addInvalid(errors, `${path}.service.name`, service.name, isDns1123Label(service.name))
    const { name, number } = service.port ?? {}
    if (name && number) errors.push(invalid(path, '', 'cannot set both port name & port number'))
    else if (name) addInvalid(errors, `${path}.service.port.name`, name, isPortName(name))
    else if (number) addInvalid(errors, `${path}.service.port.number`, number, isPortNumber(number))
    else errors.push(required(path, 'port name or number is required'))
  } else errors.push(invalid(path, '', 'resource or service backend is required'))
}
