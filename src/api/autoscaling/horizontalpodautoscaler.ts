import { defineKind } from '../../machinery/kind.ts'
import type {
  HorizontalPodAutoscaler as Model,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../generated/autoscaling.v2.ts'
import { ageColumn, nameColumn, someOf } from '../meta/columns.ts'
import { checkAutoscaler } from './hpavalidation.ts'

export type { HPAScalingRules, MetricSpec, MetricStatus }
export type HorizontalPodAutoscaler = Model

/** Strategy: pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go. The other version is in hpav1.ts. */
export const HorizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  countsGenerations: false,

  defaults: ({ spec }) => defaultAutoscalerSpec(spec),

  prepareForCreate(draft) {
    draft.status = emptyStatus()
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: ({ spec }) => checkAutoscaler(spec),

  columns: [
    nameColumn,
    { name: 'Reference', cell: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
    { name: 'Targets', cell: autoscalerTargets },
    { name: 'MinPods', cell: ({ spec }) => String(spec.minReplicas ?? '<unset>') },
    { name: 'MaxPods', cell: ({ spec }) => spec.maxReplicas },
    { name: 'Replicas', cell: ({ status }) => status.currentReplicas ?? 0 },
    ageColumn,
  ],
})

function emptyStatus(): HorizontalPodAutoscaler['status'] {
  const status: HorizontalPodAutoscaler['status'] = { desiredReplicas: 0, currentMetrics: [] }
  // Go writes null for a list that was never made.
  return Object.assign(status, { currentMetrics: null })
}

export function defaultAutoscalerSpec(spec: HorizontalPodAutoscalerSpec): void {
  spec.minReplicas ??= 1
  if (!spec.metrics?.length) {
    const target = { type: 'Utilization', averageUtilization: 80 }
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }]
  }
  if (!spec.behavior) return
  spec.behavior.scaleUp = withDefaults(scaleUpRules, spec.behavior.scaleUp)
  spec.behavior.scaleDown = withDefaults(scaleDownRules, spec.behavior.scaleDown)
}

/** GenerateHPAScaleUpRules: at most four Pods or twice as many every 15 seconds, at once. */
const scaleUpRules: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}

/** How long the highest recommendation counts is the controller's setting unless the user names it. */
const scaleDownRules: HPAScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
}

function withDefaults(rules: HPAScalingRules, given: HPAScalingRules | undefined): HPAScalingRules {
  return { ...rules, ...given, policies: given?.policies?.length ? given.policies : rules.policies }
}

/** `cpu: 73%/60%, memory: 2%/70% + 1 more...`. */
export function autoscalerTargets({ spec, status }: HorizontalPodAutoscaler): string {
  if (spec.metrics.length === 0) return '<none>'
  const current = status.currentMetrics ?? []
  return someOf(
    spec.metrics.map((metric, i) => describeMetric(metric, current[i])),
    2,
    ', ',
  )
}

function describeMetric(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case 'Resource':
      return `${metric.resource?.name ?? ''}: ${ofResource(metric.resource?.target, status?.resource?.current)}`
    case 'ContainerResource':
      return `${metric.containerResource?.name ?? ''}: ${ofResource(metric.containerResource?.target, status?.containerResource?.current)}`
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? '<unknown>'}/${metric.pods?.target.averageValue ?? ''}`
    case 'Object':
      return ofValue(metric.object?.target, status?.object?.current)
    case 'External':
      return ofValue(metric.external?.target, status?.external?.current)
    default:
      return '<unknown type>'
  }
}

function ofResource(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue}`
  const now = current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`
  return `${now}/${target?.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`
}

function ofValue(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`
  return `${current?.value ?? '<unknown>'}/${target?.value ?? ''}`
}
