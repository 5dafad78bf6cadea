import { Pod } from '../../api/core/pod.ts'
import { attempt } from '../../machinery/status.ts'
import { forgetPod } from './cache.ts'
import { recordNote } from './event-recorder.ts'
import { failed } from './failure.ts'
import { dequeue } from './queue.ts'
import { requeueOn } from './requeue.ts'
import type { Run } from './state.ts'

export interface Binding {
  readonly uid: string
  readonly node: string
}

/** Binds a Pod to the node that was chosen for it: bindingCycle of schedule_one.go with plugins/defaultbinder. */
export function bind(run: Run, { uid, node }: Binding): void {
  const { self, api, events } = run
  const { cache, queue, recorder } = self.state
  const assumed = cache.pods.get(uid)
  // Somebody else bound or deleted it meanwhile.
  if (!assumed?.isAssumed) return
  const { pod } = assumed.info
  const { name, namespace } = pod.metadata
  const failure = attempt(() => {
    const body = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { kind: 'Node', name: node },
    }
    const to = namespace === undefined ? {} : { namespace }
    api.send({ verb: 'create', kind: Pod, name, ...to, subresource: 'binding', body })
  })
  api.takeSpentMs()
  if (!failure) {
    dequeue(queue, uid)
    const note = `Successfully assigned ${namespace ?? ''}/${name} to ${node}`
    const type = 'Normal'
    recordNote(recorder, events, self.now, { regarding: pod, type, reason: 'Scheduled', action: 'Binding', note })
    return
  }
  forgetPod(cache, uid)
  requeueOn(run, { event: 'AssignedPod/Delete', old: pod }, uid)
  failed(run, uid, `running Bind plugin "DefaultBinder": ${failure.message}`)
}
