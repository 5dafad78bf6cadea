import { Pod } from '../../../api/core/pod.ts'
import { attempt } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { recordNote } from '../event-recorder.ts'
import { nominate } from '../queue.ts'
import type { Run } from '../state.ts'
import { callAfterLimit } from '../writes.ts'
import type { Victims } from './victims.ts'

/** One Pod that has to go for another. */
export interface Eviction {
  readonly victim: { readonly uid: string; readonly name: string; readonly namespace: string }
  readonly by: Pod
  readonly node: string
}

/** Sends the victims off, and takes back what less important Pods were promised on the node (prepareCandidate). */
export function evictAll(run: Run, by: Pod, { node, pods }: Victims): void {
  const { queue } = run.self.state
  for (const { pod } of pods) {
    if (pod.metadata.deletionTimestamp) continue
    const { uid, name, namespace = '' } = pod.metadata
    const eviction: Eviction = { victim: { uid, name, namespace }, by, node }
    callAfterLimit(run, 'evict', eviction)
  }
  for (const [uid, nomination] of [...queue.nominated]) {
    const { pod } = nomination
    if (nomination.node !== node || uid === by.metadata.uid || (pod.spec.priority ?? 0) >= (by.spec.priority ?? 0))
      continue
    nominate(queue, pod, '')
    const nominee: Nominee = { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '' }
    callAfterLimit(run, 'clearNomination', nominee)
  }
}

/** Marks a victim as disrupted, deletes it and tells it who was more important. */
export function evict(run: Run, { victim, by, node }: Eviction): void {
  const { self, api, events, objects } = run
  const pod = objects.get(Pod, victim.name, victim.namespace)
  if (pod?.metadata.uid !== victim.uid || pod.metadata.deletionTimestamp) return
  const { generation } = pod.metadata
  const condition = {
    type: 'DisruptionTarget',
    ...(generation !== undefined && { observedGeneration: generation }),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(self.now),
    reason: 'PreemptionByScheduler',
    message: `${by.spec.schedulerName}: preempting to accommodate a higher priority pod`,
  }
  const failure = attempt(() => {
    api.patch(Pod, pod, 'strategic', { status: { conditions: [condition] } }, 'status')
    api.delete(Pod, pod)
  })
  api.takeSpentMs()
  if (failure) return
  recordNote(self.state.recorder, events, self.now, {
    regarding: pod,
    related: by,
    type: 'Normal',
    reason: 'Preempted',
    action: 'Preempting',
    note: `Preempted by pod ${by.metadata.uid} on node ${node}`,
  })
}

/** A Pod that was promised room. */
export interface Nominee {
  readonly name: string
  readonly namespace: string
}

export function clearNomination({ api }: Run, { name, namespace }: Nominee): void {
  attempt(() =>
    api.patch(Pod, { metadata: { name, namespace } }, 'strategic', { status: { nominatedNodeName: null } }, 'status'),
  )
  api.takeSpentMs()
}
