import { describe, expect, it } from 'vitest'
import type { HorizontalPodAutoscaler, MetricSpec } from '../generated/autoscaling.v2.ts'
import { fromAutoscalerV2, toAutoscalerV2 } from './hpaconversion.ts'

const metadata = { name: 'web', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-15T09:00:00Z' }
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const cpu: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 55 } },
}
const rest: MetricSpec[] = [
  { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '512Mi' } } },
  { type: 'Pods', pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '1k' } } },
  {
    type: 'Object',
    object: { describedObject: scaleTargetRef, metric: { name: 'hits' }, target: { type: 'Value', value: '2500' } },
  },
]

const autoscaler: HorizontalPodAutoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { ...metadata, annotations: { team: 'shop' } },
  spec: {
    scaleTargetRef,
    minReplicas: 1,
    maxReplicas: 4,
    metrics: [cpu, ...rest],
    behavior: {
      scaleDown: { selectPolicy: 'Disabled', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
    },
  },
  status: {
    currentReplicas: 2,
    desiredReplicas: 3,
    conditions: [{ type: 'AbleToScale', status: 'True' }],
    currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 73 } } }],
  },
}

describe('[F2] the old version of HorizontalPodAutoscaler', () => {
  it('shows CPU in fields and keeps the rest in annotations', () => {
    const old = fromAutoscalerV2(autoscaler)
    expect(old.spec.targetCPUUtilizationPercentage).toBe(55)
    expect(old.status).toEqual({ currentReplicas: 2, desiredReplicas: 3, currentCPUUtilizationPercentage: 73 })
    expect(old.metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics']).toBe(
      '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"512Mi"}},' +
        '{"type":"Pods","pods":{"metricName":"requests","targetAverageValue":"1k"}},' +
        '{"type":"Object","object":{"target":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},' +
        '"metricName":"hits","targetValue":"2500"}}]',
    )
  })

  it('gives everything back', () => {
    expect(toAutoscalerV2(fromAutoscalerV2(autoscaler))).toEqual(autoscaler)
  })

  it('forgets annotations that are no JSON', () => {
    const old = fromAutoscalerV2(autoscaler)
    const broken = { ...old.metadata.annotations, 'autoscaling.alpha.kubernetes.io/metrics': '[{' }
    expect(toAutoscalerV2({ ...old, metadata: { ...metadata, annotations: broken } }).spec.metrics).toEqual([cpu])
  })
})
