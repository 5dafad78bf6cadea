import { stringify } from 'yaml'
import { Event } from '../api/core/event.ts'
import { kinds } from '../api/index.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { type EvidenceEntry, isEvidence } from '../machinery/evidence.ts'
import type { Kind } from '../machinery/kind.ts'
import type { ApiObject } from '../machinery/object.ts'
import { parseTime } from '../machinery/time.ts'
import type { WhyAnswer } from '../protocol/messages.ts'
import type { Explanation, Fix } from '../scene/why/explanation.ts'
import { explainers, whyAny } from '../scene/why/index.ts'
import type { World } from '../scene/why/world.ts'
import { diffText } from './apply.ts'

/** Why an object is as it is, and what certainly mends it. Undefined when there is no such object. */
export function whyAnswer(
  cluster: Cluster,
  resource: string,
  namespace: string | undefined,
  name: string,
): WhyAnswer[] | undefined {
  const world = worldOf(cluster)
  const own = explainers.find(({ kind }) => kind.resource === resource)
  const found = own ? own.explain(world, name, namespace) : anything(world, resource, namespace, name)
  return found.length === 0 ? undefined : found.map(explanation => answerFor(cluster, explanation))
}

function anything(world: World, resource: string, namespace: string | undefined, name: string): readonly Explanation[] {
  const kind = kinds.find(each => each.resource === resource)
  const object = kind && world.find(kind, name, kind.namespaced ? namespace : undefined)
  return object ? whyAny(object, world) : []
}

function answerFor(cluster: Cluster, { fix, ...explanation }: Explanation): WhyAnswer {
  return fix ? { ...explanation, fix: fixFor(cluster, fix) } : explanation
}

function fixFor(cluster: Cluster, { text, command, object }: Fix): NonNullable<WhyAnswer['fix']> {
  if (!object) return { text, command }
  const { apiVersion, kind, metadata, ...rest } = object
  const { status: _, ...content }: Record<string, unknown> = rest
  const { name, namespace } = metadata
  const yaml = stringify({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) }, ...content })
  return { text, command, yaml, diff: diffText(cluster, yaml).text }
}

function worldOf({ api, simulation }: Cluster): World {
  let events: Map<string, Event[]> | undefined
  const list = <T extends ApiObject>(kind: Kind<T>, namespace?: string): T[] => api.list(kind, namespace)
  return {
    now: simulation.now,
    find: (kind, name, namespace) => api.find(kind, name, kind.namespaced ? namespace : undefined),
    list,
    events({ kind, metadata: { uid, name } }) {
      events ??= byObject(list(Event))
      const own = events.get(uid) ?? []
      // The kubelet takes a node's name for its uid.
      return kind === 'Node' ? [...own, ...(events.get(name) ?? [])] : own
    },
    latest: (type, passes) => {
      let found: EvidenceEntry<typeof type> | undefined
      simulation.trace.newest(entry => {
        if (!isEvidence(entry, type) || !passes(entry.data)) return false
        found = entry
        return true
      })
      return found
    },
  }
}

function byObject(events: readonly Event[]): Map<string, Event[]> {
  const found = new Map<string, Event[]>()
  for (const event of [...events].sort((a, b) => lastOf(a) - lastOf(b))) {
    const uid = event.involvedObject.uid ?? ''
    const own = found.get(uid)
    if (own) own.push(event)
    else found.set(uid, [event])
  }
  return found
}

function lastOf({ lastTimestamp, eventTime, series, metadata }: Event): number {
  return parseTime(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp)
}
