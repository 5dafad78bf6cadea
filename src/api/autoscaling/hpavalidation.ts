import { type FieldError, forbidden, invalid, notSupported, required } from '../../machinery/fieldpath.ts'
import { own } from '../../machinery/json-value.ts'
import { asQuantity, sign } from '../../machinery/quantity.ts'
import { isPathSegmentName } from '../../machinery/validation.ts'
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricSpec,
  MetricTarget,
} from '../generated/autoscaling.v2.ts'
import { addInvalid, checkSupported } from '../meta/checks.ts'

/** validateHorizontalPodAutoscalerSpec of pkg/apis/autoscaling/validation/validation.go. */
export function checkAutoscaler(spec: HorizontalPodAutoscalerSpec): FieldError[] {
  const errors: FieldError[] = []
  const { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior } = spec
  if (minReplicas !== undefined && minReplicas < 1) {
    errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  }
  if (!maxReplicas || maxReplicas < 1) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'))
  if (minReplicas !== undefined && (maxReplicas ?? 0) < minReplicas) {
    const detail = 'must be greater than or equal to `minReplicas`'
    errors.push(invalid('spec.maxReplicas', maxReplicas ?? 0, detail))
  }
  checkReference(errors, 'spec.scaleTargetRef', scaleTargetRef)
  metrics.forEach((metric, i) => checkMetric(errors, `spec.metrics[${i}]`, metric))
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    const detail = 'must specify at least one Object or External metric to support scaling to zero replicas'
    errors.push(forbidden('spec.metrics', detail))
  }
  if (behavior?.scaleUp) checkRules(errors, 'spec.behavior.scaleUp', behavior.scaleUp)
  if (behavior?.scaleDown) checkRules(errors, 'spec.behavior.scaleDown', behavior.scaleDown)
  return errors
}

function checkReference(errors: FieldError[], path: string, reference: CrossVersionObjectReference): void {
  const { kind, name, apiVersion = '' } = reference
  if (!kind) errors.push(required(`${path}.kind`))
  else addInvalid(errors, `${path}.kind`, kind, isPathSegmentName(kind))
  if (!name) errors.push(required(`${path}.name`))
  else addInvalid(errors, `${path}.name`, name, isPathSegmentName(name))
  // Only ReplicationControllers can be scaled in the core group.
  if (!apiVersion.includes('/') && kind !== 'ReplicationController') {
    errors.push(invalid(`${path}.apiVersion`, apiVersion, 'apiVersion must specify API group'))
  }
}

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']
const sourceOf: Record<string, 'containerResource' | 'external' | 'object' | 'pods' | 'resource'> = {
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
  External: 'external',
  ContainerResource: 'containerResource',
}

function checkMetric(errors: FieldError[], path: string, metric: MetricSpec): void {
  if (!metric.type) errors.push(required(`${path}.type`, 'must specify a metric source type'))
  if (!types.includes(metric.type)) errors.push(notSupported(`${path}.type`, metric.type, types))
  const present = Object.values(sourceOf).filter(source => metric[source] !== undefined)
  const [first] = present
  if (first) checkSource(errors, `${path}.${first}`, metric)
  const expected = own(sourceOf, metric.type)
  // Upstream says it a second time when it looks for the source that belongs to the type.
  if (!expected) errors.push(notSupported(`${path}.type`, metric.type, types))
  else if (!metric[expected]) {
    errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'))
  }
  if (present.length === 1) return
  for (const source of present) {
    if (source !== expected) errors.push(forbidden(`${path}.${source}`, 'must populate the given metric source only'))
  }
}

function checkSource(errors: FieldError[], path: string, metric: MetricSpec): void {
  const { object, external, pods, resource, containerResource } = metric
  if (object) {
    checkReference(errors, `${path}.describedObject`, object.describedObject)
    checkTarget(errors, `${path}.target`, object.target)
  } else if (external) {
    checkTarget(errors, `${path}.target`, external.target)
  } else if (pods) {
    checkTarget(errors, `${path}.target`, pods.target)
    if (pods.target.averageValue === undefined) {
      errors.push(required(`${path}.target.averageValue`, 'must specify a positive target averageValue'))
    }
  } else {
    const source = containerResource ?? resource
    if (!source) return
    if (containerResource && !containerResource.container) {
      errors.push(required(`${path}.container`, 'must specify a container'))
    }
    if (!source.name) errors.push(required(`${path}.name`, 'must specify a resource name'))
    checkTarget(errors, `${path}.target`, source.target)
    const { averageUtilization, averageValue } = source.target
    if (averageUtilization === undefined && averageValue === undefined) {
      const detail = 'must set either a target raw value or a target utilization'
      errors.push(required(`${path}.target.averageUtilization`, detail))
    } else if (averageUtilization !== undefined && averageValue !== undefined) {
      const detail = 'may not set both a target raw value and a target utilization'
      errors.push(forbidden(`${path}.target.averageValue`, detail))
    }
  }
}

function checkTarget(errors: FieldError[], path: string, target: MetricTarget): void {
  if (!target.type) errors.push(required(`${path}.type`, 'must specify a metric target type'))
  else checkSupported(errors, `${path}.type`, target.type, ['AverageValue', 'Utilization', 'Value'])
  for (const field of ['value', 'averageValue'] as const) {
    const amount = target[field]
    if (amount !== undefined && sign(amount) !== 1) {
      errors.push(invalid(`${path}.${field}`, asQuantity(amount).text, 'must be positive'))
    }
  }
  const { averageUtilization } = target
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  }
}

const maxWindowSeconds = 3600
const maxPeriodSeconds = 1800

function checkRules(errors: FieldError[], path: string, rules: HPAScalingRules): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies } = rules
  if (window !== undefined && window < 0) {
    errors.push(invalid(`${path}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'))
  }
  if (window !== undefined && window > maxWindowSeconds) {
    const detail = `must be less than or equal to ${maxWindowSeconds}`
    errors.push(invalid(`${path}.stabilizationWindowSeconds`, window, detail))
  }
  checkSupported(errors, `${path}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min'])
  if (!policies?.length) errors.push(required(`${path}.policies`, 'must specify at least one Policy'))
  policies?.forEach(({ type, value, periodSeconds }, i) => {
    const at = `${path}.policies[${i}]`
    checkSupported(errors, `${at}.type`, type, ['Percent', 'Pods'])
    if (value <= 0) errors.push(invalid(`${at}.value`, value, 'must be greater than zero'))
    if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero'))
    if (periodSeconds > maxPeriodSeconds) {
      errors.push(invalid(`${at}.periodSeconds`, periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`))
    }
  })
}
