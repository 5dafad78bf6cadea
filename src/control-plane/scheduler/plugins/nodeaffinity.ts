import { Node } from '../../../api/core/node.ts'
import type { Pod } from '../../../api/core/pod.ts'
import type { PreferredSchedulingTerm } from '../../../api/generated/core.v1.ts'
import { definePlugin, fits, highestWins, skip, unresolvable } from '../framework.ts'
import { isWanted, matchesTerm } from '../node-selection.ts'

/** Sends Pods to nodes with the labels they want. Models plugins/nodeaffinity/node_affinity.go. */
export const nodeAffinity = definePlugin<undefined, readonly PreferredSchedulingTerm[]>({
  name: 'NodeAffinity',
  weight: 2,
  requeueOn: ['Node/Add', 'Node/UpdateLabel'],

  mayHelp({ pod }, { next }, cycle) {
    const node = next?.kind === Node.kind ? cycle.node(next.metadata.name) : undefined
    return !node || isWanted(pod, node.node)
  },

  sign: ({ pod: { spec } }) => [spec.nodeSelector, spec.affinity?.nodeAffinity],

  preFilter({ pod }) {
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    if (!required && !pod.spec.nodeSelector) return skip
    const names = namedNodes(pod)
    if (names?.size === 0) return { rejection: unresolvable('pod affinity terms conflict') }
    return { notes: undefined, ...(names && { onlyNodes: names }) }
  },

  filter: ({ pod }, { node }) =>
    isWanted(pod, node) ? fits : unresolvable("node(s) didn't match Pod's node affinity/selector"),

  preScore({ pod }) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    return preferred?.length ? { notes: preferred } : skip
  },

  score(_pod, { node }, preferred) {
    let sum = 0
    for (const { weight, preference } of preferred) if (matchesTerm(preference, node)) sum += weight
    return sum
  },

  normalize: highestWins,
})

/** The nodes that every term names, as Pods of DaemonSets have it; undefined where a term names none. */
function namedNodes({ spec }: Pod): ReadonlySet<string> | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (!terms) return undefined
  const names = new Set<string>()
  for (const { matchFields = [] } of terms) {
    let ofTerm: string[] | undefined
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== 'metadata.name' || operator !== 'In') continue
      ofTerm = ofTerm ? ofTerm.filter(name => values.includes(name)) : values
    }
    if (!ofTerm) return undefined
    for (const name of ofTerm) names.add(name)
  }
  return names
}
