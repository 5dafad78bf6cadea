import { DaemonSet } from '../../../api/apps/daemonset.ts'
import type { Node } from '../../../api/core/node.ts'
import { isAvailable, isReady, type Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { createPod, deletePod, isNamespaceGoing, podFromTemplate, slowStart } from '../pod-control.ts'
import { type Daemons, isUpdated, oldestFirst, podLabels } from './daemons.ts'
import { affinityFor, daemonTolerations } from './placement.ts'
import { mayRetry } from './backoff.ts'

/** BurstReplicas of pkg/controller/daemon. */
const burst = 250

/** What is to be done on the nodes. */
export interface Changes {
  readonly create: string[]
  readonly remove: Pod[]
}

/** A Pod on each node that should have one, none on the others. Models manage of daemon_controller.go. */
export function changesOf(daemons: Daemons, hash: string, context: Context): Changes {
  const changes: Changes = { create: [], remove: [] }
  for (const node of daemons.nodes) manageNode(daemons, node, hash, changes, context)
  const known = new Set(daemons.nodes.map(({ metadata }) => metadata.name))
  for (const [name, pods] of daemons.podsOn) {
    if (known.has(name)) continue
    // Those that no node will ever take: Pods that were bound are the Pod garbage collector's.
    changes.remove.push(...pods.filter(({ spec, metadata }) => !spec.nodeName && !metadata.deletionTimestamp))
  }
  return changes
}

function manageNode(daemons: Daemons, node: Node, hash: string, changes: Changes, context: Context): void {
  const { name } = node.metadata
  const { shouldRun, mayStay } = daemons.placement(node)
  const pods = daemons.podsOn.get(name)
  if (shouldRun && pods && isSettled(pods)) return
  const alive = (pods ?? []).filter(({ metadata }) => !metadata.deletionTimestamp)
  if (shouldRun && !pods) changes.create.push(name)
  else if (!mayStay) changes.remove.push(...alive)
  else {
    const running = alive.filter(pod => !isOver(pod, daemons.ds, name, changes, context))
    keepRunning(daemons.ds, running, { name, shouldRun, hash }, changes, context)
  }
}

/** One Pod that lives: nearly every node's case, in which there is nothing to do. */
function isSettled(pods: readonly Pod[]): boolean {
  const [pod] = pods
  if (!pod || pods.length > 1 || pod.metadata.deletionTimestamp !== undefined) return false
  return pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded'
}

/** A Pod that has ended is replaced; one that failed only after a while, lest it fail again and again. */
function isOver(pod: Pod, ds: DaemonSet, node: string, { remove }: Changes, context: Context): boolean {
  const { phase } = pod.status
  if (phase !== 'Failed' && phase !== 'Succeeded') return false
  const { name, namespace } = pod.metadata
  if (phase === 'Failed') {
    if (!mayRetry(`${ds.metadata.uid}/${ds.status.observedGeneration}/${node}`, context)) return true
    const text = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`
    context.event(ds, 'Warning', 'FailedDaemonPod', text)
  } else {
    const text = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`
    context.event(ds, 'Normal', 'SucceededDaemonPod', text)
  }
  remove.push(pod)
  return true
}

interface Place {
  readonly name: string
  readonly shouldRun: boolean
  readonly hash: string
}

/** One Pod a node; with a surge an old and a new one, for as long as the new one is not available. */
function keepRunning(ds: DaemonSet, running: readonly Pod[], place: Place, changes: Changes, { now }: Context): void {
  if (!allowsSurge(ds)) {
    if (running.length > 1) changes.remove.push(...oldestFirst(running).slice(1))
    return
  }
  if (running.length === 0 && place.shouldRun) changes.create.push(place.name)
  if (running.length <= 1) return
  const sorted = oldestFirst(running)
  const newest = sorted.find(pod => isUpdated(pod, ds, place.hash))
  const oldest = sorted.find(pod => !isUpdated(pod, ds, place.hash))
  changes.remove.push(...sorted.filter(pod => pod !== newest && pod !== oldest))
  if (!newest || !oldest) return
  const isReplaced = !isReady(oldest) || isAvailable(newest, ds.spec.minReadySeconds ?? 0, now)
  if (isReplaced) changes.remove.push(oldest)
}

export function allowsSurge({ spec: { updateStrategy } }: DaemonSet): boolean {
  const { maxSurge = 0 } = updateStrategy.rollingUpdate ?? {}
  return updateStrategy.type === 'RollingUpdate' && maxSurge !== 0 && maxSurge !== '0%'
}

/** Carries out changes, and throws the first refusal after all were tried. Models syncNodes. */
export function applyChanges(ds: DaemonSet, { create, remove }: Changes, hash: string, context: Context): void {
  const { template } = ds.spec
  const labels = { ...template.metadata.labels, ...podLabels(ds, hash) }
  const tolerations = daemonTolerations(template.spec)
  const refusal = slowStart(context, Math.min(create.length, burst), index => {
    const affinity = affinityFor(create[index] ?? '', template.spec.affinity)
    const spec = { ...template.spec, affinity, tolerations }
    const pod = podFromTemplate(DaemonSet, ds, { metadata: { ...template.metadata, labels }, spec })
    const failure = attempt(() => createPod(context, ds, pod))
    if (failure && !isNamespaceGoing(failure)) throw failure
  })
  let failure = refusal
  context.together(() => {
    for (const pod of remove.slice(0, burst)) {
      const refused = attempt(() => deletePod(context, ds, pod))
      failure ??= refused
    }
  })
  if (failure) throw failure
}
