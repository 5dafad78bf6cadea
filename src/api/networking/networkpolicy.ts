import { type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { formatLabelSelector } from '../../machinery/labels.ts'
import { isPortName, isPortNumber } from '../../machinery/validation.ts'
import type {
  IPBlock,
  NetworkPolicy as Model,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../generated/networking.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { cidrError, contains, parseCidr } from '../meta/ip.ts'
import { checkLabelSelector } from '../meta/labelselector.ts'

export type { NetworkPolicyPeer, NetworkPolicyPort }
export type NetworkPolicy = Model

const directions = ['Ingress', 'Egress']
const protocols = ['TCP', 'UDP', 'SCTP']

/** Strategy: pkg/registry/networking/networkpolicy/strategy.go. */
export const NetworkPolicy = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  countsGenerations: true,

  defaults({ spec }) {
    spec.podSelector ??= {}
    for (const { ports } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
      for (const port of ports ?? []) port.protocol ??= 'TCP'
    }
    // A policy that says nothing of egress leaves it alone.
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    checkLabelSelector(errors, 'spec.podSelector', spec.podSelector)
    spec.ingress?.forEach(({ ports = [], from = [] }, i) => {
      ports.forEach((port, j) => checkPort(errors, `spec.ingress[${i}].ports[${j}]`, port))
      from.forEach((peer, j) => checkPeer(errors, `spec.ingress[${i}].from[${j}]`, peer))
    })
    spec.egress?.forEach(({ ports = [], to = [] }, i) => {
      ports.forEach((port, j) => checkPort(errors, `spec.egress[${i}].ports[${j}]`, port))
      to.forEach((peer, j) => checkPeer(errors, `spec.egress[${i}].to[${j}]`, peer))
    })
    const types = spec.policyTypes ?? []
    if (types.length > directions.length) {
      errors.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'))
    } else {
      types.forEach((type, i) => {
        if (!directions.includes(type)) errors.push(notSupported(`spec.policyTypes[${i}]`, type, directions))
      })
    }
    return errors
  },

  columns: [nameColumn, { name: 'Pod-Selector', cell: ({ spec }) => formatLabelSelector(spec.podSelector) }, ageColumn],
})

function checkPort(errors: FieldError[], path: string, { protocol, port, endPort }: NetworkPolicyPort): void {
  if (protocol !== undefined && !protocols.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, protocols))
  }
  if (typeof port === 'number') {
    addInvalid(errors, `${path}.port`, port, isPortNumber(port))
    if (endPort === undefined) return
    // The value that upstream shows is the port, not the end port.
    if (endPort < port) errors.push(invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`'))
    addInvalid(errors, `${path}.endPort`, endPort, isPortNumber(endPort))
  } else if (typeof port === 'string') {
    if (endPort !== undefined) {
      errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'))
    }
    addInvalid(errors, `${path}.port`, port, isPortName(port))
  } else if (endPort !== undefined) {
    errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'))
  }
}

function checkPeer(
  errors: FieldError[],
  path: string,
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
): void {
  checkLabelSelector(errors, `${path}.podSelector`, podSelector)
  checkLabelSelector(errors, `${path}.namespaceSelector`, namespaceSelector)
  if (ipBlock) checkBlock(errors, `${path}.ipBlock`, ipBlock)
  if (ipBlock && (podSelector || namespaceSelector)) {
    errors.push(forbidden(path, 'may not specify both ipBlock and another peer'))
  } else if (!ipBlock && !podSelector && !namespaceSelector) errors.push(required(path, 'must specify a peer'))
}

function checkBlock(errors: FieldError[], path: string, { cidr, except = [] }: IPBlock): void {
  if (!cidr) {
    errors.push(required(`${path}.cidr`))
    return
  }
  const block = parseCidr(cidr)
  if (!block) {
    errors.push(invalid(`${path}.cidr`, cidr, cidrError))
    return
  }
  except.forEach((text, i) => {
    const hole = parseCidr(text)
    if (!hole) errors.push(invalid(`${path}.except[${i}]`, text, cidrError))
    else if (!contains(block, hole) || hole.prefix <= block.prefix) {
      errors.push(invalid(`${path}.except[${i}]`, text, 'must be a strict subset of `cidr`'))
    }
  })
}
