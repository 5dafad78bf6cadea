import type { JsonObject } from '../../../machinery/json-value.ts'
import { at, items, objectsAt, textAt, textOf, textsAt } from '../unstructured.ts'

/** A resource as the server tells of it. */
export interface Resource {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: readonly string[]
  /** Whether this version is the one its group prefers for this resource. */
  readonly preferred: boolean
}

const aggregated = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',')

/** What reads documents of the server: a RestClient. */
interface Reader {
  get(path: string, options: { readonly accept: string }): JsonObject
}

/** All that the server has, groups in the order of their priorities (client-go/discovery/aggregated_discovery.go). */
export function discover(client: Reader): readonly Resource[] {
  return ['/api', '/apis'].flatMap(path => {
    const document = client.get(path, { accept: aggregated })
    return objectsAt(document, 'items').flatMap(resourcesOfGroup)
  })
}

/** The versions that the server has: `apps/v1`. */
export function groupVersions(client: Reader): readonly string[] {
  return ['/api', '/apis'].flatMap(path =>
    objectsAt(client.get(path, { accept: aggregated }), 'items').flatMap(item => {
      const group = textAt(item, 'metadata', 'name')
      return objectsAt(item, 'versions').map(entry => groupVersionOf(group, textAt(entry, 'version')))
    }),
  )
}

export function groupVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

function resourcesOfGroup(item: JsonObject): Resource[] {
  const group = textAt(item, 'metadata', 'name')
  const seen = new Set<string>()
  return objectsAt(item, 'versions').flatMap(entry => {
    const version = textAt(entry, 'version')
    const found = objectsAt(entry, 'resources').map(resource => {
      const plural = textAt(resource, 'resource')
      return {
        group,
        version,
        kind: textAt(resource, 'responseKind', 'kind'),
        plural,
        singular: textAt(resource, 'singularResource') || textAt(resource, 'responseKind', 'kind').toLowerCase(),
        shortNames: textsAt(resource, 'shortNames'),
        categories: textsAt(resource, 'categories'),
        namespaced: at(resource, 'scope') === 'Namespaced',
        verbs: textsAt(resource, 'verbs'),
        subresources: items(at(resource, 'subresources')).map(sub => textOf(at(sub, 'subresource'))),
        preferred: !seen.has(plural),
      }
    })
    for (const { plural } of found) seen.add(plural)
    return found
  })
}

/** `deployments.apps`; `pods`. */
export function qualifiedName({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** `deployment.apps`: what `kubectl get -o name` writes before the slash. */
export function kindName({ kind, group }: Resource): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
}
