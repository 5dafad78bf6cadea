import { type FieldError, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { forNewItems } from '../../machinery/quick-decode.ts'
import { isDns1123Label, isPortNumber } from '../../machinery/validation.ts'
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints as Model } from '../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { isNonSpecialIp } from '../meta/ip.ts'

export type { EndpointAddress, EndpointSubset }
export type Endpoints = Model

/** Endpoints in the form before EndpointSlices. Strategy: pkg/registry/core/endpoint/strategy.go. */
export const Endpoints = defineKind<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',

  defaults({ subsets }) {
    for (const { ports } of subsets ?? []) for (const port of ports ?? []) port.protocol ||= 'TCP'
  },

  hasLongLists: true,

  validate({ subsets }, old) {
    const errors: FieldError[] = []
    subsets?.forEach((subset, i) => checkSubset(errors, `subsets[${i}]`, subset, old?.subsets?.[i]))
    return errors
  },

  columns: [nameColumn, { name: 'Endpoints', cell: ({ subsets }) => formatEndpoints(subsets) }, ageColumn],
})

function checkSubset(errors: FieldError[], path: string, subset: EndpointSubset, old?: EndpointSubset): void {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset
  if (addresses.length + notReadyAddresses.length === 0) {
    errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'))
  }
  forNewItems(addresses, old?.addresses, (address, i) => checkAddress(errors, `${path}.addresses[${i}]`, address))
  forNewItems(notReadyAddresses, old?.notReadyAddresses, (address, i) =>
    checkAddress(errors, `${path}.notReadyAddresses[${i}]`, address),
  )
  ports.forEach((port, i) => checkPort(errors, `${path}.ports[${i}]`, port, ports.length > 1))
}

function checkAddress(errors: FieldError[], path: string, { ip, hostname }: EndpointAddress): void {
  addInvalid(errors, `${path}.ip`, ip, isNonSpecialIp(ip))
  if (hostname) addInvalid(errors, `${path}.hostname`, hostname, isDns1123Label(hostname))
}

function checkPort(
  errors: FieldError[],
  path: string,
  { name, port, protocol }: EndpointPort,
  needsName: boolean,
): void {
  if (!name) {
    if (needsName) errors.push(required(`${path}.name`))
  } else addInvalid(errors, `${path}.name`, name, isDns1123Label(name))
  addInvalid(errors, `${path}.port`, port, isPortNumber(port))
  checkSupported(errors, `${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP'])
}

const shown = 3

/** The first addresses with their ports, and how many more there are. */
function formatEndpoints(subsets: readonly EndpointSubset[] | undefined): string {
  if (!subsets?.length) return '<none>'
  const list: string[] = []
  let total = 0
  for (const { addresses = [], ports = [] } of subsets) {
    // A headless Service without ports still has addresses.
    const each: (EndpointPort | undefined)[] = ports.length > 0 ? ports : [undefined]
    for (const port of each) {
      for (const { ip } of addresses) {
        total++
        if (list.length < shown) list.push(port ? hostPort(ip, port.port) : ip)
      }
    }
  }
  return total > shown ? `${list.join(',')} + ${total - shown} more...` : list.join(',')
}

/** net.JoinHostPort: IPv6 addresses are set in brackets. */
export function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
