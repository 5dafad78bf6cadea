import { docs } from '../../../api/docs.ts'
import type { CustomResourceDefinition } from '../../../api/generated/apiextensions.v1.ts'
import { revisionOf } from '../../etcd/store.ts'
import { definitionsIn, definitionsPrefix } from '../custom/definitions.ts'
import { groupsOf } from '../http/discovery.ts'
import type { Resource } from '../resources.ts'
import type { Server } from '../server-context.ts'
import type { Sources } from './components.ts'

/** A group's version as OpenAPI documents describe it. */
export interface GroupVersion {
  readonly group: string
  readonly version: string
  readonly resources: readonly Resource[]
  /** What it is made of, as a text that changes with it: built-in kinds never do. */
  readonly stamp: string
}

/** Every group's version that is served, by its name in the index: `api/v1`, `apis/apps/v1`. */
export function groupVersionsOf(server: Server): Map<string, GroupVersion> {
  const found = new Map<string, GroupVersion>()
  const revision = revisionOf(server.options.etcd(), definitionsPrefix)
  for (const { name: group, versions } of groupsOf(server)) {
    for (const { version, resources } of versions) {
      const isDefined = resources.some(({ kind }) => kind.structural !== undefined)
      const stamp = isDefined ? String(revision) : ''
      found.set(group === '' ? `api/${version}` : `apis/${group}/${version}`, { group, version, resources, stamp })
    }
  }
  return found
}

/** What the schemas of a server's kinds are made of. */
export function sourcesOf(server: Server): Sources {
  let definitions: readonly CustomResourceDefinition[] | undefined
  return {
    schema: server.options.schema,
    docs,
    get definitions() {
      return (definitions ??= definitionsIn(server.options.etcd()))
    },
  }
}
