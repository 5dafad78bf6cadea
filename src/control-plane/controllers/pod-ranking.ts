import { isReady, type Pod } from '../../api/core/pod.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { parseTime } from '../../machinery/time.ts'

/** Which Pods go first when there are too many. Models ActivePodsWithRanks of pkg/controller/controller_utils.go. */

const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'
const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

interface Ranked {
  readonly pod: Pod
  /** How many Pods of the same and related sets are on the Pod's node. */
  readonly neighbours: number
}

/**
 * The first `count` Pods to delete. `related` are the Pods of all sets with the same owner: of equals, those go first
 * that share their node with most of them.
 */
export function firstToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods]
  const onNode = new Map<string, number>()
  for (const { spec } of related) onNode.set(spec.nodeName ?? '', (onNode.get(spec.nodeName ?? '') ?? 0) + 1)
  const ranked = pods.map((pod): Ranked => ({ pod, neighbours: onNode.get(pod.spec.nodeName ?? '') ?? 0 }))
  ranked.sort((a, b) => order(a, b, now))
  return ranked.slice(0, count).map(({ pod }) => pod)
}

/** Below 0 if `a` goes first. The questions in the order in which upstream asks them. */
function order(a: Ranked, b: Ranked, now: number): number {
  const isAReady = isReady(a.pod)
  const isBReady = isReady(b.pod)
  return (
    Number(Boolean(a.pod.spec.nodeName)) - Number(Boolean(b.pod.spec.nodeName)) ||
    phaseOf(a.pod) - phaseOf(b.pod) ||
    Number(isAReady) - Number(isBReady) ||
    costOf(a.pod) - costOf(b.pod) ||
    b.neighbours - a.neighbours ||
    (isAReady && isBReady ? youngerFirst(a.pod, b.pod, readySince(a.pod), readySince(b.pod), now) : 0) ||
    mostRestarts(b.pod, false) - mostRestarts(a.pod, false) ||
    mostRestarts(b.pod, true) - mostRestarts(a.pod, true) ||
    youngerFirst(a.pod, b.pod, createdAt(a.pod), createdAt(b.pod), now)
  )
}

/**
 * The younger goes first, but ages of the same power of two count as equal and chance decides, in the form of the uid:
 * otherwise the Pods of a long-lived set would never be renewed (LogarithmicScaleDown).
 */
function youngerFirst(a: Pod, b: Pod, sinceA: number, sinceB: number, now: number): number {
  if (sinceA === sinceB) return 0
  const difference = magnitude(now - sinceA) - magnitude(now - sinceB)
  return difference || (a.metadata.uid < b.metadata.uid ? -1 : 1)
}

/** The power of two of an age in nanoseconds. */
function magnitude(ageMs: number): number {
  return ageMs > 0 ? Math.trunc(Math.log2(ageMs * 1e6)) : -1
}

function phaseOf({ status }: Pod): number {
  return phases[status.phase] ?? 0
}

function costOf({ metadata }: Pod): number {
  const cost = Number(metadata.annotations?.[deletionCost] ?? 0)
  return Number.isInteger(cost) ? cost : 0
}

function readySince({ status }: Pod): number {
  return parseTime(findCondition(status.conditions, 'Ready')?.lastTransitionTime ?? '1970-01-01T00:00:00Z')
}

function createdAt({ metadata }: Pod): number {
  return parseTime(metadata.creationTimestamp)
}

function mostRestarts({ spec, status }: Pod, ofSidecars: boolean): number {
  let most = 0
  const statuses = ofSidecars ? status.initContainerStatuses : status.containerStatuses
  for (const { name, restartCount } of statuses ?? []) {
    if (restartCount <= most) continue
    const isCounted = !ofSidecars || spec.initContainers?.find(each => each.name === name)?.restartPolicy === 'Always'
    if (isCounted) most = restartCount
  }
  return most
}
