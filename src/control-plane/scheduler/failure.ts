import { Pod, type PodCondition } from '../../api/core/pod.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { attempt } from '../../machinery/status.ts'
import { timestamp } from '../../machinery/time.ts'
import type { Diagnosis, Search } from './cycle.ts'
import { recordNote } from './event-recorder.ts'
import { evidenceOf } from './evidence.ts'
import { fitMessage } from './messages.ts'
import { evictAll } from './preemption/eviction.ts'
import { type Preemption, preempt } from './preemption/preemption.ts'
import { dequeue, nominate, putFailed, putUnschedulable, type QueuedPod } from './queue.ts'
import type { Run } from './state.ts'
import { callAfterLimit } from './writes.ts'

/** What is to be written to a Pod's status. */
export interface StatusWrite {
  readonly uid: string
  readonly reason: 'Unschedulable' | 'SchedulerError'
  readonly message: string
  /** Where preemption has promised it room; '' takes a promise back. */
  readonly nominate?: string
}

/** No node can take the Pod as things are; perhaps one could if others left it. */
export function nothingFits(run: Run, queued: QueuedPod, search: Search, diagnosis: Diagnosis): void {
  const { message: said, victims, nominate: node } = afterwards(run, search, diagnosis)
  const message = fitMessage(diagnosis, search.cycle.nodes.length, said)
  run.self.record(
    'scheduling',
    evidenceOf(run.profile.name, search, diagnosis, { message, ...(victims && { victims }) }),
  )
  const { pod } = queued
  refused(run, queued, message, refusingPlugins(diagnosis), node)
  if (victims) evictAll(run, pod, victims)
}

/** There is not one node: no event will say what would help, so the Pod is tried again and again. */
export function noNodes(run: Run, queued: QueuedPod, search: Search): void {
  const message = 'no nodes available to schedule pods'
  const nobody: Diagnosis = { feasible: [], places: [], refusals: new Map(), filters: [] }
  run.self.record('scheduling', evidenceOf(run.profile.name, search, nobody, { message }))
  refused(run, queued, message, [], '')
}

/** What the PostFilter plugins say: DynamicResources, which never helps here, and DefaultPreemption. */
function afterwards({ self }: Run, search: Search, diagnosis: Diagnosis): Preemption {
  // Upstream's DynamicResources looks for notes that it did not come to make, and its error is all that is said.
  if (diagnosis.refusedAll) return { message: 'not found' }
  const result = preempt(search, diagnosis, () => self.random())
  if (result.message === '') return result
  return { ...result, message: `no new claims to deallocate, preemption: ${result.message}` }
}

function refusingPlugins({ refusals, refusedAll }: Diagnosis): string[] {
  if (refusedAll) return [refusedAll.plugin]
  return [...new Set([...refusals.values()].map(({ plugin }) => plugin))]
}

/** Puts a Pod back that found no node, and says so. */
function refused(run: Run, queued: QueuedPod, message: string, plugins: readonly string[], nominated?: string): void {
  const { queue } = run.self.state
  if (plugins.length > 0) putUnschedulable(queue, queued, plugins, run.self.now)
  else putFailed(queue, queued, run.self.now)
  report(run, queued.pod, 'Unschedulable', message, nominated)
}

/** Puts a Pod back whose scheduling failed, if it is still there. */
export function failed(run: Run, uid: string, message: string): void {
  const { queue } = run.self.state
  const queued = queue.pods.get(uid)
  if (!queued) return
  const known = run.objects.get(Pod, queued.pod.metadata.name, queued.pod.metadata.namespace)
  if (known?.metadata.uid !== uid || known.spec.nodeName) {
    dequeue(queue, uid)
    return
  }
  queued.pod = known
  putFailed(queue, queued, run.self.now)
  report(run, known, 'SchedulerError', message, '')
}

function report(run: Run, pod: Pod, reason: StatusWrite['reason'], message: string, nominated?: string): void {
  const { self, events } = run
  if (nominated !== undefined) nominate(self.state.queue, pod, nominated)
  recordNote(self.state.recorder, events, self.now, {
    regarding: pod,
    type: 'Warning',
    reason: 'FailedScheduling',
    action: 'Scheduling',
    note: message,
  })
  const write: StatusWrite = {
    uid: pod.metadata.uid,
    reason,
    message,
    ...(nominated !== undefined && { nominate: nominated }),
  }
  if (patchFor(pod, write, self.now)) callAfterLimit(run, 'writeStatus', write)
}

/** Writes why the Pod has no node, unless it says so already. */
export function writeStatus(run: Run, write: StatusWrite): void {
  const pod = run.self.state.queue.pods.get(write.uid)?.pod
  if (!pod) return
  const patch = patchFor(pod, write, run.self.now)
  if (!patch) return
  attempt(() => run.api.patch(Pod, pod, 'strategic', { status: patch }, 'status'))
  run.api.takeSpentMs()
}

function patchFor(pod: Pod, write: StatusWrite, now: number): Partial<Pod['status']> | undefined {
  const { nominatedNodeName = '' } = pod.status
  const condition = conditionFor(pod, write, now)
  const isPromised = write.nominate !== undefined && write.nominate !== nominatedNodeName
  if (!condition && !isPromised) return undefined
  return {
    ...(condition && { conditions: [condition] }),
    // null takes the field away.
    ...(isPromised && Object.fromEntries([['nominatedNodeName', write.nominate || null]])),
  }
}

function conditionFor(pod: Pod, { reason, message }: StatusWrite, now: number): PodCondition | undefined {
  const known = findCondition(pod.status.conditions, 'PodScheduled')
  const { generation } = pod.metadata
  const isSame =
    known?.status === 'False' &&
    known.reason === reason &&
    known.message === message &&
    known.observedGeneration === generation
  if (isSame) return undefined
  const lastTransitionTime = known?.status === 'False' ? known.lastTransitionTime : undefined
  const condition: PodCondition = {
    type: 'PodScheduled',
    ...(generation !== undefined && { observedGeneration: generation }),
    status: 'False',
    lastTransitionTime: lastTransitionTime ?? timestamp(now),
    reason,
    message,
  }
  // Go writes this field also where nobody set it.
  return Object.assign(condition, { lastProbeTime: null })
}
