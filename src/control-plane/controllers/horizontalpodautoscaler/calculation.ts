import { type Pod } from '../../../api/core/pod.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import { milliValue } from '../../../machinery/quantity.ts'
import { parseTime } from '../../../machinery/time.ts'

/** How many replicas a usage asks for. Models pkg/controller/podautoscaler/replica_calculator.go. */

/** A Pod's usage in thousandths, and when it was measured. */
export interface PodUsage {
  readonly value: number
  readonly at: number
  readonly windowMs: number
}

export type Usages = ReadonlyMap<string, PodUsage>

/** How far usage may be from its target, up and down, before anything is done. */
export interface Tolerances {
  readonly up: number
  readonly down: number
}

export interface Proposal {
  readonly replicas: number
  /** Percent of what was requested; undefined when the target is no percentage. */
  readonly utilization?: number
  /** Average of a Pod, in thousandths. */
  readonly average: number
}

/** What a metric is held against. */
export interface Question {
  readonly pods: readonly Pod[]
  readonly resource: string
  /** One container of each Pod instead of all. */
  readonly container?: string
  readonly current: number
  readonly tolerances: Tolerances
  readonly now: number
}

/** How long a new Pod's CPU says nothing (horizontal-pod-autoscaler-cpu-initialization-period). */
const initializationMs = 300_000
/** How long after its start a Pod counts as not ready yet (horizontal-pod-autoscaler-initial-readiness-delay). */
const readinessDelayMs = 30_000

/** Replicas for a target in percent of the requests. Throws upstream's error when that cannot be told. */
export function replicasForUtilization(question: Question, usages: Usages, target: number): Proposal {
  const groups = groupPods(question, usages)
  const requests = requestsOf(question)
  const ratioOf = (values: ReadonlyMap<string, number>) => utilization(values, requests, target)
  const first = ratioOf(groups.measured)
  // Who is missing speaks against a change, and not at all when there is none to be made.
  const missing = (name: string): number | undefined => {
    if (first.ratio < 1) return ((requests.get(name) ?? 0) * Math.max(100, target)) / 100
    return first.ratio > 1 ? 0 : undefined
  }
  const replicas = settle(question, groups, first.ratio, values => ratioOf(values).ratio, missing)
  return { replicas, utilization: first.percent, average: first.average }
}

/** Replicas for a target in thousandths a Pod. */
export function replicasForAverage(question: Question, usages: Usages, target: number): Proposal {
  const groups = groupPods(question, usages)
  const averageOf = (values: ReadonlyMap<string, number>): number => Math.trunc(sum(values) / values.size)
  const average = averageOf(groups.measured)
  const missing = (): number => (average < target ? target : 0)
  const replicas = settle(question, groups, average / target, values => averageOf(values) / target, missing)
  return { replicas, average }
}

interface Groups {
  readonly ready: number
  /** Started, but not ready for long enough to be believed. */
  readonly unready: readonly string[]
  readonly missing: readonly string[]
  /** Usage of the ready Pods. */
  readonly measured: ReadonlyMap<string, number>
}

function groupPods({ pods, resource, now }: Question, usages: Usages): Groups {
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count')
  const unready: string[] = []
  const missing: string[] = []
  const measured = new Map<string, number>()
  let ready = 0
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    if (deletionTimestamp !== undefined || pod.status.phase === 'Failed') continue
    const usage = usages.get(name)
    if (pod.status.phase === 'Pending') unready.push(name)
    else if (!usage) missing.push(name)
    else if (resource === 'cpu' && isTooYoung(pod, usage, now)) unready.push(name)
    else {
      ready++
      measured.set(name, usage.value)
    }
  }
  if (measured.size === 0) throw new Error('did not receive metrics for targeted pods (pods might be unready)')
  return { ready, unready, missing, measured }
}

/** A starting Pod works hard without load: its CPU is not believed until it was ready for a whole window. */
function isTooYoung({ status }: Pod, { at, windowMs }: PodUsage, now: number): boolean {
  const condition = findCondition(status.conditions, 'Ready')
  if (!condition || status.startTime === undefined) return true
  const start = parseTime(status.startTime)
  const since = parseTime(condition.lastTransitionTime ?? status.startTime)
  if (start + initializationMs > now) return condition.status === 'False' || at < since + windowMs
  return condition.status === 'False' && start + readinessDelayMs > since
}

/** What every Pod asks for of the resource, in thousandths. */
function requestsOf({ pods, resource, container }: Question): Map<string, number> {
  const requests = new Map<string, number>()
  for (const { metadata, spec } of pods) {
    let total = 0
    const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
    for (const { name, resources } of [...spec.containers, ...sidecars]) {
      if (container !== undefined && container !== name) continue
      const request = resources.requests?.[resource]
      if (request === undefined) {
        throw new Error(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`)
      }
      total += milliValue(request)
    }
    requests.set(metadata.name, total)
  }
  return requests
}

function utilization(
  values: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, number>,
  target: number,
): { ratio: number; percent: number; average: number } {
  let used = 0
  let requested = 0
  let count = 0
  for (const [name, value] of values) {
    const request = requests.get(name)
    if (request === undefined) continue
    used += value
    requested += request
    count++
  }
  if (requested === 0) throw new Error('no metrics returned matched known pods')
  const percent = Math.trunc((used * 100) / requested)
  return { ratio: percent / target, percent, average: Math.trunc(used / count) }
}

/** From a ratio to a number, with the benefit of the doubt: what is not known is taken to speak against a change. */
function settle(
  { current, tolerances }: Question,
  { ready, unready, missing, measured }: Groups,
  ratio: number,
  ratioOf: (values: ReadonlyMap<string, number>) => number,
  usageOfMissing: (name: string) => number | undefined,
): number {
  const doubtsUnready = unready.length > 0 && ratio > 1
  if (!doubtsUnready && missing.length === 0) {
    return isWithin(tolerances, ratio) ? current : Math.ceil(ratio * ready)
  }
  const values = new Map(measured)
  for (const name of missing) {
    const usage = usageOfMissing(name)
    if (usage !== undefined) values.set(name, usage)
  }
  if (doubtsUnready) for (const name of unready) values.set(name, 0)
  const newRatio = ratioOf(values)
  if (isWithin(tolerances, newRatio) || (ratio < 1 && newRatio > 1) || (ratio > 1 && newRatio < 1)) return current
  const replicas = Math.ceil(newRatio * values.size)
  if ((newRatio < 1 && replicas > current) || (newRatio > 1 && replicas < current)) return current
  return replicas
}

function isWithin({ up, down }: Tolerances, ratio: number): boolean {
  return 1 - down <= ratio && ratio <= 1 + up
}

function sum(values: ReadonlyMap<string, number>): number {
  let total = 0
  for (const value of values.values()) total += value
  return total
}
