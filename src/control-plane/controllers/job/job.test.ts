import { describe, expect, it } from 'vitest'
import { Job } from '../../../api/batch/job.ts'
import { Pod } from '../../../api/core/pod.ts'
import type { NewObject } from '../../../client/api.ts'
import { timestamp } from '../../../machinery/time.ts'
import { type ControlPlane, controlPlane } from '../../../testing/control-plane.ts'
import { jobController } from './index.ts'

const failureCount = 'batch.kubernetes.io/job-index-failure-count'
const index = 'batch.kubernetes.io/job-completion-index'

type Spec = NonNullable<NewObject<Job>['spec']>

function indexedJob(spec: Spec): NewObject<Job> & { metadata: { name: string } } {
  const containers = [{ name: 'work', image: 'registry.example/work:1' }]
  const template = { spec: { restartPolicy: 'Never' as const, containers } }
  const metadata = { name: 'work', namespace: 'default' }
  return { metadata, spec: { completionMode: 'Indexed', completions: 3, parallelism: 3, template, ...spec } }
}

function labWith(spec: Spec): ControlPlane {
  const cluster = controlPlane({ controllers: [jobController] })
  cluster.api.create(Job, indexedJob(spec))
  cluster.runFor(2_000)
  return cluster
}

function activePods(cluster: ControlPlane): Pod[] {
  const isActive = ({ metadata, status }: Pod): boolean =>
    metadata.deletionTimestamp === undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded'
  return cluster.api.list(Pod, 'default').filter(isActive)
}

function indexesOf(pods: readonly Pod[]): string[] {
  return pods.map(({ metadata }) => metadata.annotations?.[index] ?? '').sort()
}

/** Lets the running Pods of some indexes end, as their kubelet would tell, and the controller see it. */
function end(cluster: ControlPlane, indexes: readonly number[], exitCode: number): void {
  for (const pod of activePods(cluster)) {
    if (!indexes.includes(Number(pod.metadata.annotations?.[index]))) continue
    const finishedAt = timestamp(cluster.simulation.now)
    const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt, startedAt: finishedAt }
    const { name, image } = { name: 'work', image: 'registry.example/work:1' }
    const containerStatuses = [
      { name, image, imageID: '', ready: false, restartCount: 0, state: { terminated }, lastState: {} },
    ]
    const phase = exitCode === 0 ? ('Succeeded' as const) : ('Failed' as const)
    cluster.api.updateStatus(Pod, { ...pod, status: { ...pod.status, phase, containerStatuses } })
  }
  cluster.runFor(3_000)
}

function conditionsOf(cluster: ControlPlane): string[] {
  const { conditions = [] } = cluster.get(Job, 'work').status
  return conditions.map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
}

describe('[B6] a limit of failures for each index', () => {
  it('gives up the index that failed too often, goes on with the others, and fails in the end', () => {
    const cluster = labWith({ backoffLimitPerIndex: 1 })
    expect(indexesOf(activePods(cluster))).toEqual(['0', '1', '2'])
    expect(cluster.get(Job, 'work').status.failedIndexes).toBe('')
    end(cluster, [1], 1)
    // The next Pod of the index comes after its back-off of 10 s; the one that failed is kept until then.
    expect(indexesOf(activePods(cluster))).toEqual(['0', '2'])
    expect(cluster.api.list(Pod, 'default')).toHaveLength(3)
    cluster.runFor(9_000)
    const again = activePods(cluster).find(pod => pod.metadata.annotations?.[index] === '1')
    expect(again?.metadata.annotations?.[failureCount]).toBe('1')
    end(cluster, [1], 1)
    expect(cluster.get(Job, 'work').status.failedIndexes).toBe('1')
    cluster.runFor(60_000)
    expect(indexesOf(activePods(cluster))).toEqual(['0', '2'])
    end(cluster, [0, 2], 0)
    expect(cluster.get(Job, 'work').status).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1', failed: 2 })
    expect(conditionsOf(cluster)).toEqual([
      'FailureTarget FailedIndexes: Job has failed indexes',
      'Failed FailedIndexes: Job has failed indexes',
    ])
    expect(cluster.events).toContain('Warning FailedIndexes: Job has failed indexes')
  })

  it('ends the whole Job when more indexes are given up than may be', () => {
    const cluster = labWith({ backoffLimitPerIndex: 0, maxFailedIndexes: 1 })
    end(cluster, [0], 1)
    expect(conditionsOf(cluster)).toEqual([])
    end(cluster, [1], 1)
    expect(activePods(cluster)).toEqual([])
    const why = 'MaxFailedIndexesExceeded: Job has exceeded the specified maximal number of failed indexes'
    expect(conditionsOf(cluster)[0]).toBe(`FailureTarget ${why}`)
  })

  it('gives an index up at once where a rule of the failure policy says so', () => {
    const rules = [{ action: 'FailIndex' as const, onExitCodes: { operator: 'In' as const, values: [42] } }]
    const cluster = labWith({ backoffLimitPerIndex: 5, podFailurePolicy: { rules } })
    end(cluster, [2], 42)
    expect(cluster.get(Job, 'work').status.failedIndexes).toBe('2')
    cluster.runFor(60_000)
    expect(indexesOf(activePods(cluster))).toEqual(['0', '1'])
  })
})

describe('[B6] a success policy', () => {
  it('ends the Job when the indexes that matter have succeeded, and stops the others', () => {
    const cluster = labWith({ successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] } })
    end(cluster, [2], 0)
    expect(conditionsOf(cluster)).toEqual([])
    end(cluster, [1], 0)
    expect(activePods(cluster)).toEqual([])
    expect(conditionsOf(cluster)).toEqual([
      'SuccessCriteriaMet SuccessPolicy: Matched rules at index 0',
      'Complete SuccessPolicy: Matched rules at index 0',
    ])
    expect(cluster.get(Job, 'work').status).toMatchObject({ completedIndexes: '1,2', succeeded: 2 })
  })

  it('takes all of a list of indexes, or so many of any, for a rule', () => {
    const rules = [{ succeededIndexes: '0,2' }, { succeededCount: 2 }]
    const cluster = labWith({ successPolicy: { rules } })
    end(cluster, [0], 0)
    expect(conditionsOf(cluster)).toEqual([])
    end(cluster, [1], 0)
    expect(conditionsOf(cluster)[0]).toBe('SuccessCriteriaMet SuccessPolicy: Matched rules at index 1')
  })
})

describe('[B6] an Indexed Job', () => {
  it('loses the Pods of indexes that it has no more, and completes with those that are left', () => {
    const cluster = labWith({})
    const { metadata, spec, ...job } = cluster.get(Job, 'work')
    cluster.api.update(Job, { ...job, metadata, spec: { ...spec, completions: 1, parallelism: 1 } })
    cluster.runFor(3_000)
    expect(indexesOf(activePods(cluster))).toEqual(['0'])
    end(cluster, [0], 0)
    expect(conditionsOf(cluster).at(-1)).toBe('Complete CompletionsReached: Reached expected number of succeeded pods')
  })

  it('is left alone when another controller manages it', () => {
    const cluster = labWith({ managedBy: 'example.com/queue' })
    cluster.runFor(10_000)
    expect(cluster.api.list(Pod, 'default')).toEqual([])
    expect(cluster.get(Job, 'work').status).toEqual({})
  })
})
