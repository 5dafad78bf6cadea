import { formatLabels } from '../../../machinery/labels.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { at, mapAt, namespaceOf, nameOf, numberAt, objectsAt, textAt, textsAt } from '../unstructured.ts'
import { type Describer, type Describing, orNone, writeEvents, writeMarks, writeName } from './sections.ts'
import type { Page } from './page.ts'

export const describeService: Describer = (page, service, describing) => {
  const { spec, status } = service
  const slices = slicesOf(namespaceOf(service), nameOf(service), describing)
  const optional = (title: string, text: string): void => {
    if (text !== '') page.line(0, `${title}:\t${text}`)
  }
  writeName(page, service)
  writeMarks(page, service)
  page.line(0, `Selector:\t${formatLabels(mapAt(spec, 'selector'))}`)
  page.line(0, `Type:\t${textAt(spec, 'type')}`)
  optional('IP Family Policy', textAt(spec, 'ipFamilyPolicy'))
  page.line(0, `IP Families:\t${orNone(textsAt(spec, 'ipFamilies').join(','))}`)
  page.line(0, `IP:\t${textAt(spec, 'clusterIP')}`)
  page.line(0, `IPs:\t${orNone(textsAt(spec, 'clusterIPs').join(','))}`)
  optional('External IPs', textsAt(spec, 'externalIPs').join(','))
  optional('Desired LoadBalancer IP', textAt(spec, 'loadBalancerIP'))
  optional('External Name', textAt(spec, 'externalName'))
  optional('LoadBalancer Ingress', objectsAt(status, 'loadBalancer', 'ingress').map(ingressText).join(', '))
  for (const port of objectsAt(spec, 'ports')) writePort(page, port, slices)
  page.line(0, `Session Affinity:\t${textAt(spec, 'sessionAffinity')}`)
  optional('External Traffic Policy', textAt(spec, 'externalTrafficPolicy'))
  optional('Internal Traffic Policy', textAt(spec, 'internalTrafficPolicy'))
  optional('HealthCheck NodePort', textAt(spec, 'healthCheckNodePort'))
  optional('LoadBalancer Source Ranges', textsAt(spec, 'loadBalancerSourceRanges').join(','))
  optional('Traffic Distribution', textAt(spec, 'trafficDistribution'))
  writeEvents(page, service, describing)
}

function ingressText(ingress: JsonObject): string {
  const [ip, mode] = [textAt(ingress, 'ip'), textAt(ingress, 'ipMode')]
  if (ip === '') return textAt(ingress, 'hostname')
  return mode === '' ? ip : `${ip} (${mode})`
}

function writePort(page: Page, port: JsonObject, slices: readonly JsonObject[]): void {
  const name = textAt(port, 'name') || '<unset>'
  const protocol = textAt(port, 'protocol')
  page.line(0, `Port:\t${name}\t${numberAt(port, 'port')}/${protocol}`)
  page.line(0, `TargetPort:\t${textAt(port, 'targetPort')}/${protocol}`)
  if (textAt(port, 'appProtocol') !== '') page.line(0, `AppProtocol:\t${textAt(port, 'appProtocol')}`)
  if (numberAt(port, 'nodePort') !== 0) page.line(0, `NodePort:\t${name}\t${numberAt(port, 'nodePort')}/${protocol}`)
  page.line(0, `Endpoints:\t${endpointsText(slices, textAt(port, 'name'))}`)
}

/** The EndpointSlices of a Service. */
export function slicesOf(namespace: string, service: string, { client }: Describing): readonly JsonObject[] {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`
  return objectsAt(client.get(path, { query: { labelSelector: `kubernetes.io/service-name=${service}` } }), 'items')
}

/** `172.16.1.4:80,172.16.2.5:80`: at most three of the ready ones. */
export function endpointsText(slices: readonly JsonObject[], port: string): string {
  if (slices.length === 0) return ''
  const all = slices.flatMap(slice => {
    const found = objectsAt(slice, 'ports').filter(each => textAt(each, 'name') === port)
    return objectsAt(slice, 'endpoints')
      .filter(endpoint => at(endpoint, 'conditions', 'ready') !== false)
      .flatMap(endpoint =>
        found.flatMap(each => textsAt(endpoint, 'addresses').map(address => `${address}:${numberAt(each, 'port')}`)),
      )
  })
  const [shown, more] = [all.slice(0, 3), all.length - 3]
  return more > 0 ? `${shown.join(',')} + ${more} more...` : shown.join(',')
}

export const describeEndpoints: Describer = (page, endpoints, describing) => {
  writeName(page, endpoints)
  writeMarks(page, endpoints)
  const subsets = objectsAt(endpoints, 'subsets')
  if (subsets.length === 0) page.line(0, 'Subsets:')
  else page.line(0, 'Subsets:')
  for (const subset of subsets) {
    const addresses = (member: string): string =>
      orNone(
        objectsAt(subset, member)
          .map(each => textAt(each, 'ip'))
          .join(','),
      )
    page.line(1, `Addresses:\t${addresses('addresses')}`)
    page.line(1, `NotReadyAddresses:\t${addresses('notReadyAddresses')}`)
    const ports = objectsAt(subset, 'ports')
    if (ports.length > 0) {
      page.line(1, 'Ports:')
      page.line(2, 'Name\tPort\tProtocol')
      page.line(2, '----\t----\t--------')
      for (const port of ports)
        page.line(2, `${textAt(port, 'name') || '<unset>'}\t${numberAt(port, 'port')}\t${textAt(port, 'protocol')}`)
    }
    page.line(0, '')
  }
  writeEvents(page, endpoints, describing)
}

export const describeEndpointSlice: Describer = (page, slice, describing) => {
  writeName(page, slice)
  writeMarks(page, slice)
  page.line(0, `AddressType:\t${textAt(slice, 'addressType')}`)
  const ports = objectsAt(slice, 'ports')
  page.line(0, ports.length === 0 ? 'Ports: <unset>' : 'Ports:')
  if (ports.length > 0) {
    page.line(1, 'Name\tPort\tProtocol')
    page.line(1, '----\t----\t--------')
  }
  for (const port of ports) {
    page.line(
      1,
      `${textAt(port, 'name') || '<unset>'}\t${textAt(port, 'port') || '<unset>'}\t${textAt(port, 'protocol')}`,
    )
  }
  const endpoints = objectsAt(slice, 'endpoints')
  page.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:')
  for (const endpoint of endpoints) {
    page.line(1, `- Addresses:\t${orNone(textsAt(endpoint, 'addresses').join(', '))}`)
    page.line(2, 'Conditions:')
    page.line(3, `Ready:\t${textAt(endpoint, 'conditions', 'ready') || '<unset>'}`)
    page.line(2, `Hostname:\t${textAt(endpoint, 'hostname') || '<unset>'}`)
    const target = at(endpoint, 'targetRef')
    if (target !== undefined) page.line(2, `TargetRef:\t${textAt(target, 'kind')}/${textAt(target, 'name')}`)
    page.line(2, `NodeName:\t${textAt(endpoint, 'nodeName') || '<unset>'}`)
    page.line(2, `Zone:\t${textAt(endpoint, 'zone') || '<unset>'}`)
  }
  writeEvents(page, slice, describing)
}
