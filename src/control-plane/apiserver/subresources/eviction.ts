import type { Pod } from '../../../api/generated/core.v1.ts'
import type { PodDisruptionBudget } from '../../../api/generated/policy.v1.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import { matches } from '../../../machinery/labels.ts'
import { deepFreeze } from '../../../machinery/object.ts'
import type { RequestOptions } from '../../../machinery/rest.ts'
import { ApiError, badRequest, notFound } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { get, type KeyValue, range } from '../../etcd/store.ts'
import { attributesOf, validate } from '../admission/admit.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { podDisruptionBudgets, pods } from '../known.ts'
import { statusByServer } from '../managed-fields/note.ts'
import { isOf, requestObject } from '../objects.ts'
import { remove } from '../registry/delete.ts'
import { store } from '../registry/store-object.ts'
import { fieldsOf, isFields, textOf } from '../record.ts'
import { keyFor } from '../resources.ts'

const refused = "Cannot evict pod as it would violate the pod's disruption budget."

/** `pods/eviction`: a deletion that asks the disruption budgets first (core/pod/storage/eviction.go). */
export function evictPod(call: Call): Answer {
  const { resource, namespace, etcd, request } = call
  const name = nameOf(call)
  const { metadata, deleteOptions } = fieldsOf(request.body)
  const inBody = textOf(fieldsOf(metadata).name)
  if (inBody !== name) throw badRequest('name in URL does not match name in Eviction object')
  const entry = get(etcd, keyFor(resource, namespace, name))
  const pod = entry?.value
  if (!entry || !isOf(pods, pod)) throw notFound(resource.kind, name)
  validate(call, requestObject(request.body), attributesOf(call, 'CREATE', name, undefined))
  if (!canIgnoreBudgets(pod)) takeFromBudget(call, pod)
  if (!call.options.dryRun) sayWhy(call, pod, entry)
  const options = { ...call.options, ...(isFields(deleteOptions) && graceIn(deleteOptions)) }
  remove({ ...call, options })
  return {
    code: 201,
    body: deepFreeze({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }),
  }
}

/** Who finds the Pod on its way out can tell that it was evicted: addConditionAndDeletePod. */
function sayWhy(call: Call, pod: Pod, entry: KeyValue): void {
  const { status, metadata } = pod
  const others = status.conditions?.filter(({ type }) => type !== 'DisruptionTarget') ?? []
  const known = findCondition(status.conditions, 'DisruptionTarget')
  const now = timestamp(call.self.now)
  const condition = {
    type: 'DisruptionTarget',
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: known?.status === 'True' ? known.lastTransitionTime : now,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  }
  const marked = { ...pod, status: { ...status, conditions: [...others, condition] } }
  store(call, entry.key, call.server.decoder.settle(call.resource.kind, marked, pod), entry)
}

function graceIn({ gracePeriodSeconds }: Record<string, unknown>): RequestOptions {
  return typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}
}

function canIgnoreBudgets({ metadata, status: { phase } }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || metadata.deletionTimestamp !== undefined
}

function takeFromBudget(call: Call, pod: Pod): void {
  const budgets = budgetsFor(call, pod)
  const [first] = budgets
  if (!first) return
  if (budgets.length > 1) {
    const text = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'
    throw new ApiError('', text)
  }
  const { entry, budget } = first
  const { spec, status } = budget
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = status
  const isReady = pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  const alwaysAllow = spec.unhealthyPodEvictionPolicy === 'AlwaysAllow'
  if (!isReady && (alwaysAllow || (currentHealthy >= desiredHealthy && desiredHealthy > 0))) return
  if ((status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    throw tooMany(`The disruption budget ${budget.metadata.name} is still being processed by the server.`, 10)
  }
  if (disruptionsAllowed <= 0) {
    const needs = `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
    throw tooMany(`The disruption budget ${budget.metadata.name} ${needs}`)
  }
  if (call.options.dryRun) return
  const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: timestamp(call.self.now) }
  const { disruptionsAllowed: _, ...others } = status
  const left = disruptionsAllowed - 1
  const next = { ...others, disruptedPods, disruptionsAllowed: left }
  const place = call.server.resources.find('policy', 'v1', 'poddisruptionbudgets')
  const draft = { ...budget, metadata: { ...budget.metadata }, status: next }
  if (place) store({ ...call, resource: place, note: statusByServer }, entry.key, draft, entry)
}

function budgetsFor({ server, etcd, namespace }: Call, pod: Pod): { entry: KeyValue; budget: PodDisruptionBudget }[] {
  const place = server.resources.find('policy', 'v1', 'poddisruptionbudgets')
  if (!place) return []
  return range(etcd, `${place.prefix}${namespace ?? ''}/`).flatMap(entry => {
    const { value } = entry
    if (!isOf(podDisruptionBudgets, value) || !matches(value.spec.selector, pod.metadata.labels)) return []
    return [{ entry, budget: value }]
  })
}

function tooMany(message: string, retryAfterSeconds?: number): ApiError {
  const causes = [{ reason: 'DisruptionBudget', message }]
  return new ApiError('TooManyRequests', refused, { causes, ...(retryAfterSeconds && { retryAfterSeconds }) })
}
