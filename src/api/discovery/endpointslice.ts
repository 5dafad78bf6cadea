import { duplicate, type FieldError, notSupported, required, tooMany } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { forNewItems } from '../../machinery/quick-decode.ts'
import { isDns1123Label, isDns1123Subdomain, isPortNumber, isQualifiedName } from '../../machinery/validation.ts'
import type { Endpoint, EndpointPort, EndpointSlice as Model } from '../generated/discovery.v1.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn, someOf } from '../meta/columns.ts'
import { isIp, isNonSpecialIp, parseIp } from '../meta/ip.ts'
import { checkImmutable } from '../apps/workload.ts'

export type { Endpoint, EndpointPort }
export type EndpointSlice = Model

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

/** Strategy: pkg/registry/discovery/endpointslice/strategy.go. */
export const EndpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  countsGenerations: true,

  defaults(draft) {
    for (const port of draft.ports ?? []) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
    // A list that is there but empty says something else than none, and the schema demands one.
    draft.endpoints ??= []
  },

  hasLongLists: true,

  validate(slice, old) {
    const errors: FieldError[] = []
    if (!slice.addressType) errors.push(required('addressType'))
    else checkSupported(errors, 'addressType', slice.addressType, addressTypes)
    // Null is what is stored where a list was not given.
    const endpoints = slice.endpoints ?? []
    const ports = slice.ports ?? []
    if (endpoints.length > 1000) errors.push(tooMany('endpoints', endpoints.length, 1000))
    forNewItems(endpoints, old?.endpoints, (endpoint, i) =>
      checkEndpoint(errors, `endpoints[${i}]`, endpoint, slice.addressType),
    )
    if (ports.length > 20_000) errors.push(tooMany('ports', ports.length, 20_000))
    checkPorts(errors, ports)
    return errors
  },

  validateUpdate(slice, old) {
    const errors: FieldError[] = []
    checkImmutable(errors, 'addressType', slice.addressType, old.addressType)
    return errors
  },

  columns: [
    nameColumn,
    { name: 'AddressType', cell: slice => slice.addressType },
    { name: 'Ports', cell: slice => formatPorts(slice.ports ?? []) },
    { name: 'Endpoints', cell: slice => formatAddresses(slice.endpoints ?? []) },
    ageColumn,
  ],
})

function formatPorts(ports: readonly EndpointPort[]): string {
  if (ports.length === 0) return '<unset>'
  return someOf(ports.map(({ port, name }) => (port === undefined ? name || '*' : String(port))))
}

function formatAddresses(endpoints: readonly Endpoint[]): string {
  const addresses = endpoints.flatMap(endpoint => endpoint.addresses)
  return addresses.length === 0 ? '<unset>' : someOf(addresses)
}

function checkEndpoint(errors: FieldError[], path: string, endpoint: Endpoint, addressType: string): void {
  const { addresses = [], hostname, nodeName } = endpoint
  if (addresses.length === 0)
    errors.push({ ...required(`${path}.addresses`), detail: 'must contain at least 1 address' })
  if (addresses.length > 100) errors.push(tooMany(`${path}.addresses`, addresses.length, 100))
  addresses.forEach((address, i) => checkAddress(errors, `${path}.addresses[${i}]`, address, addressType))
  if (nodeName !== undefined) addInvalid(errors, `${path}.nodeName`, nodeName, isDns1123Subdomain(nodeName))
  if (hostname !== undefined) addInvalid(errors, `${path}.hostname`, hostname, isDns1123Label(hostname))
}

function checkAddress(errors: FieldError[], path: string, address: string, addressType: string): void {
  if (addressType === 'FQDN') {
    addInvalid(errors, path, address, isDns1123Subdomain(address))
    return
  }
  const wrong = isIp(address)
  if (wrong.length > 0) addInvalid(errors, path, address, wrong)
  else if (parseIp(address)?.family !== addressType && addressTypes.includes(addressType)) {
    addInvalid(errors, path, address, [`must be an ${addressType} address`])
  } else addInvalid(errors, path, address, isNonSpecialIp(address))
}

function checkPorts(errors: FieldError[], ports: readonly EndpointPort[]): void {
  const names = new Set<string>()
  ports.forEach(({ name = '', port, protocol, appProtocol }, i) => {
    const path = `ports[${i}]`
    if (name) addInvalid(errors, `${path}.name`, name, isDns1123Label(name))
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name))
    names.add(name)
    if (protocol === undefined) errors.push(required(`${path}.protocol`))
    else if (!['SCTP', 'TCP', 'UDP'].includes(protocol)) {
      errors.push(notSupported(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']))
    }
    if (port !== undefined) addInvalid(errors, `${path}.port`, port, isPortNumber(port))
    if (appProtocol !== undefined) addInvalid(errors, `${path}.appProtocol`, appProtocol, isQualifiedName(appProtocol))
  })
}

/** Whether traffic may go to an endpoint; what nobody said counts as ready. */
export function isEndpointReady({ conditions }: Endpoint): boolean {
  return conditions?.ready ?? true
}
