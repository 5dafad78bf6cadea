import { describe, expect, it } from 'vitest'
import { HorizontalPodAutoscaler, type HPAScalingRules } from '../../../api/autoscaling/horizontalpodautoscaler.ts'
import { typed } from '../../../machinery/kind.ts'
import { limit, type Record, rememberChange } from './limits.ts'

const scaleTargetRef = { kind: 'Deployment', name: 'web' }
const slow: HPAScalingRules = {
  policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }],
  selectPolicy: 'Max',
  stabilizationWindowSeconds: 0,
}

function autoscaler(up?: HPAScalingRules, down?: HPAScalingRules): HorizontalPodAutoscaler {
  const behavior = up && down && { scaleUp: up, scaleDown: down }
  const spec = { minReplicas: 1, maxReplicas: 10, metrics: [], scaleTargetRef, ...(behavior && { behavior }) }
  return typed(HorizontalPodAutoscaler, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default', uid: '', resourceVersion: '', creationTimestamp: '' },
    ...{ spec, status: { desiredReplicas: 0, currentMetrics: [] } },
  })
}

function empty(): Record {
  return { recommendations: [], ups: [], downs: [] }
}

describe('[F2] how far and how fast an autoscaler may go', () => {
  it('doubles at most, but goes to four at once, and never over the maximum', () => {
    expect(limit(autoscaler(), empty(), 1, 9, 0)).toMatchObject({ replicas: 4, limited: { reason: 'ScaleUpLimit' } })
    expect(limit(autoscaler(), empty(), 3, 9, 0).replicas).toBe(6)
    expect(limit(autoscaler(), empty(), 6, 30, 0)).toMatchObject({
      replicas: 10,
      limited: { status: 'True', reason: 'TooManyReplicas' },
    })
  })

  it('goes down only to the highest that was recommended in five minutes', () => {
    const record = empty()
    const sizes = [0, 60_000, 299_000, 301_000, 361_000].map((now, index) => {
      const proposed = [8, 5, 2, 2, 2][index] ?? 0
      return limit(autoscaler(), record, 8, proposed, now).replicas
    })
    expect(sizes).toEqual([8, 8, 8, 5, 2])
  })

  it('counts what was added in the period of a policy', () => {
    const record = empty()
    const web = autoscaler(slow, slow)
    expect(limit(web, record, 2, 9, 0).replicas).toBe(4)
    rememberChange(record, 2, 4, 0)
    expect(limit(web, record, 4, 9, 30_000)).toMatchObject({ replicas: 4, limited: { reason: 'ScaleUpLimit' } })
    expect(limit(web, record, 4, 9, 60_000).replicas).toBe(6)
  })

  it('does not go the way that is switched off', () => {
    const off = { ...slow, selectPolicy: 'Disabled' }
    expect(limit(autoscaler(off, slow), empty(), 3, 9, 0).replicas).toBe(3)
    expect(limit(autoscaler(slow, off), empty(), 3, 1, 0).replicas).toBe(3)
  })

  it('takes the lowest recommendation of the window on the way up', () => {
    const waiting = {
      ...slow,
      stabilizationWindowSeconds: 60,
      policies: [{ type: 'Percent', value: 900, periodSeconds: 15 }],
    }
    const record = empty()
    const web = autoscaler(waiting, slow)
    expect(limit(web, record, 2, 2, 0).replicas).toBe(2)
    expect(limit(web, record, 2, 8, 15_000)).toMatchObject({ replicas: 2, able: { reason: 'ScaleUpStabilized' } })
    expect(limit(web, record, 2, 8, 61_000).replicas).toBe(8)
  })
})
