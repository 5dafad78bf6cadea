import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { NodeMetrics } from '../../api/metrics/nodemetrics.ts'
import { PodMetrics } from '../../api/metrics/podmetrics.ts'
import { getCached, listCached, listIndexed } from '../../client/informer.ts'
import { formatDuration } from '../../machinery/duration.ts'
import { matchesSelector, type Selector } from '../../machinery/labels.ts'
import type { ApiObject, ObjectMeta } from '../../machinery/object.ts'
import { formatQuantity, quantityOf } from '../../machinery/quantity.ts'
import { notFound } from '../../machinery/status.ts'
import { timestamp } from '../../machinery/time.ts'
import type { Informers } from '../../node/metrics/informers.ts'
import { type Storage, type Used, usedBetween } from './points.ts'

/** Who is asked: what was scraped, and which objects there are. */
export interface Known {
  readonly storage: Storage
  readonly informers: Informers
  readonly now: number
}

/** Which metrics are asked for. */
export interface MetricsQuery {
  readonly plural: 'nodes' | 'pods'
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly labels: Selector
}

/** The metrics of everything that a query means and of which enough is known: pkg/api/{node,pod}.go. */
export function listMetrics(known: Known, { plural, namespace, labels }: MetricsQuery): ApiObject[] {
  const { nodes, pods } = known.informers
  const found: (ApiObject | undefined)[] = []
  if (plural === 'nodes') {
    for (const node of listCached(nodes, Node)) if (isWanted(labels, node)) found.push(nodeMetrics(known, node))
  } else {
    const all = namespace === undefined ? listCached(pods, Pod) : listIndexed(pods, Pod, 'namespace', namespace)
    for (const pod of all) if (isWanted(labels, pod)) found.push(podMetrics(known, pod))
  }
  return found.flatMap(metrics => metrics ?? []).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** The metrics of one object. Throws NotFound, under upstream's names, when it is not there or nothing is known of it. */
export function getMetrics(known: Known, { plural, namespace = '', name = '' }: MetricsQuery): ApiObject {
  const { nodes, pods } = known.informers
  if (plural === 'nodes') {
    const node = getCached(nodes, Node, name)
    if (!node) throw notFound({ group: '', plural: 'node' }, name)
    const metrics = nodeMetrics(known, node)
    if (!metrics) throw notFound({ ...NodeMetrics, plural: 'nodemetrics' }, name)
    return metrics
  }
  const pod = getCached(pods, Pod, `${namespace}/${name}`)
  if (!pod) throw notFound(Pod, name)
  const metrics = podMetrics(known, pod)
  if (!metrics) throw notFound({ ...PodMetrics, plural: 'podmetrics' }, `${namespace}/${name}`)
  return metrics
}

function isWanted(labels: Selector, { metadata }: ApiObject): boolean {
  return labels.length === 0 || matchesSelector(labels, metadata.labels)
}

function keyOf({ metadata: { name, namespace = '' } }: ApiObject): string {
  return `${namespace}/${name}`
}

function nodeMetrics({ storage, now }: Known, { metadata }: Node): NodeMetrics | undefined {
  const last = storage.nodes.get(metadata.name)
  const before = storage.nodesBefore.get(metadata.name)
  const used = last && before && usedBetween(before, last)
  if (!used) return undefined
  const { apiVersion, kind } = NodeMetrics
  return { apiVersion, kind, metadata: metadataOf(metadata, now), ...timeOf(used), usage: usageOf(used) }
}

/** A Pod of which one container is not known yet is not told of at all. */
function podMetrics({ storage, now }: Known, { metadata }: Pod): PodMetrics | undefined {
  const key = `${metadata.namespace ?? ''}/${metadata.name}`
  const last = storage.pods.get(key)
  const before = storage.podsBefore.get(key)
  if (!last || !before) return undefined
  const containers: PodMetrics['containers'] = []
  let earliest: Used | undefined
  for (const [name, point] of last) {
    const old = before.get(name)
    if (!old) return undefined
    const used = usedBetween(old, point)
    if (!used) continue
    containers.push({ name, usage: usageOf(used) })
    if (!earliest || used.at < earliest.at) earliest = used
  }
  if (!earliest) return undefined
  const { apiVersion, kind } = PodMetrics
  return { apiVersion, kind, metadata: metadataOf(metadata, now), ...timeOf(earliest), containers }
}

/** What is measured was made this moment, as metrics-server says it. */
function metadataOf({ name, namespace, labels }: ObjectMeta, now: number): ObjectMeta {
  const place = namespace === undefined ? {} : { namespace }
  return { name, ...place, uid: '', resourceVersion: '', creationTimestamp: timestamp(now), ...(labels && { labels }) }
}

function timeOf({ at, windowMs }: Used): { timestamp: string; window: string } {
  return { timestamp: timestamp(at), window: formatDuration(windowMs) }
}

function usageOf({ nanoCores, memoryBytes }: Used): Record<string, string> {
  return {
    cpu: formatQuantity(quantityOf(nanoCores, 'DecimalSI', -9)),
    memory: formatQuantity(quantityOf(memoryBytes, 'BinarySI')),
  }
}
