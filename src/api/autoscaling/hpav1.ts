import { defineKind } from '../../machinery/kind.ts'
import type { HorizontalPodAutoscaler as Model } from '../generated/autoscaling.v1.ts'
import type { HorizontalPodAutoscaler as ModelV2, MetricSpec } from '../generated/autoscaling.v2.ts'
import { HorizontalPodAutoscaler } from './horizontalpodautoscaler.ts'

export type HorizontalPodAutoscalerV1 = Model

/**
 * The old form, which knows CPU alone. One storage holds both: the API server converts with these functions. What does not
 * fit here upstream keeps in annotations, and ours leaves out.
 */
export const HorizontalPodAutoscalerV1 = defineKind<HorizontalPodAutoscalerV1>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  countsGenerations: false,

  defaults({ spec }) {
    spec.minReplicas ??= 1
    spec.targetCPUUtilizationPercentage ??= 80
  },

  prepareForCreate(draft) {
    draft.status = { currentReplicas: 0, desiredReplicas: 0 }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: autoscaler => HorizontalPodAutoscaler.validate?.(toAutoscalerV2(autoscaler)) ?? [],

  columns: HorizontalPodAutoscaler.columns?.map(column => ({
    ...column,
    cell: (autoscaler, now) => column.cell(toAutoscalerV2(autoscaler), now),
  })),
})

export function toAutoscalerV2({ spec, status, ...rest }: HorizontalPodAutoscalerV1): ModelV2 {
  const { targetCPUUtilizationPercentage: percentage, minReplicas = 1, ...same } = spec
  const { currentCPUUtilizationPercentage: current, ...counts } = status
  const metrics: MetricSpec[] = percentage === undefined ? [] : [cpuMetric(percentage)]
  const currentMetrics =
    current === undefined
      ? []
      : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }]
  return {
    ...rest,
    apiVersion: 'autoscaling/v2',
    spec: { ...same, minReplicas, metrics },
    status: { ...counts, currentMetrics },
  }
}

export function fromAutoscalerV2({ spec, status, ...rest }: ModelV2): HorizontalPodAutoscalerV1 {
  const { scaleTargetRef, minReplicas, maxReplicas } = spec
  const target = spec.metrics.find(({ resource }) => resource?.name === 'cpu')?.resource?.target.averageUtilization
  const reading = status.currentMetrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.current
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    spec: {
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      ...(target !== undefined && { targetCPUUtilizationPercentage: target }),
    },
    status: {
      currentReplicas: status.currentReplicas ?? 0,
      desiredReplicas: status.desiredReplicas,
      ...(status.lastScaleTime !== undefined && { lastScaleTime: status.lastScaleTime }),
      ...(reading?.averageUtilization !== undefined && { currentCPUUtilizationPercentage: reading.averageUtilization }),
    },
  }
}

function cpuMetric(averageUtilization: number): MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }
}
