import { Node } from '../../api/core/node.ts'
import { drawingOf, idOf } from '../contribution.ts'

/** A Node is drawn as its machine: the machine's item comes from the infrastructure, the Node adds its word to it. */
export const nodeDrawing = drawingOf(Node, (node, order) => {
  const { metadata, spec, status } = node
  const ready = status.conditions?.find(condition => condition.type === 'Ready')?.status
  const words = [ready === 'True' ? 'Ready' : 'NotReady']
  if (spec.unschedulable) words.push('SchedulingDisabled')
  const roles = Object.keys(metadata.labels ?? {})
    .filter(label => label.startsWith('node-role.kubernetes.io/'))
    .map(label => label.slice('node-role.kubernetes.io/'.length))
  return {
    items: [
      {
        id: idOf.machine(metadata.name),
        type: 'machine',
        kind: 'Node',
        resource: Node.resource,
        name: metadata.name,
        tone: ready !== 'True' ? 'bad' : spec.unschedulable ? 'warning' : 'good',
        status: words.join(','),
        facts: {
          roles: roles.join(',') || '<none>',
          address: status.addresses?.find(address => address.type === 'InternalIP')?.address ?? '',
          version: status.nodeInfo?.kubeletVersion ?? '',
          cpu: status.allocatable?.['cpu'] ?? '',
          memory: status.allocatable?.['memory'] ?? '',
          ...(spec.podCIDR && { podCIDR: spec.podCIDR }),
        },
        order,
      },
    ],
    relations: [],
  }
})
