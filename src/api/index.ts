import { assert } from '../machinery/assert.ts'
import type { Kind } from '../machinery/kind.ts'
import { Deployment } from './apps/deployment.ts'
import { ReplicaSet } from './apps/replicaset.ts'
import { Lease } from './coordination/lease.ts'
import { ConfigMap } from './core/configmap.ts'
import { Endpoints } from './core/endpoints.ts'
import { Event } from './core/event.ts'
import { Namespace } from './core/namespace.ts'
import { Node } from './core/node.ts'
import { Pod } from './core/pod.ts'
import { PodTemplate } from './core/podtemplate.ts'
import { Secret } from './core/secret.ts'
import { Service } from './core/service.ts'
import { ServiceAccount } from './core/serviceaccount.ts'
import { EndpointSlice } from './discovery/endpointslice.ts'
import { EventV1 } from './events/event.ts'

/** Every kind the API server serves, one line each. The page and the discovery documents follow this order. */
export const kinds: readonly Kind[] = [
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Deployment,
  Service,
  Endpoints,
  EndpointSlice,
  ConfigMap,
  Secret,
  ServiceAccount,
  Event,
  EventV1,
  Lease,
  PodTemplate,
]

const byResource = indexed(({ group, version, plural }) => `${group}/${version}/${plural}`)
const byGvk = indexed(({ group, version, kind }) => `${group}/${version}/${kind}`)

/** The kind behind a path of the API: `apps`, `v1`, `deployments`. */
export function kindFor(group: string, version: string, plural: string): Kind | undefined {
  return byResource.get(`${group}/${version}/${plural}`)
}

/** The kind that an object says it is. */
export function kindByGvk(group: string, version: string, kind: string): Kind | undefined {
  return byGvk.get(`${group}/${version}/${kind}`)
}

/** The kind of an object by its `apiVersion` and `kind`. */
export function kindOf({ apiVersion, kind }: { apiVersion: string; kind: string }): Kind | undefined {
  const slash = apiVersion.indexOf('/')
  return kindByGvk(apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1), kind)
}

function indexed(keyOf: (kind: Kind) => string): ReadonlyMap<string, Kind> {
  const index = new Map<string, Kind>()
  for (const kind of kinds) {
    const key = keyOf(kind)
    assert(!index.has(key), `${key} is registered once`)
    index.set(key, kind)
  }
  return index
}
