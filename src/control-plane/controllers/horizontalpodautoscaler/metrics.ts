import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
} from '../../../api/autoscaling/horizontalpodautoscaler.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { PodMetrics } from '../../../api/metrics/podmetrics.ts'
import type { Api } from '../../../client/api.ts'
import { formatQuantity, milliValue, quantityOf, toNumber } from '../../../machinery/quantity.ts'
import { ApiError } from '../../../machinery/status.ts'
import { parseTime } from '../../../machinery/time.ts'
import { type PodUsage, type Question, replicasForAverage, replicasForUtilization, type Usages } from './calculation.ts'

/** What one metric of a spec proposes. Models computeReplicasForMetric of horizontal.go and metrics/client.go. */

export interface Answer {
  readonly replicas: number
  /** Its name in reasons: `cpu resource utilization (percentage of request)`. */
  readonly name: string
  readonly status: MetricStatus
}

/** Why a metric says nothing: the reason for condition and Event, their text, and the one for the sum of all metrics. */
export class MetricTrouble extends Error {
  constructor(
    readonly reason: string,
    readonly detail: string,
    message = detail,
  ) {
    super(message)
  }
}

export interface Surroundings {
  readonly api: Api
  readonly autoscaler: HorizontalPodAutoscaler
  readonly pods: readonly Pod[]
  readonly selector: string
  readonly current: number
  readonly now: number
}

/** Asks one metric. Throws MetricTrouble. */
export function ask(metric: MetricSpec, around: Surroundings): Answer {
  const { resource, containerResource, pods, object, external } = metric
  if (metric.type === 'Resource' && resource) return askResource(resource, undefined, around)
  if (metric.type === 'ContainerResource' && containerResource) {
    return askResource(containerResource, containerResource.container, around)
  }
  if (metric.type === 'Pods' && pods) {
    const detail = `unable to get metric ${pods.metric.name}: unable to fetch metrics from ${noCustomMetrics}`
    throw new MetricTrouble('FailedGetPodsMetric', detail, `failed to get pods metric value: ${detail}`)
  }
  if (metric.type === 'Object' && object) {
    const { kind, name } = object.describedObject
    const place = `${kind} on ${around.autoscaler.metadata.namespace ?? ''} ${name}`
    const detail = `unable to get metric ${object.metric.name}: ${place}/unable to fetch metrics from ${noCustomMetrics}`
    throw new MetricTrouble('FailedGetObjectMetric', detail, `failed to get object metric value: ${detail}`)
  }
  if (metric.type === 'External' && external) {
    const { name } = external.metric
    const where = `${around.autoscaler.metadata.namespace ?? ''}/${name}/nil`
    const why = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`
    const detail = `unable to get external metric ${where}: unable to fetch metrics from external metrics API: ${why}`
    throw new MetricTrouble('FailedGetExternalMetric', detail, `failed to get ${name} external metric value: ${detail}`)
  }
  throw new MetricTrouble('InvalidMetricSourceType', `unknown metric source type "${metric.type}"`)
}

const noCustomMetrics = 'custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'

function askResource(
  { name: resource, target }: NonNullable<MetricSpec['resource']>,
  container: string | undefined,
  around: Surroundings,
): Answer {
  const { autoscaler, pods, current, now } = around
  const what = container === undefined ? 'resource' : 'container resource'
  const isPercent = target.averageUtilization !== undefined
  try {
    const usages = usagesOf(resource, container, around)
    const tolerances = tolerancesOf(autoscaler)
    const question: Question = {
      pods,
      resource,
      current,
      tolerances,
      now,
      ...(container !== undefined && { container }),
    }
    const { replicas, utilization, average } =
      target.averageUtilization === undefined
        ? replicasForAverage(question, usages, milliValue(target.averageValue ?? '0'))
        : replicasForUtilization(question, usages, target.averageUtilization)
    const averageValue = formatQuantity(quantityOf(average, 'DecimalSI', -3))
    const status = {
      name: resource,
      current: { ...(utilization !== undefined && { averageUtilization: utilization }), averageValue },
    }
    return {
      replicas,
      name: isPercent ? `${resource} ${what} utilization (percentage of request)` : `${resource} ${what}`,
      status:
        container === undefined
          ? { type: 'Resource', resource: status }
          : { type: 'ContainerResource', containerResource: { ...status, container } },
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const detail = `failed to get ${resource} ${isPercent ? 'utilization' : 'usage'}: ${error.message}`
    const reason = container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric'
    throw new MetricTrouble(reason, detail, `failed to get ${resource} ${what} metric value: ${detail}`)
  }
}

/** Usage of one resource by Pod. Throws with the words of the metrics client. */
function usagesOf(
  resource: string,
  container: string | undefined,
  { api, autoscaler, selector }: Surroundings,
): Usages {
  const usages = new Map<string, PodUsage>()
  for (const { metadata, containers, timestamp, window } of listMetrics(api, autoscaler, selector, resource)) {
    const counted = containers.filter(({ name }) => container === undefined || name === container)
    if (container !== undefined && counted.length === 0) {
      const place = `${metadata.namespace ?? ''}/${metadata.name}`
      throw new Error(
        `unable to get metrics for resource ${resource}: container ${container} not present in metrics for pod ${place}`,
      )
    }
    // A container that reports nothing makes the whole Pod's usage unknown.
    if (counted.some(({ usage }) => usage[resource] === undefined)) continue
    const value = counted.reduce((total, { usage }) => total + milliValue(usage[resource] ?? '0'), 0)
    usages.set(metadata.name, { value, at: parseTime(timestamp), windowMs: secondsOf(window) * 1000 })
  }
  return usages
}

function listMetrics(
  api: Api,
  { metadata }: HorizontalPodAutoscaler,
  labelSelector: string,
  resource: string,
): PodMetrics[] {
  const cannot = `unable to get metrics for resource ${resource}:`
  let items: PodMetrics[]
  try {
    items = api.list(PodMetrics, metadata.namespace, { labelSelector })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // client-go adds what was asked for where the server's answer does not say.
    const isUnserved = error.reason === 'NotFound' && error.details?.name === undefined
    const why = isUnserved ? `${error.message} (get pods.metrics.k8s.io)` : error.message
    throw new Error(`${cannot} unable to fetch metrics from resource metrics API: ${why}`)
  }
  if (items.length === 0) throw new Error(`${cannot} no metrics returned from resource metrics API`)
  return items
}

/** `15.068s` and `1m0s` in seconds. */
function secondsOf(duration: string): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(duration) ?? []
  return Number(minutes) * 60 + Number(seconds)
}

/** horizontal-pod-autoscaler-tolerance, where the spec has none of its own. */
const tolerance = 0.1

function tolerancesOf({ spec: { behavior } }: HorizontalPodAutoscaler): Question['tolerances'] {
  const of = (own: string | undefined): number => (own === undefined ? tolerance : toNumber(own))
  return { up: of(behavior?.scaleUp?.tolerance), down: of(behavior?.scaleDown?.tolerance) }
}
