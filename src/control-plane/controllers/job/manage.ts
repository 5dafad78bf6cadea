import { Job } from '../../../api/batch/job.ts'
import type { Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { createPod, deletePod, isNamespaceGoing, podFromTemplate, slowStart } from '../pod-control.ts'
import type { Counts, Indexes } from './end.ts'
import { failureCounts, hasLimitPerIndex, waitAfter } from './failures-per-index.ts'
import { indexKey, indexOf, isIndexed, pendingIndexes, surplusPods } from './indexes.ts'
import { isTerminating, type JobPods, releasePod, trackingFinalizer } from './pods.ts'

/** MaxPodCreateDeletePerSync. */
const burst = 500

/** How the number of active Pods changed. */
export interface Managed {
  readonly created: number
  readonly deleted: readonly Pod[]
  /** How long the first of the indexes that failed still has to wait, when all have to; else 0. */
  readonly waitMs: number
}

/** What is known of the Pods that may be made. */
interface Room {
  readonly indexes: Indexes
  /** By index, the last Pod that failed where another has to follow. */
  readonly awaiting: ReadonlyMap<number, Pod>
  readonly mayCreate: boolean
}

/** Creates missing Pods, or deletes what is too much. Models manageJob. */
export function manage(job: Job, pods: JobPods, { succeeded }: Counts, room: Room, context: Context): Managed {
  if (job.spec.suspend) return { created: 0, deleted: discard(job, pods.active, context), waitMs: 0 }
  const { completions, parallelism = 1, podReplacementPolicy } = job.spec
  const active = pods.active.length
  const open = completions === undefined ? parallelism : Math.max(completions - succeeded, 0)
  const wanted = completions === undefined && succeeded > 0 ? active : Math.min(open, parallelism)
  const surplus = surplusPods(job, pods.active, Math.max(active - wanted, 0), context.now).slice(0, burst)
  if (surplus.length > 0) return { created: 0, deleted: discard(job, surplus, context), waitMs: 0 }
  const blocking = podReplacementPolicy === 'Failed' ? pods.terminating : 0
  const missing = Math.min(wanted - active - blocking, burst)
  if (missing <= 0 || !room.mayCreate) return { created: 0, deleted: [], waitMs: 0 }
  return createMissing(job, pods, missing, room, context)
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

function createMissing(job: Job, pods: JobPods, missing: number, room: Room, context: Context): Managed {
  const { awaiting } = room
  const pending = isIndexed(job) ? pendingIndexes(job, missing, takenIndexes(job, pods, room)) : undefined
  const waits = (pending ?? []).map(index => waitAfter(awaiting.get(index), context.now))
  const indexes = pending?.filter((_, place) => waits[place] === 0)
  if (indexes?.length === 0 && waits.length > 0) return { created: 0, deleted: [], waitMs: Math.min(...waits) }
  let created = 0
  const refusal = slowStart(context, indexes?.length ?? missing, place => {
    const failure = attempt(() => createPod(context, job, draftOf(job, indexes?.[place], awaiting)))
    if (!failure) created++
    else if (!isNamespaceGoing(failure)) throw failure
  })
  if (refusal && created === 0) throw refusal
  return { created, deleted: [], waitMs: 0 }
}

/** Indexes that need no Pod: somebody works on them, they are done, or they were given up. */
function takenIndexes(job: Job, pods: JobPods, { indexes }: Room): Set<number> {
  const taken = new Set([...pods.active.map(indexOf), ...indexes.succeeded, ...(indexes.failed ?? [])])
  if (job.spec.podReplacementPolicy !== 'Failed') return taken
  for (const pod of pods.all) if (isTerminating(pod)) taken.add(indexOf(pod))
  return taken
}

function draftOf(
  job: Job,
  index: number | undefined,
  awaiting: ReadonlyMap<number, Pod>,
): ReturnType<typeof podFromTemplate> {
  const draft = podFromTemplate(Job, job, job.spec.template)
  const finalizers = [...(job.spec.template.metadata.finalizers ?? []), trackingFinalizer]
  if (index === undefined) return { ...draft, metadata: { ...draft.metadata, finalizers } }
  const { metadata, spec } = job.spec.template
  const own = { [indexKey]: String(index) }
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${indexKey}']` }
  const variable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef } }
  const withIndex = <C extends typeof spec.containers>(containers: C) =>
    containers.map(container => {
      const { env = [] } = container
      return env.some(({ name }) => name === variable.name) ? container : { ...container, env: [...env, variable] }
    })
  return {
    metadata: {
      ...draft.metadata,
      generateName: generateNameFor(job.metadata.name, index),
      labels: { ...metadata.labels, ...own },
      annotations: {
        ...metadata.annotations,
        ...own,
        ...(hasLimitPerIndex(job) && failureCounts(job, awaiting.get(index))),
      },
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

/** Names are generated from at most so many letters (names.MaxGeneratedNameLength). */
const mostLetters = 58

function generateNameFor(job: string, index: number): string {
  const ending = `-${index}-`
  return job.slice(0, mostLetters - ending.length) + ending
}
