import { DaemonSet } from '../../api/apps/daemonset.ts'
import { Deployment } from '../../api/apps/deployment.ts'
import { ReplicaSet } from '../../api/apps/replicaset.ts'
import type { Kind } from '../../machinery/kind.ts'
import { type ApiObject, controllerOf } from '../../machinery/object.ts'
import { type Contribution, drawingOf, idOf, relation } from '../contribution.ts'
import type { Tone } from '../model.ts'

interface Counts {
  readonly ready: number
  readonly desired: number
  /** Pods of the newest template; differs from `desired` while something is rolled out. */
  readonly updated: number
  readonly image: string
}

export const deploymentDrawing = drawingOf(Deployment, (object, order) => {
  const { spec, status } = object
  const counts = {
    ready: status.readyReplicas ?? 0,
    desired: spec.replicas,
    updated: status.updatedReplicas ?? 0,
    image: imageOf(spec.template.spec),
  }
  const stuck = status.conditions?.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  )
  return workload(Deployment, object, order, counts, spec.paused ? 'Paused' : stuck ? 'Stuck' : undefined)
})

export const replicaSetDrawing = drawingOf(ReplicaSet, (object, order) => {
  const { spec, status } = object
  const desired = spec.replicas
  const counts = { ready: status.readyReplicas ?? 0, desired, updated: desired, image: imageOf(spec.template.spec) }
  const failed = status.conditions?.some(({ type }) => type === 'ReplicaFailure')
  return workload(ReplicaSet, object, order, counts, failed ? 'ReplicaFailure' : undefined)
})

export const daemonSetDrawing = drawingOf(DaemonSet, (object, order) => {
  const { spec, status } = object
  const counts = {
    ready: status.numberReady,
    desired: status.desiredNumberScheduled,
    updated: status.updatedNumberScheduled ?? 0,
    image: imageOf(spec.template.spec),
  }
  return workload(DaemonSet, object, order, counts)
})

function workload(
  kind: Kind,
  object: ApiObject,
  order: number,
  { ready, desired, updated, image }: Counts,
  trouble?: string,
): Contribution {
  const { metadata } = object
  const id = idOf.workload(metadata.uid)
  const owner = controllerOf(object)
  const settled = ready === desired && updated === desired
  const word = trouble ?? (desired === 0 ? 'Scaled to 0' : settled ? 'Ready' : 'Progressing')
  const tone: Tone = trouble
    ? trouble === 'Paused'
      ? 'idle'
      : 'bad'
    : desired === 0
      ? 'idle'
      : settled
        ? 'good'
        : 'busy'
  const item = {
    id,
    type: 'workload',
    kind: kind.kind,
    resource: kind.resource,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    tone,
    status: word,
    facts: { ready: `${ready}/${desired}`, updated: String(updated), image },
    order,
  } as const
  return { items: [item], relations: owner ? [relation('owns', idOf.workload(owner.uid), id)] : [] }
}

function imageOf({ containers }: { containers: readonly { image?: string }[] }): string {
  return containers[0]?.image ?? ''
}
