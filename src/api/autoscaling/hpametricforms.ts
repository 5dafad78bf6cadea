import { isObject, type JsonObject, member } from '../../machinery/json-value.ts'
import type { MetricSpec, MetricStatus } from '../generated/autoscaling.v2.ts'

/** Metrics as autoscaling/v1 writes them into annotations: flat, with other names (k8s.io/api/autoscaling/v1/types.go). */

/** Path in v2 → name in v1, in the order of the v1 struct. */
type Names = readonly (readonly [path: string, name: string])[]

const wanted: Readonly<Record<string, Names>> = {
  object: [
    ['describedObject', 'target'],
    ['metric.name', 'metricName'],
    ['target.value', 'targetValue'],
    ['metric.selector', 'selector'],
    ['target.averageValue', 'averageValue'],
  ],
  pods: [
    ['metric.name', 'metricName'],
    ['target.averageValue', 'targetAverageValue'],
    ['metric.selector', 'selector'],
  ],
  resource: [
    ['name', 'name'],
    ['target.averageUtilization', 'targetAverageUtilization'],
    ['target.averageValue', 'targetAverageValue'],
  ],
  containerResource: [
    ['name', 'name'],
    ['target.averageUtilization', 'targetAverageUtilization'],
    ['target.averageValue', 'targetAverageValue'],
    ['container', 'container'],
  ],
  external: [
    ['metric.name', 'metricName'],
    ['metric.selector', 'metricSelector'],
    ['target.value', 'targetValue'],
    ['target.averageValue', 'targetAverageValue'],
  ],
}

const measured: Readonly<Record<string, Names>> = {
  object: [
    ['describedObject', 'target'],
    ['metric.name', 'metricName'],
    ['current.value', 'currentValue'],
    ['metric.selector', 'selector'],
    ['current.averageValue', 'averageValue'],
  ],
  pods: [
    ['metric.name', 'metricName'],
    ['current.averageValue', 'currentAverageValue'],
    ['metric.selector', 'selector'],
  ],
  resource: [
    ['name', 'name'],
    ['current.averageUtilization', 'currentAverageUtilization'],
    ['current.averageValue', 'currentAverageValue'],
  ],
  containerResource: [
    ['name', 'name'],
    ['current.averageUtilization', 'currentAverageUtilization'],
    ['current.averageValue', 'currentAverageValue'],
    ['container', 'container'],
  ],
  external: [
    ['metric.name', 'metricName'],
    ['metric.selector', 'metricSelector'],
    ['current.value', 'currentValue'],
    ['current.averageValue', 'currentAverageValue'],
  ],
}

export function writeMetric(metric: MetricSpec): JsonObject {
  return written({ ...metric }, wanted)
}

export function writeStatus(status: MetricStatus): JsonObject {
  return written({ ...status }, measured)
}

export function readMetric(value: unknown): MetricSpec[] {
  const metric = isObject(value) ? read(value, wanted) : undefined
  if (!isMetric(metric)) return []
  // The old form has no type of target: what is given tells it.
  for (const source of [metric.resource, metric.containerResource, metric.pods, metric.object, metric.external]) {
    if (!source) continue
    const { averageUtilization, averageValue } = source.target
    source.target.type =
      averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value'
  }
  return [metric]
}

export function readStatus(value: unknown): MetricStatus[] {
  const status = isObject(value) ? read(value, measured) : undefined
  return isStatus(status) ? [status] : []
}

function isMetric(value: JsonObject | undefined): value is JsonObject & MetricSpec {
  return typeof value?.['type'] === 'string'
}

function isStatus(value: JsonObject | undefined): value is JsonObject & MetricStatus {
  return typeof value?.['type'] === 'string'
}

function written(metric: JsonObject, names: Readonly<Record<string, Names>>): JsonObject {
  const result: Record<string, unknown> = { type: metric['type'] }
  for (const [source, fields] of Object.entries(names)) {
    const value = metric[source]
    if (!isObject(value)) continue
    const flat = fields.map(([path, name]) => [name, valueAt(value, path)] as const)
    result[source] = Object.fromEntries(flat.filter(([, item]) => item !== undefined))
  }
  return result
}

function read(metric: JsonObject, names: Readonly<Record<string, Names>>): JsonObject {
  const result: Record<string, unknown> = { type: metric['type'] }
  for (const [source, fields] of Object.entries(names)) {
    const flat = metric[source]
    if (!isObject(flat)) continue
    const nested: Record<string, unknown> = {}
    for (const [path, name] of fields) {
      const [group = '', field] = path.split('.')
      const item = member(flat, name)
      if (field === undefined) nested[group] = item
      else nested[group] = { ...Object(nested[group]), ...(item !== undefined && { [field]: item }) }
    }
    result[source] = nested
  }
  return result
}

function valueAt(value: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((inside, name) => (isObject(inside) ? member(inside, name) : undefined), value)
}
