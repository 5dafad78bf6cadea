import { Pod } from '../../api/core/pod.ts'
import { attempt } from '../../machinery/status.ts'
import { forgetPod } from './cache.ts'
import { recordNote } from './event-recorder.ts'
import { failed } from './failure.ts'
import { dequeue } from './queue.ts'
import { requeueOn } from './requeue.ts'
import type { Run } from './state.ts'
import { bindPollMs, bindTimeoutMs, bindVolumes, forgetVolumes } from './volumes/pre-bind.ts'

export interface Binding {
  readonly uid: string
  readonly node: string
  /** When its volumes began to be bound. */
  readonly since?: number
}

/** Binds a Pod to the node that was chosen for it: bindingCycle of schedule_one.go with plugins/defaultbinder. */
export function bind(run: Run, binding: Binding): void {
  const { self, api, events } = run
  const { uid, node, since = self.now } = binding
  const { cache, queue, recorder } = self.state
  const assumed = cache.pods.get(uid)
  // Somebody else bound or deleted it meanwhile.
  if (!assumed?.isAssumed) return
  const { pod } = assumed.info
  let isReady = false
  const volumeFailure = attempt(() => {
    isReady = bindVolumes(run, pod, node)
  })
  if (volumeFailure || (!isReady && self.now - since >= bindTimeoutMs)) {
    const why = volumeFailure?.message ?? 'context deadline exceeded'
    return giveUp(run, pod, `running PreBind plugin "VolumeBinding": binding volumes: ${why}`)
  }
  if (!isReady) {
    self.schedule(bindPollMs, 'bind', { ...binding, since })
    return
  }
  const failure = attempt(() => sendBinding(run, pod, node))
  api.takeSpentMs()
  if (failure) return giveUp(run, pod, `running Bind plugin "DefaultBinder": ${failure.message}`)
  forgetVolumes(run, pod)
  dequeue(queue, uid)
  const { name, namespace = '' } = pod.metadata
  const note = `Successfully assigned ${namespace}/${name} to ${node}`
  const type = 'Normal'
  recordNote(recorder, events, self.now, { regarding: pod, type, reason: 'Scheduled', action: 'Binding', note })
}

function sendBinding({ api }: Run, pod: Pod, node: string): void {
  const { name, namespace = '', uid } = pod.metadata
  const metadata = { name, namespace, uid }
  const body = { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: node } }
  api.send({ verb: 'create', kind: Pod, name, namespace, subresource: 'binding', body })
}

/** The Pod's place is free again, and it is tried later. */
function giveUp(run: Run, pod: Pod, why: string): void {
  const { uid } = pod.metadata
  forgetPod(run.self.state.cache, uid)
  forgetVolumes(run, pod)
  requeueOn(run, { event: 'AssignedPod/Delete', old: pod }, uid)
  failed(run, uid, why)
}
