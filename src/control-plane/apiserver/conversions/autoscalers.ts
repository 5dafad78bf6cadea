import { fromAutoscalerV2, toAutoscalerV2 } from '../../../api/autoscaling/hpaconversion.ts'
import type { HorizontalPodAutoscaler as V1 } from '../../../api/generated/autoscaling.v1.ts'
import type { HorizontalPodAutoscaler as V2 } from '../../../api/generated/autoscaling.v2.ts'
import { assert } from '../../../machinery/assert.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { isApiObject } from '../objects.ts'
import { type Fields, fieldsOf } from '../record.ts'
import type { Conversion } from '../resources.ts'

/** Autoscalers of both versions are one resource, stored as v2. */
export const autoscalerConversion: Conversion = {
  resource: 'autoscaling/v1/horizontalpodautoscalers',
  storedAs: 'autoscaling/v2/horizontalpodautoscalers',

  toStored(given) {
    const object = completed(given)
    assert(isV1(object), 'autoscaling/v1 serves HorizontalPodAutoscalers')
    return toAutoscalerV2(object)
  },

  fromStored(given) {
    const object = completed(given)
    assert(isV2(object), 'autoscaling/v2 stores HorizontalPodAutoscalers')
    return fromAutoscalerV2(object)
  },
}

function isV1(object: ApiObject): object is V1 {
  return object.apiVersion === 'autoscaling/v1' && 'spec' in object
}

function isV2(object: ApiObject): object is V2 {
  return object.apiVersion === 'autoscaling/v2' && 'spec' in object
}

/**
 * An object with everything that conversion counts on. A configuration that is applied is converted as it was sent, before
 * anybody has filled it in or looked whether it is right.
 */
function completed(object: ApiObject): ApiObject {
  const { spec, status, ...rest } = fieldsOf(object)
  const { metrics, ...others } = fieldsOf(spec)
  const { currentMetrics, ...counts } = fieldsOf(status)
  const whole: unknown = {
    ...rest,
    spec: Array.isArray(metrics) ? { ...others, metrics: metrics.map(completedMetric) } : others,
    status: Array.isArray(currentMetrics) ? { ...counts, currentMetrics: currentMetrics.map(completedMetric) } : counts,
  }
  return isApiObject(whole) ? whole : object
}

const sources = ['resource', 'containerResource', 'pods', 'object', 'external']

/** A metric of a spec or a status: whatever its source is, it has these. */
function completedMetric(metric: unknown): Fields {
  const given = fieldsOf(metric)
  const filled = sources.flatMap(name => {
    if (given[name] === undefined || given[name] === null) return []
    const { target, current, metric: measured, describedObject, ...rest } = fieldsOf(given[name])
    const parts = { target, current, metric: measured, describedObject }
    return [[name, { ...rest, ...asFields(parts) }] as const]
  })
  return { ...given, ...Object.fromEntries(filled) }
}

function asFields(parts: Fields): Fields {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, fieldsOf(value)]))
}
