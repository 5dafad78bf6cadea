import { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { createPod, deletePod, isNamespaceGoing, podFromTemplate, slowStart } from '../pod-control.ts'
import { firstToDelete } from '../pod-ranking.ts'
import type { Counts } from './end.ts'
import { indexKey, isIndexed, pendingIndexes } from './indexes.ts'
import { type JobPods, releasePod, trackingFinalizer } from './pods.ts'

/** MaxPodCreateDeletePerSync. */
const burst = 500

/** How the number of active Pods changed. */
export interface Managed {
  readonly created: number
  readonly deleted: readonly Pod[]
}

/** Creates missing Pods, or deletes what is too much. Models manageJob. */
export function manage(
  job: Job,
  pods: JobPods,
  { succeeded }: Counts,
  done: ReadonlySet<number>,
  mayCreate: boolean,
  context: Context,
): Managed {
  if (job.spec.suspend) return { created: 0, deleted: discard(job, pods.active, context) }
  const { completions, parallelism = 1, podReplacementPolicy } = job.spec
  const active = pods.active.length
  const open = completions === undefined ? parallelism : Math.max(completions - succeeded, 0)
  const wanted = completions === undefined && succeeded > 0 ? active : Math.min(open, parallelism)
  const surplus = active - wanted
  if (surplus > 0) {
    const first = firstToDelete(pods.active, [], Math.min(surplus, burst), context.now)
    return { created: 0, deleted: discard(job, first, context) }
  }
  const blocking = podReplacementPolicy === 'Failed' ? pods.terminating : 0
  const missing = Math.min(-surplus - blocking, burst)
  if (missing <= 0 || !mayCreate) return { created: 0, deleted: [] }
  return { created: createMissing(job, pods, missing, done, context), deleted: [] }
}

/** Deletes Pods that are not to be counted: nobody failed. */
function discard(job: Job, pods: readonly Pod[], context: Context): Pod[] {
  for (const pod of pods) releasePod(pod, context)
  return deleteAll(job, pods, context)
}

export function deleteAll(job: Job, pods: readonly Pod[], context: Context): Pod[] {
  const deleted: Pod[] = []
  let refusal = undefined
  context.together(() => {
    for (const pod of pods) {
      const failure = attempt(() => deletePod(context, job, pod))
      if (!failure) deleted.push(pod)
      refusal ??= failure
    }
  })
  if (refusal) throw refusal
  return deleted
}

function createMissing(job: Job, pods: JobPods, missing: number, done: ReadonlySet<number>, context: Context): number {
  const indexes = isIndexed(job) ? pendingIndexes(job, missing, pods.active, done) : undefined
  let created = 0
  const refusal = slowStart(context, indexes?.length ?? missing, place => {
    const failure = attempt(() => createPod(context, job, draftOf(job, indexes?.[place])))
    if (!failure) created++
    else if (!isNamespaceGoing(failure)) throw failure
  })
  if (refusal && created === 0) throw refusal
  return created
}

function draftOf(job: Job, index: number | undefined): ReturnType<typeof podFromTemplate> {
  const draft = podFromTemplate(Job, job, job.spec.template)
  const finalizers = [...(job.spec.template.metadata.finalizers ?? []), trackingFinalizer]
  if (index === undefined) return { ...draft, metadata: { ...draft.metadata, finalizers } }
  const { metadata, spec } = job.spec.template
  const own = { [indexKey]: String(index) }
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${indexKey}']` }
  const variable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef } }
  const withIndex = <C extends typeof spec.containers>(containers: C) =>
    containers.map(container => ({ ...container, env: [...(container.env ?? []), variable] }))
  return {
    metadata: {
      ...draft.metadata,
      generateName: `${job.metadata.name}-${index}-`,
      labels: { ...metadata.labels, ...own },
      annotations: { ...metadata.annotations, ...own },
      finalizers,
    },
    spec: {
      ...spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: withIndex(spec.containers),
      ...(spec.initContainers && { initContainers: withIndex(spec.initContainers) }),
    },
  }
}
