import { structDump } from '../../machinery/go-dump.ts'
import { fnv32, fnv32a, fnv32aOfCount, safeEncode } from '../../machinery/go-hash.ts'
import { goJsonSorted } from '../../machinery/go-text.ts'
import type { JsonObject } from '../../machinery/json-value.ts'
import { podTemplateStructs } from './podtemplate-structs.ts'

/**
 * The hashes in the names of ReplicaSets, DaemonSet revisions and StatefulSet revisions, to the letter:
 * kubernetes/pkg/controller/controller_utils.go (ComputeHash) and pkg/controller/history/controller_history.go.
 */

const dump = structDump(podTemplateStructs, 'PodTemplateSpec')

/** Templates are frozen and shared by revisions, so each is hashed once. */
const hashes = new WeakMap<object, number>()

/** `pod-template-hash` of a Deployment's template, and `controller-revision-hash` of a DaemonSet's. */
export function podTemplateHash(template: object, collisionCount?: number): string {
  let hash = hashes.get(template)
  if (hash === undefined) {
    hash = fnv32a(dump(template))
    if (Object.isFrozen(template)) hashes.set(template, hash)
  }
  return safeEncode(collisionCount === undefined ? hash : fnv32aOfCount(collisionCount, hash))
}

/** The data of a ControllerRevision: a patch that puts the template back. */
export function revisionData(template: object): JsonObject {
  return { spec: { template: { ...template, $patch: 'replace' } } }
}

/** The hash of a ControllerRevision of a StatefulSet; its collision count is 0 where the status has none. */
export function revisionHash(data: JsonObject, collisionCount = 0): string {
  return safeEncode(fnv32(String(collisionCount), fnv32(goJsonSorted(data))))
}
