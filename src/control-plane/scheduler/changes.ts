import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { type Kind, typed } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { isAssumed, putNode, putPod, removeNode, removePod } from './cache.ts'
import { assignedPodEvents, nodeEvents, podEvents } from './cluster-events.ts'
import { activate, dequeue, enqueue, nominate } from './queue.ts'
import { requeueIfHelped, requeueOn } from './requeue.ts'
import type { Run } from './state.ts'

/** Takes in what a watch brings: pkg/scheduler/eventhandlers.go. */
export function takeIn(run: Run, kind: Kind, old: ApiObject | undefined, next: ApiObject | undefined): void {
  if (kind === Pod) podChanged(run, old && typed(Pod, old), next && typed(Pod, next))
  else if (kind === Node) nodeChanged(run, old && typed(Node, old), next && typed(Node, next))
  else {
    const what = !old ? 'Add' : next ? 'Update' : 'Delete'
    requeueOn(run, { event: `${kind.kind}/${what}`, old, next })
  }
}

function nodeChanged(run: Run, old: Node | undefined, next: Node | undefined): void {
  const { cache } = run.self.state
  if (next) putNode(cache, next)
  else if (old) removeNode(cache, old.metadata.name)
  for (const event of nodeEvents(old, next)) requeueOn(run, { event, old, next })
}

function podChanged(run: Run, old: Pod | undefined, next: Pod | undefined): void {
  // Deleted and made anew under the same name while nobody watched.
  if (old && next && old.metadata.uid !== next.metadata.uid) {
    podChanged(run, old, undefined)
    podChanged(run, undefined, next)
    return
  }
  if (next?.spec.nodeName) assigned(run, old?.spec.nodeName ? old : undefined, next)
  else if (next) waiting(run, next)
  else if (old) gone(run, old)
}

/** The Pod may be on a node for us though nobody told us that it was bound: then it was only assumed. */
function gone(run: Run, pod: Pod): void {
  const { cache, queue } = run.self.state
  const { uid } = pod.metadata
  dequeue(queue, uid)
  if (!cache.pods.has(uid)) return
  removePod(cache, uid)
  requeueOn(run, { event: 'AssignedPod/Delete', old: pod })
}

function assigned(run: Run, old: Pod | undefined, next: Pod): void {
  const { cache, queue } = run.self.state
  putPod(cache, next)
  if (!old) {
    dequeue(queue, next.metadata.uid)
    requeueOn(run, { event: 'AssignedPod/Add', next })
    return
  }
  for (const event of assignedPodEvents(old, next)) requeueOn(run, { event, old, next })
}

function waiting(run: Run, pod: Pod): void {
  const { self, profile } = run
  const { cache, queue } = self.state
  const { uid } = pod.metadata
  if (pod.spec.schedulerName !== profile.name || isAssumed(cache, uid)) return
  const isGated = profile.plugins.some(plugin => plugin.preEnqueue?.(pod) !== undefined)
  const queued = queue.pods.get(uid)
  const { nominatedNodeName = '' } = pod.status
  if (!queued) {
    if (nominatedNodeName !== '') nominate(queue, pod, nominatedNodeName)
    return enqueue(queue, pod, self.now, isGated)
  }
  const old = queued.pod
  queued.pod = pod
  if ((old.status.nominatedNodeName ?? '') !== nominatedNodeName) nominate(queue, pod, nominatedNodeName)
  if (queued.where === 'gated' && !isGated) activate(queue, queued)
  for (const event of podEvents(old, pod)) {
    if (queue.unschedulable.has(uid)) requeueIfHelped(run, queued, { event, old, next: pod })
  }
}
