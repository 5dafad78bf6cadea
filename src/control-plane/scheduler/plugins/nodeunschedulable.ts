import { Node } from '../../../api/core/node.ts'
import { toleratesTaint } from '../../../api/core/toleration.ts'
import { definePlugin, fits, unresolvable } from '../framework.ts'

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const

/** Keeps Pods off nodes that are cordoned. Models plugins/nodeunschedulable/node_unschedulable.go. */
export const nodeUnschedulable = definePlugin({
  name: 'NodeUnschedulable',
  requeueOn: ['Node/Add', 'Node/UpdateTaint', 'Pod/UpdateToleration'],

  mayHelp(_pod, { next }, cycle) {
    const node = next?.kind === Node.kind ? cycle.node(next.metadata.name)?.node : undefined
    return !node?.spec.unschedulable
  },

  sign: ({ pod }) => pod.spec.tolerations,

  filter({ pod }, { node }) {
    if (!node.spec.unschedulable) return fits
    if (toleratesTaint(pod.spec.tolerations, taint)) return fits
    return unresolvable('node(s) were unschedulable')
  },
})
