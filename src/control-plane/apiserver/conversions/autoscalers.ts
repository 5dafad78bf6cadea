import { fromAutoscalerV2, toAutoscalerV2 } from '../../../api/autoscaling/hpaconversion.ts'
import type { HorizontalPodAutoscaler as V1 } from '../../../api/generated/autoscaling.v1.ts'
import type { HorizontalPodAutoscaler as V2 } from '../../../api/generated/autoscaling.v2.ts'
import { assert } from '../../../machinery/assert.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { Conversion } from '../resources.ts'

/** Autoscalers of both versions are one resource, stored as v2. */
export const autoscalerConversion: Conversion = {
  resource: 'autoscaling/v1/horizontalpodautoscalers',
  storedAs: 'autoscaling/v2/horizontalpodautoscalers',

  toStored(object) {
    assert(isV1(object), 'autoscaling/v1 serves HorizontalPodAutoscalers')
    return toAutoscalerV2(object)
  },

  fromStored(object) {
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
