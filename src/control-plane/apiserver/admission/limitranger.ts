import type { Container, LimitRange, LimitRangeItem, Pod } from '../../../api/generated/core.v1.ts'
import { podLimits, podRequests } from '../../../api/core/resources.ts'
import { aggregateTexts } from '../../../machinery/fieldpath.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { forbidden } from '../../../machinery/status.ts'
import { limitRanges, persistentVolumeClaims, pods } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'
import { type Amounts, type LimitType, maximum, minimum, ratio } from './limit-constraints.ts'

const annotation = 'kubernetes.io/limit-ranger'

/** Fills in and checks requests and limits by the LimitRanges of the namespace (plugin/pkg/admission/limitranger). */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'persistentvolumeclaims'],

  mutate(pod, attributes) {
    if (attributes.operation !== 'CREATE' || !isOf(pods, pod)) return
    for (const range of rangesFor(attributes)) fillIn(pod, range)
  },

  validate(object, attributes) {
    const { kind, name, operation, old } = attributes
    // What is being deleted may go as it is.
    if (old?.metadata.deletionTimestamp !== undefined) return
    // What a Pod asks for cannot be changed by an update.
    if (!object || (operation === 'UPDATE' && kind.resource === 'pods')) return
    for (const range of rangesFor(attributes)) {
      const errors = range.spec.limits.flatMap(item => violations(object, item))
      if (errors.length > 0) throw forbidden(kind, name, aggregateTexts(errors))
    }
  },
}

function rangesFor({ namespace, list }: Attributes): LimitRange[] {
  return namespace === undefined ? [] : list(limitRanges, namespace)
}

function fillIn({ metadata, spec }: Pod, range: LimitRange): void {
  const requests: Record<string, string> = {}
  const limits: Record<string, string> = {}
  for (const { type, defaultRequest, default: defaultLimit } of range.spec.limits) {
    if (type !== 'Container') continue
    Object.assign(requests, defaultRequest)
    Object.assign(limits, defaultLimit)
  }
  const notes = [
    ...spec.containers.flatMap(container => complete(container, 'container', requests, limits)),
    ...(spec.initContainers ?? []).flatMap(container => complete(container, 'init container', requests, limits)),
  ]
  if (notes.length === 0) return
  metadata.annotations = { ...metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` }
}

type Written = Record<string, string>

/** Sets what a container leaves out and says what that was. */
function complete(container: Container, what: string, requests: Written, limits: Written): string[] {
  const notes: string[] = []
  const { resources } = container
  const fill = (field: 'requests' | 'limits', defaults: Written, word: string): void => {
    const missing = Object.keys(defaults)
      .filter(name => resources[field]?.[name] === undefined)
      .sort()
    if (missing.length === 0) return
    resources[field] = { ...resources[field], ...Object.fromEntries(missing.map(name => [name, defaults[name] ?? ''])) }
    notes.push(`${missing.join(', ')} ${word} for ${what} ${container.name}`)
  }
  fill('requests', requests, 'request')
  fill('limits', limits, 'limit')
  return notes
}

function violations(object: ApiObject, item: LimitRangeItem): string[] {
  if (isOf(persistentVolumeClaims, object)) {
    if (item.type !== 'PersistentVolumeClaim') return []
    const { requests } = object.spec.resources
    return check('PersistentVolumeClaim', item, requests ?? {}, undefined)
  }
  if (!isOf(pods, object)) return []
  const { spec } = object
  if (item.type === 'Pod') return check('Pod', item, podRequests({ spec }), podLimits({ spec }))
  if (item.type !== 'Container') return []
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) => {
    return check('Container', item, resources.requests ?? {}, resources.limits ?? {})
  })
}

/** `limits` is undefined for what has requests only. */
function check(type: LimitType, item: LimitRangeItem, requests: Amounts, limits: Amounts | undefined): string[] {
  const each = (amounts: Amounts | undefined, test: (name: string, amount: string) => string | undefined): string[] =>
    Object.keys(amounts ?? {})
      .sort()
      .flatMap(name => test(name, String(amounts?.[name])) ?? [])
  return [
    ...each(item.min, (name, amount) => minimum(type, name, amount, requests, limits)),
    ...each(item.max, (name, amount) => maximum(type, name, amount, requests, limits)),
    ...each(item.maxLimitRequestRatio, (name, amount) => ratio(type, name, amount, requests, limits ?? {})),
  ]
}
