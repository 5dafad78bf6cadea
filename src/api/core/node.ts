import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { isLabelValue, isQualifiedName } from '../../machinery/validation.ts'
import type { Node as Model, NodeCondition, Taint } from '../generated/core.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { findCondition } from '../meta/conditions.ts'
import { isCidr } from '../meta/ip.ts'

export type { NodeCondition, Taint }
export type Node = Model

/** Strategy: pkg/registry/core/node/strategy.go. A node may bring a status when it is created: kubelets do. */
export const Node = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  subresources: ['proxy', 'status'],
  countsGenerations: false,

  defaults(draft) {
    draft.spec ??= {}
    draft.status = { ...emptyStatus, ...draft.status }
    const { spec, status } = draft
    status.nodeInfo = { ...emptyStatus.nodeInfo, ...status.nodeInfo }
    // podCIDR is the first of podCIDRs under its old name.
    if (spec.podCIDRs?.length) spec.podCIDR ??= spec.podCIDRs[0]
    else if (spec.podCIDR) spec.podCIDRs = [spec.podCIDR]
    if (status.capacity) status.allocatable ??= { ...status.capacity }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    if (spec.taints) checkTaints(errors, 'spec.taints', spec.taints)
    spec.podCIDRs?.forEach((cidr, i) => addInvalid(errors, `spec.podCIDRs[${i}]`, cidr, isCidr(cidr)))
    return errors
  },

  validateUpdate({ spec }, old) {
    const errors: FieldError[] = []
    if (spec === old.spec) return errors
    if (old.spec.podCIDRs?.length && !isEqual(spec.podCIDRs, old.spec.podCIDRs)) {
      errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
    }
    if (old.spec.providerID && spec.providerID !== old.spec.providerID) {
      errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'))
    }
    return errors
  },

  selectableFields: { 'spec.unschedulable': node => String(node.spec.unschedulable ?? false) },

  columns: [
    nameColumn,
    { name: 'Status', cell: nodeStatus },
    { name: 'Roles', cell: node => nodeRoles(node).join(',') || '<none>' },
    ageColumn,
    { name: 'Version', cell: node => node.status.nodeInfo.kubeletVersion },
    { name: 'Internal-IP', wide: true, cell: node => nodeAddress(node, 'InternalIP') ?? '<none>' },
    { name: 'External-IP', wide: true, cell: node => nodeAddress(node, 'ExternalIP') ?? '<none>' },
    { name: 'OS-Image', wide: true, cell: node => node.status.nodeInfo.osImage || '<unknown>' },
    { name: 'Kernel-Version', wide: true, cell: kernelVersion },
    {
      name: 'Container-Runtime',
      wide: true,
      cell: node => node.status.nodeInfo.containerRuntimeVersion || '<unknown>',
    },
  ],
})

const emptyStatus: Node['status'] = {
  daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
  nodeInfo: {
    machineID: '',
    systemUUID: '',
    bootID: '',
    kernelVersion: '',
    osImage: '',
    containerRuntimeVersion: '',
    kubeletVersion: '',
    kubeProxyVersion: '',
    operatingSystem: '',
    architecture: '',
  },
}

/** Whether the node's kubelet said lately that it is ready for Pods. */
export function isNodeReady(node: Node): boolean {
  return findCondition(node.status.conditions, 'Ready')?.status === 'True'
}

/** The words of STATUS: `Ready`, `NotReady,SchedulingDisabled`. */
export function nodeStatus(node: Node): string {
  const ready = findCondition(node.status.conditions, 'Ready')
  const word = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'
  return node.spec.unschedulable ? `${word},SchedulingDisabled` : word
}

const rolePrefix = 'node-role.kubernetes.io/'

/** Roles are labels: `node-role.kubernetes.io/control-plane` gives the role `control-plane`. */
export function nodeRoles({ metadata: { labels = {} } }: Node): string[] {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value) roles.add(value)
  }
  return [...roles].sort()
}

export function nodeAddress(node: Node, type: string): string | undefined {
  return node.status.addresses?.find(address => address.type === type)?.address
}

function kernelVersion({ status: { nodeInfo } }: Node): string {
  if (!nodeInfo.kernelVersion) return '<unknown>'
  return nodeInfo.architecture ? `${nodeInfo.kernelVersion} (${nodeInfo.architecture})` : nodeInfo.kernelVersion
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

function checkTaints(errors: FieldError[], path: string, taints: readonly Taint[]): void {
  const seen = new Set<string>()
  taints.forEach(({ key, value, effect }, i) => {
    const at = `${path}[${i}]`
    addInvalid(errors, `${at}.key`, key, isQualifiedName(key))
    if (value) {
      const wrong = isLabelValue(value)
      if (wrong.length > 0) errors.push(invalid(`${at}.value`, value, wrong.join(';')))
    }
    if (!effect) errors.push(required(`${at}.effect`))
    else if (!effects.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, effects))
    if (seen.has(`${effect}:${key}`)) {
      const duplicated = duplicate(at, { key, value, effect })
      errors.push({ ...duplicated, detail: 'taints must be unique by key and effect pair' })
    }
    seen.add(`${effect}:${key}`)
  })
}
