import { type FieldSelector, requiredValue } from '../../../machinery/fields.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { fieldsOf, textOf } from '../record.ts'
import type { ApiServerState, Watch } from '../state.ts'

/**
 * Where a watcher waits, so that a write meets only those who may want it (storage/cacher: IndexerFuncs and scopes). A
 * kubelet's watch of its own Pods waits at `node/w1-k8s`, a watch of one object at `name/default/web`.
 */
export function placeOf(resource: string, namespace: string | undefined, fields: FieldSelector): string {
  const node = resource === 'pods' ? requiredValue(fields, 'spec.nodeName') : undefined
  if (node !== undefined) return `node/${node}`
  const name = requiredValue(fields, 'metadata.name')
  if (name !== undefined) return `name/${namespace ?? ''}/${name}`
  return namespace === undefined ? 'all' : `namespace/${namespace}`
}

export function addInterest({ interest }: ApiServerState, { resource, place, id }: Watch): void {
  let places = interest.get(resource)
  if (!places) interest.set(resource, (places = new Map()))
  const waiting = places.get(place)
  if (waiting) waiting.add(id)
  else places.set(place, new Set([id]))
}

export function dropInterest({ interest }: ApiServerState, { resource, place, id }: Watch): void {
  const places = interest.get(resource)
  const waiting = places?.get(place)
  waiting?.delete(id)
  if (waiting?.size === 0) places?.delete(place)
}

/** Calls back with every watcher that may want a change of an object. */
export function forInterested(
  { interest }: ApiServerState,
  resource: string,
  previous: ApiObject | undefined,
  current: ApiObject | undefined,
  tell: (watchId: number) => void,
): void {
  const places = interest.get(resource)
  const object = current ?? previous
  if (!places || places.size === 0 || !object) return
  const { name, namespace } = object.metadata
  const at = (place: string): void => places.get(place)?.forEach(tell)
  at('all')
  if (namespace !== undefined) {
    at(`namespace/${namespace}`)
    at(`name/${namespace}/${name}`)
  }
  at(`name//${name}`)
  if (resource !== 'pods') return
  const before = nodeOf(previous)
  const now = nodeOf(current)
  if (previous) at(`node/${before}`)
  if (current && (!previous || now !== before)) at(`node/${now}`)
}

function nodeOf(pod: ApiObject | undefined): string {
  return pod ? textOf(fieldsOf(fieldsOf(pod).spec).nodeName) : ''
}
