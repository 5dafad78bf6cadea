import { Job } from '../../api/batch/job.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { defineController } from '../../client/controller.ts'
import { attempt } from '../../machinery/status.ts'
import { parseTime } from '../../machinery/time.ts'

/** Deletes Jobs some time after they are over. Models pkg/controller/ttlafterfinished/ttlafterfinished_controller.go. */
export const ttlAfterFinishedController = defineController({
  name: 'ttl-after-finished-controller',
  reconciles: Job,

  reconcile({ metadata, spec, status }, { api, now }) {
    const ttl = spec.ttlSecondsAfterFinished
    const end = findCondition(status.conditions, 'Complete') ?? findCondition(status.conditions, 'Failed')
    if (ttl === undefined || end?.status !== 'True' || metadata.deletionTimestamp !== undefined) return
    const leftMs = parseTime(end.lastTransitionTime ?? '') + ttl * 1000 - now
    if (leftMs > 0) return { requeueAfterMs: leftMs }
    const options = { propagationPolicy: 'Foreground', preconditions: { uid: metadata.uid } } as const
    const failure = attempt(() => api.delete(Job, { metadata }, options))
    if (failure && failure.reason !== 'NotFound') throw failure
  },
})
