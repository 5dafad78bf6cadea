import { describe, expect, it } from 'vitest'
import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { Pod } from '../../../api/core/pod.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { controllerOf } from '../../../machinery/object.ts'
import { ApiError } from '../../../machinery/status.ts'
import { pod, replicaSet } from '../../../testing/builders.ts'
import { controlPlane } from '../../../testing/control-plane.ts'
import { replicaSetController } from './index.ts'

const controllers = [replicaSetController]
const created = expect.stringMatching(/^Normal SuccessfulCreate: Created pod: web-\w{5}$/)

describe('[B2] replicaset-controller', () => {
  // Asserts on the events, not on the Pods alone: a controller that creates too many deletes them again, so the
  // end state of a system that heals itself proves little.
  it.each([1, 2, 3, 4, 5])('creates each missing Pod once, however late its watch is (seed %i)', seed => {
    const cluster = controlPlane({ controllers, seed, watchDelayMs: random => random() * 500 })
    cluster.api.create(ReplicaSet, replicaSet('web', { replicas: 3 }))
    cluster.runFor(60_000)

    expect(cluster.events).toEqual([created, created, created])
    expect(cluster.api.list(Pod)).toHaveLength(3)
  })

  it('counts a Pod as available minReadySeconds after it became ready, with no event to wake it', () => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(ReplicaSet, replicaSet('web', { replicas: 1, minReadySeconds: 10 }))
    cluster.runFor(1_000)
    cluster.markReady()

    cluster.runFor(9_999)
    expect(cluster.get(ReplicaSet, 'web').status.availableReplicas).toBeUndefined()
    cluster.runFor(1)
    expect(cluster.get(ReplicaSet, 'web').status.availableReplicas).toBe(1)
  })

  it('says in status why a Pod could not be created, and recovers when the quota allows it', () => {
    let quota = 0
    const admit = (kind: Kind): void => {
      if (kind.resource === 'pods' && quota-- <= 0) throw new ApiError('Forbidden', 'exceeded quota: small')
    }
    const cluster = controlPlane({ controllers, admit })
    cluster.api.create(ReplicaSet, replicaSet('web', { replicas: 2 }))
    cluster.runFor(1_000)
    const [condition] = cluster.get(ReplicaSet, 'web').status.conditions ?? []
    expect(condition).toMatchObject({ reason: 'FailedCreate', message: 'exceeded quota: small' })
    expect(cluster.events).toContain('Warning FailedCreate: Error creating: exceeded quota: small')

    quota = 2
    cluster.runFor(60_000)
    const { status } = cluster.get(ReplicaSet, 'web')
    expect(status.replicas).toBe(2)
    expect(status.conditions).toBeUndefined()
  })

  it('adopts an orphan that matches, and lets go of a Pod whose label was changed', () => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(Pod, pod('stray'))
    cluster.api.create(ReplicaSet, replicaSet('web', { replicas: 2 }))
    cluster.runFor(1_000)
    expect(controllerOf(cluster.get(Pod, 'stray'))?.name).toBe('web')
    expect(cluster.api.list(Pod)).toHaveLength(2)

    cluster.api.patch(Pod, cluster.get(Pod, 'stray'), 'merge', { metadata: { labels: { app: 'debug' } } })
    cluster.runFor(1_000)
    expect(cluster.get(Pod, 'stray').metadata.ownerReferences).toBeUndefined()
    expect(cluster.api.list(Pod)).toHaveLength(3)
  })

  it('deletes Pods that are not ready before ready ones', () => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(ReplicaSet, replicaSet('web', { replicas: 3 }))
    cluster.runFor(1_000)
    const [, second] = cluster.api.list(Pod)
    cluster.markReady(Pod, ({ metadata }) => metadata.name === second?.metadata.name)
    cluster.api.patch(ReplicaSet, cluster.get(ReplicaSet, 'web'), 'merge', { spec: { replicas: 1 } })
    cluster.runFor(1_000)
    expect(cluster.api.list(Pod).map(({ metadata }) => metadata.name)).toEqual([second?.metadata.name])
  })
})
