import { goJson } from '../../machinery/go-text.ts'
import { parseJson } from '../../machinery/json-text.ts'
import { isList, isObject } from '../../machinery/json-value.ts'
import type { HorizontalPodAutoscaler as V1 } from '../generated/autoscaling.v1.ts'
import type {
  HorizontalPodAutoscaler as V2,
  HorizontalPodAutoscalerBehavior,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
} from '../generated/autoscaling.v2.ts'
import { readMetric, readStatus, writeMetric, writeStatus } from './hpametricforms.ts'

/**
 * Between the versions of HorizontalPodAutoscaler: pkg/apis/autoscaling/v1/conversion.go. The old version knows the use of
 * CPU alone; everything else is kept in annotations while an object is seen through it.
 */

const prefix = 'autoscaling.alpha.kubernetes.io/'
const annotations = ['metrics', 'current-metrics', 'conditions', 'behavior'].map(name => prefix + name)

export function toAutoscalerV2({ metadata, spec, status, ...rest }: V1): V2 {
  const { targetCPUUtilizationPercentage: percentage, minReplicas = 1, ...same } = spec
  const { currentCPUUtilizationPercentage: current, currentReplicas, desiredReplicas, ...counts } = status
  const kept = (name: string): unknown => parsed(metadata.annotations?.[prefix + name])
  const metrics = listOf(kept('metrics')).flatMap(readMetric)
  if (percentage !== undefined) metrics.unshift(cpuMetric(percentage))
  const readings = listOf(kept('current-metrics')).flatMap(readStatus)
  if (readings.length === 0 && current !== undefined) readings.push(cpuReading(current))
  const behavior = lowerCased(kept('behavior'))
  const conditions = listOf(kept('conditions'))
  const result: V2 = {
    ...rest,
    apiVersion: 'autoscaling/v2',
    metadata: withoutAnnotations(metadata),
    spec: { ...same, minReplicas, metrics, ...(isObject(behavior) && { behavior }) },
    status: { ...counts, ...(currentReplicas && { currentReplicas }), desiredReplicas, currentMetrics: readings },
  }
  if (conditions.length > 0) Object.assign(result.status, { conditions })
  if (readings.length === 0) Object.assign(result.status, { currentMetrics: null })
  return result
}

export function fromAutoscalerV2({ metadata, spec, status, ...rest }: V2): V1 {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics = [], behavior } = spec
  const cpu = metrics.find(isCpuUtilization)
  const target = cpu?.resource?.target.averageUtilization
  const readings = status.currentMetrics ?? []
  const reading = readings.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization
  const kept: Record<string, string> = {}
  const keep = (name: string, value: readonly unknown[]): void => {
    if (value.length > 0) kept[prefix + name] = goJson(value)
  }
  keep('metrics', metrics.filter(metric => metric !== cpu).map(writeMetric))
  keep('current-metrics', readings.map(writeStatus))
  keep('conditions', status.conditions ?? [])
  if (behavior) kept[`${prefix}behavior`] = goJson(writtenBehavior(behavior))
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...metadata,
      ...(Object.keys(kept).length > 0 && { annotations: { ...metadata.annotations, ...kept } }),
    },
    spec: {
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      ...(target !== undefined && { targetCPUUtilizationPercentage: target }),
    },
    status: {
      ...(status.observedGeneration !== undefined && { observedGeneration: status.observedGeneration }),
      ...(status.lastScaleTime !== undefined && { lastScaleTime: status.lastScaleTime }),
      currentReplicas: status.currentReplicas ?? 0,
      desiredReplicas: status.desiredReplicas,
      ...(reading !== undefined && { currentCPUUtilizationPercentage: reading }),
    },
  }
}

function isCpuUtilization({ resource }: MetricSpec): boolean {
  return resource?.name === 'cpu' && resource.target.averageUtilization !== undefined
}

function cpuMetric(averageUtilization: number): MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }
}

function cpuReading(averageUtilization: number): MetricStatus {
  return { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } }
}

/** The annotation holds the internal struct as Go writes it. */
function writtenBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): object {
  return { ScaleUp: scaleUp ? writtenRules(scaleUp) : null, ScaleDown: scaleDown ? writtenRules(scaleDown) : null }
}

function writtenRules(rules: Partial<HPAScalingRules>): object {
  const { stabilizationWindowSeconds, selectPolicy, policies, tolerance } = rules
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds ?? null,
    SelectPolicy: selectPolicy ?? null,
    // Conversion comes before defaults where an applied configuration is looked at in another version.
    Policies:
      policies?.map(({ type, value, periodSeconds }) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ??
      null,
    Tolerance: tolerance ?? null,
  }
}

/** The internal struct's field names as the API spells them; nulls are left out. */
function lowerCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCased)
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(([, item]) => item !== null)
  return Object.fromEntries(
    entries.map(([name, item]) => [name.charAt(0).toLowerCase() + name.slice(1), lowerCased(item)]),
  )
}

function withoutAnnotations(metadata: V1['metadata']): V2['metadata'] {
  if (!annotations.some(name => metadata.annotations?.[name] !== undefined)) return metadata
  const left = Object.entries(metadata.annotations ?? {}).filter(([name]) => !annotations.includes(name))
  const { annotations: _, ...rest } = metadata
  return left.length > 0 ? { ...rest, annotations: Object.fromEntries(left) } : rest
}

/** What an annotation holds; nothing if it is no JSON, as upstream drops what it cannot read. */
function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : parseJson(text).value?.value
}

function listOf(value: unknown): readonly unknown[] {
  return isList(value) ? value : []
}
