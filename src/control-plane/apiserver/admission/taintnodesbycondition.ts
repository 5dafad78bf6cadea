import { nodes } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const key = 'node.kubernetes.io/not-ready'

/** New Nodes get no Pods before the node controller has seen them ready (plugin/pkg/admission/nodetaint). */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],

  mutate(node) {
    if (!isOf(nodes, node)) return
    const { taints = [] } = node.spec
    if (taints.some(taint => taint.key === key && taint.effect === 'NoSchedule')) return
    node.spec.taints = [...taints, { key, effect: 'NoSchedule' }]
  },
}
