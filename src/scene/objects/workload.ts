import { DaemonSet } from '../../api/apps/daemonset.ts'
import { Deployment } from '../../api/apps/deployment.ts'
import { ReplicaSet } from '../../api/apps/replicaset.ts'
import { StatefulSet } from '../../api/apps/statefulset.ts'
import { CronJob } from '../../api/batch/cronjob.ts'
import { Job, jobCompletions, jobStatus } from '../../api/batch/job.ts'
import { ReplicationController } from '../../api/core/replicationcontroller.ts'
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

export const statefulSetDrawing = drawingOf(StatefulSet, (object, order) => {
  const { spec, status } = object
  const desired = spec.replicas ?? 1
  const counts = {
    ready: status.readyReplicas ?? 0,
    desired,
    updated: status.updatedReplicas ?? desired,
    image: imageOf(spec.template.spec),
  }
  return workload(StatefulSet, object, order, counts)
})

export const replicationControllerDrawing = drawingOf(ReplicationController, (object, order) => {
  const { spec, status } = object
  const desired = spec.replicas ?? 1
  const image = imageOf(spec.template?.spec ?? { containers: [] })
  return workload(ReplicationController, object, order, {
    ready: status.readyReplicas ?? 0,
    desired,
    updated: desired,
    image,
  })
})

/** A Job counts what has succeeded, under the word that `kubectl get jobs` prints. */
export const jobDrawing = drawingOf(Job, (object, order) => {
  const word = jobStatus(object)
  const tone: Tone = word === 'Complete' ? 'good' : word === 'Running' ? 'busy' : word === 'Suspended' ? 'idle' : 'bad'
  return workloadItem(Job, object, order, tone, word, {
    ready: jobCompletions(object),
    image: imageOf(object.spec.template.spec),
  })
})

export const cronJobDrawing = drawingOf(CronJob, (object, order) => {
  const { spec, status } = object
  const active = status.active?.length ?? 0
  const word = spec.suspend ? 'Suspended' : active > 0 ? 'Active' : 'Scheduled'
  const tone: Tone = spec.suspend ? 'idle' : active > 0 ? 'busy' : 'good'
  return workloadItem(CronJob, object, order, tone, word, { ready: spec.schedule, active: String(active) })
})

function workload(
  kind: Kind,
  object: ApiObject,
  order: number,
  { ready, desired, updated, image }: Counts,
  trouble?: string,
): Contribution {
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
  const facts = { ready: `${ready}/${desired}`, updated: String(updated), image }
  return workloadItem(kind, object, order, tone, word, facts)
}

function workloadItem(
  kind: Kind,
  object: ApiObject,
  order: number,
  tone: Tone,
  status: string,
  facts: Readonly<Record<string, string>>,
): Contribution {
  const { metadata } = object
  const id = idOf.workload(metadata.uid)
  const owner = controllerOf(object)
  const item = {
    id,
    type: 'workload',
    kind: kind.kind,
    resource: kind.resource,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    tone,
    status,
    facts,
    order,
  } as const
  return { items: [item], relations: owner ? [relation('owns', idOf.workload(owner.uid), id)] : [] }
}

function imageOf({ containers }: { containers: readonly { image?: string }[] }): string {
  return containers[0]?.image ?? ''
}
