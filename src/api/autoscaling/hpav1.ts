import { defineKind } from '../../machinery/kind.ts'
import type { HorizontalPodAutoscaler as Model } from '../generated/autoscaling.v1.ts'
import { toAutoscalerV2 } from './hpaconversion.ts'
import { HorizontalPodAutoscaler } from './horizontalpodautoscaler.ts'

export type HorizontalPodAutoscalerV1 = Model

/** The old form, which knows CPU alone. One storage holds both: see hpaconversion.ts. */
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
