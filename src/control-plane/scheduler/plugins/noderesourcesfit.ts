import type { Amounts } from '../amounts.ts'
import { definePlugin, fits, type Plugin, unresolvable, unschedulable } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import type { Rejection } from '../refusal.ts'
import { leastAllocated, type ScoringStrategy } from './scoring-strategy.ts'

/** One resource that a node has too little of. */
export interface Shortage {
  readonly resource: string
  readonly requested: number
  readonly used: number
  readonly capacity: number
  /** More than the whole node has: it would not fit if the node were empty. */
  readonly isHopeless: boolean
}

/** Keeps Pods off nodes that have too little left for them. Models plugins/noderesources/fit.go. */
export const nodeResourcesFit = nodeResourcesFitWith(leastAllocated)

/** The plugin with another idea of a good node (scoringStrategy of NodeResourcesFitArgs). */
export function nodeResourcesFitWith(strategy: ScoringStrategy): Plugin {
  return definePlugin({
    name: 'NodeResourcesFit',
    weight: 1,
    requeueOn: [
      'AssignedPod/Delete',
      'AssignedPod/UpdateScaleDown',
      'Node/Add',
      'Node/UpdateAllocatable',
      'Pod/UpdateScaleDown',
    ],

    mayHelp(pod, { event, next }, cycle) {
      if (event !== 'Node/Add' && event !== 'Node/UpdateAllocatable') return true
      const node = next && cycle.node(next.metadata.name)
      return node === undefined || !isTooSmall(pod, node)
    },

    sign: ({ requests, nonZero }) => [requests, nonZero],

    filter(pod, node) {
      const { requests } = pod
      const { requested, allocatable } = node
      // Nearly every node of nearly every cycle passes here.
      if (
        node.pods.length < node.allowedPods &&
        (requests.milliCpu === 0 || requests.milliCpu <= allocatable.milliCpu - requested.milliCpu) &&
        (requests.memory === 0 || requests.memory <= allocatable.memory - requested.memory) &&
        requests.ephemeralStorage === 0 &&
        !hasScalars(requests)
      ) {
        return fits
      }
      return refuse(shortages(pod, node))
    },

    score: strategy,
  })
}

function isTooSmall(pod: PodInfo, node: NodeInfo): boolean {
  return shortages(pod, node).some(({ isHopeless }) => isHopeless)
}

function hasScalars({ scalars }: Amounts): boolean {
  for (const name in scalars) if (scalars[name]) return true
  return false
}

function refuse(short: readonly Shortage[]): Rejection | undefined {
  if (short.length === 0) return fits
  const reasons = short.map(({ resource }) => (resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`))
  const isHopeless = short.some(shortage => shortage.isHopeless)
  return isHopeless ? unresolvable(reasons, { short }) : unschedulable(reasons, { short })
}

/** What the node lacks for the Pod, resource by resource, in the order in which messages name them. */
export function shortages({ requests }: PodInfo, { pods, allowedPods, requested, allocatable }: NodeInfo): Shortage[] {
  const short: Shortage[] = []
  const check = (resource: string, wanted: number, used: number, capacity: number): void => {
    if (wanted === 0 || wanted <= capacity - used) return
    short.push({ resource, requested: wanted, used, capacity, isHopeless: wanted > capacity })
  }
  if (pods.length + 1 > allowedPods) {
    // One Pod never exceeds what a node allows, unless that is none at all; upstream calls that resolvable as well.
    short.push({ resource: 'pods', requested: 1, used: pods.length, capacity: allowedPods, isHopeless: false })
  }
  check('cpu', requests.milliCpu, requested.milliCpu, allocatable.milliCpu)
  check('memory', requests.memory, requested.memory, allocatable.memory)
  check('ephemeral-storage', requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage)
  for (const [name, wanted] of Object.entries(requests.scalars)) {
    check(name, wanted, requested.scalars[name] ?? 0, allocatable.scalars[name] ?? 0)
  }
  return short
}
