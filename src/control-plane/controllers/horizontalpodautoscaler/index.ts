import { CustomResourceDefinition } from '../../../api/apiextensions/customresourcedefinition.ts'
import { HorizontalPodAutoscaler, type MetricStatus } from '../../../api/autoscaling/horizontalpodautoscaler.ts'
import { Pod } from '../../../api/core/pod.ts'
import { setCondition } from '../../../api/meta/conditions.ts'
import { type Context, defineController } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { ApiError } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { limit, type Record, rememberChange } from './limits.ts'
import { ask, MetricTrouble } from './metrics.ts'
import { forgetSelector, podsOf, resize, SelectorTrouble, type Target, targetOf } from './targets.ts'

/** Fits the number of Pods to their load, once in 15 s. Models pkg/controller/podautoscaler/horizontal.go. */
export const horizontalPodAutoscaler = defineController({
  name: 'horizontal-pod-autoscaler',
  reconciles: HorizontalPodAutoscaler,
  reads: [Pod, CustomResourceDefinition],
  workers: 5,
  intervalMs: 15_000,

  reconcile(autoscaler, context) {
    const round = new Round(autoscaler, context)
    try {
      round.run()
    } finally {
      round.writeStatus()
    }
  },

  removed(key, context) {
    context.memory.delete(key)
    forgetSelector(context)
  },
})

type Status = HorizontalPodAutoscaler['status']
type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited'

/** One look at one autoscaler. */
class Round {
  private status: Status

  constructor(
    private readonly autoscaler: HorizontalPodAutoscaler,
    private readonly context: Context,
  ) {
    this.status = autoscaler.status
  }

  run(): void {
    const target = this.findTarget()
    const current = target.scale.spec?.replicas ?? 0
    const { spec } = this.autoscaler
    const record = this.recordOf(current)
    this.set(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    )
    if (current === 0 && spec.minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero'
      this.set('ScalingActive', 'False', 'ScalingDisabled', message)
      this.note(0, 0, null)
      return
    }
    if (current > spec.maxReplicas) {
      this.rescale(target, current, spec.maxReplicas, 'Current number of replicas above Spec.MaxReplicas', null, record)
    } else if (current < spec.minReplicas) {
      this.rescale(target, current, spec.minReplicas, 'Current number of replicas below Spec.MinReplicas', null, record)
    } else this.followMetrics(target, current, record)
  }

  writeStatus(): void {
    const { autoscaler, status } = this
    if (!isEqual(status, autoscaler.status)) {
      this.context.api.updateStatus(HorizontalPodAutoscaler, { ...autoscaler, status })
    }
  }

  private findTarget(): Target {
    try {
      return targetOf(this.autoscaler, this.context)
    } catch (error) {
      const why = messageOf(error)
      this.warn('FailedGetScale', why)
      const message = `the HPA controller was unable to get the target's current scale: ${why}`
      this.set('AbleToScale', 'False', 'FailedGetScale', message)
      throw failure(`failed to query scale subresource for ${this.reference()}: ${why}`)
    }
  }

  private followMetrics(target: Target, current: number, record: Record): void {
    const { replicas, metric, statuses } = this.askMetrics(target, current)
    const reason = replicas > current ? `${metric} above target` : 'All metrics below target'
    const verdict = limit(this.autoscaler, record, current, replicas, this.context.now)
    this.set('AbleToScale', 'True', verdict.able.reason, verdict.able.message)
    this.set('ScalingLimited', verdict.limited.status, verdict.limited.reason, verdict.limited.message)
    if (verdict.replicas === current) this.note(current, current, statuses)
    else this.rescale(target, current, verdict.replicas, reason, statuses, record)
  }

  /** The highest of what the metrics propose: computeReplicasForMetrics. */
  private askMetrics(
    { scale }: Target,
    current: number,
  ): { replicas: number; metric: string; statuses: MetricStatus[] } {
    const { autoscaler, context } = this
    const { metrics } = autoscaler.spec
    const statuses: MetricStatus[] = metrics.map(() => ({ type: '' }))
    const troubles: MetricTrouble[] = []
    let best: { replicas: number; metric: string } | undefined
    const { pods, selector } = this.selectPods(scale, statuses, current)
    for (const [index, each] of metrics.entries()) {
      try {
        const around = { api: context.api, autoscaler, pods, selector, current, now: context.now }
        const { replicas, name, status } = ask(each, around)
        statuses[index] = status
        if (!best || replicas > best.replicas) best = { replicas, metric: name }
      } catch (error) {
        if (!(error instanceof MetricTrouble)) throw error
        this.warn(error.reason, error.detail)
        troubles.push(error)
      }
    }
    const [first] = troubles
    // One metric that cannot be read must not make a target smaller.
    if (first && (!best || best.replicas < current)) {
      const message = `the HPA was unable to compute the replica count: ${first.detail}`
      this.set('ScalingActive', 'False', first.reason, message)
      const counts = `${troubles.length} invalid out of ${metrics.length}`
      this.cannotCompute(`invalid metrics (${counts}), first error is: ${first.message}`, current, statuses)
    }
    const { replicas, metric } = best ?? { replicas: current, metric: '' }
    const message = `the HPA was able to successfully calculate a replica count from ${metric}`
    this.set('ScalingActive', 'True', 'ValidMetricFound', message)
    return { replicas, metric, statuses }
  }

  private selectPods(scale: Target['scale'], statuses: MetricStatus[], current: number): ReturnType<typeof podsOf> {
    try {
      return podsOf(scale, this.context)
    } catch (error) {
      if (!(error instanceof SelectorTrouble)) throw error
      this.warn(error.event, error.message)
      this.set('ScalingActive', 'False', error.reason, error.condition)
      return this.cannotCompute(error.message, current, statuses)
    }
  }

  private cannotCompute(why: string, current: number, statuses: MetricStatus[]): never {
    this.note(current, this.status.desiredReplicas, statuses)
    this.warn('FailedComputeMetricsReplicas', why)
    const what = 'failed to compute desired number of replicas based on listed metrics for'
    throw failure(`${what} ${this.reference()}: ${why}`)
  }

  private rescale(
    target: Target,
    current: number,
    desired: number,
    reason: string,
    statuses: MetricStatus[] | null,
    record: Record,
  ): void {
    const { autoscaler, context } = this
    try {
      resize(target, desired, context)
    } catch (error) {
      const why = messageOf(error)
      this.warn('FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${why}`)
      const message = `the HPA controller was unable to update the target scale: ${why}`
      this.set('AbleToScale', 'False', 'FailedUpdateScale', message)
      this.note(current, this.status.desiredReplicas, statuses)
      throw failure(`failed to rescale ${this.reference()}: ${why}`)
    }
    const message = `the HPA controller was able to update the target scale to ${desired}`
    this.set('AbleToScale', 'True', 'SucceededRescale', message)
    context.event(autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`)
    if (autoscaler.spec.behavior) rememberChange(record, current, desired, context.now)
    this.note(current, desired, statuses)
    this.status = { ...this.status, lastScaleTime: timestamp(context.now) }
  }

  private note(current: number, desired: number, statuses: MetricStatus[] | null): void {
    const { conditions, lastScaleTime } = this.status
    const status: Status = {
      ...(current !== 0 && { currentReplicas: current }),
      desiredReplicas: desired,
      currentMetrics: [],
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      ...(conditions && { conditions }),
    }
    this.status = Object.assign(status, { currentMetrics: statuses }) // Go writes null for a list that was never made.
  }

  private set(type: ConditionType, status: 'True' | 'False', reason: string, message: string): void {
    const conditions = setCondition(this.status.conditions, { type, status, reason, message }, this.context.now)
    this.status = { ...this.status, conditions: [...conditions] }
  }

  private warn(reason: string, message: string): void {
    this.context.event(this.autoscaler, 'Warning', reason, message)
  }

  private recordOf(current: number): Record {
    const { memory, key, now } = this.context
    const known = memory.get(key)
    if (isRecord(known)) return known
    const record: Record = { recommendations: [{ at: now, replicas: current }], ups: [], downs: [] }
    memory.set(key, record)
    return record
  }

  private reference(): string {
    const { metadata, spec } = this.autoscaler
    return `${spec.scaleTargetRef.kind}/${metadata.namespace ?? ''}/${spec.scaleTargetRef.name}`
  }
}

function isRecord(value: unknown): value is Record {
  return typeof value === 'object' && value !== null && 'recommendations' in value
}

/** What upstream's sync returns: the runner notes it and looks again after the interval. */
function failure(message: string): ApiError {
  return new ApiError('', message)
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  throw error
}
