import { Pod } from '../api/core/pod.ts'
import { kinds } from '../api/index.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { isEvidence, nodeVerdicts } from '../machinery/evidence.ts'
import { type ApiObject, controllerOf } from '../machinery/object.ts'
import type { PlacementAnswer, StoryAnswer } from '../protocol/messages.ts'
import { type Hero, storyOf } from '../scene/story/story.ts'

/** What happened to an object, out of the trace. */
export function storyAnswer({ simulation }: Cluster, hero: Hero): StoryAnswer {
  const entries = simulation.trace.since(0)
  const [oldest] = entries
  return { steps: storyOf(entries, hero), ...(oldest && oldest.seq > 0 && { begins: oldest.at }) }
}

/** How the scheduler judged the nodes when it looked at the Pod last. */
export function placementAnswer(
  { api, simulation }: Cluster,
  namespace: string,
  name: string,
): PlacementAnswer | undefined {
  const pod = api.find(Pod, name, namespace)
  const { trace } = simulation
  const entry = trace.newest(each => isEvidence(each, 'scheduling') && each.data.pod.uid === pod?.metadata.uid)
  if (!entry || !isEvidence(entry, 'scheduling')) return undefined
  const { node } = entry.data
  const verdicts = nodeVerdicts(entry.data).sort((a, b) => (b.total ?? 0) - (a.total ?? 0))
  return { at: entry.at, verdicts, ...(node !== undefined && { node }) }
}

/** Whose story it is: the object with the owners that it came from. Undefined when it is not there. */
export function heroOf(
  cluster: Cluster,
  resource: string,
  namespace: string | undefined,
  name: string,
): Hero | undefined {
  const kind = kinds.find(each => each.resource === resource)
  const object = kind && cluster.api.find(kind, name, kind.namespaced ? namespace : undefined)
  if (!object) return undefined
  const owners: string[] = []
  for (let owner = ownerOf(cluster, object); owner; owner = ownerOf(cluster, owner)) owners.unshift(owner.metadata.uid)
  const own = object.metadata
  return {
    resource,
    ...(own.namespace !== undefined && { namespace: own.namespace }),
    name,
    uid: own.uid,
    owners,
  }
}

function ownerOf({ api }: Cluster, object: ApiObject): ApiObject | undefined {
  const reference = controllerOf(object)
  const kind = reference && kinds.find(each => each.kind === reference.kind && each.apiVersion === reference.apiVersion)
  const owner = kind && api.find(kind, reference.name, kind.namespaced ? object.metadata.namespace : undefined)
  return owner?.metadata.uid === reference?.uid ? owner : undefined
}
