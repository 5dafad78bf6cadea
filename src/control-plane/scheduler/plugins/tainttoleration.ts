import { Node } from '../../../api/core/node.ts'
import { findUntoleratedTaint, type Taint, type Toleration, toleratesTaint } from '../../../api/core/toleration.ts'
import { definePlugin, fits, lowestWins, unresolvable } from '../framework.ts'

const none: readonly never[] = []

/** Keeps Pods off nodes whose taints they do not tolerate. Models plugins/tainttoleration/taint_toleration.go. */
export const taintToleration = definePlugin<undefined, readonly Toleration[]>({
  name: 'TaintToleration',
  weight: 3,
  requeueOn: ['Node/Add', 'Node/UpdateTaint', 'Pod/UpdateToleration'],

  /** A node helps if it has no more such taint. */
  mayHelp({ pod }, { next }, cycle) {
    const node = next?.kind === Node.kind ? cycle.node(next.metadata.name)?.node : undefined
    return !node || !findUntoleratedTaint(node.spec.taints, pod.spec.tolerations, repels)
  },

  sign: ({ pod }) => pod.spec.tolerations,

  filter({ pod }, { node }) {
    const { taints } = node.spec
    if (!taints) return fits
    const untolerated = findUntoleratedTaint(taints, pod.spec.tolerations, repels)
    return untolerated ? unresolvable('node(s) had untolerated taint(s)', { untolerated }) : fits
  },

  /** Only tolerations that speak of PreferNoSchedule count against such taints. */
  preScore: ({ pod }) => ({
    notes: pod.spec.tolerations?.filter(({ effect }) => !effect || effect === 'PreferNoSchedule') ?? none,
  }),

  /** The number of PreferNoSchedule taints the Pod does not tolerate: fewer is better. */
  score(_pod, { node }, tolerations) {
    let count = 0
    for (const taint of node.spec.taints ?? none) {
      if (taint.effect === 'PreferNoSchedule' && !toleratesTaint(tolerations, taint)) count++
    }
    return count
  },

  normalize: lowestWins,
})

function repels({ effect }: Taint): boolean {
  return effect === 'NoSchedule' || effect === 'NoExecute'
}
