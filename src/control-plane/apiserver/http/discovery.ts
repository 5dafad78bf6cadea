import { compareVersions } from '../../../machinery/version-priority.ts'
import type { Resource } from '../resources.ts'
import type { Server } from '../server-context.ts'
import { special } from './discovery-facts.ts'
import { wantsAggregated } from './negotiate.ts'

export interface Discovery {
  readonly document: unknown
  readonly contentType?: string
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Discovery documents, both forms, from the kinds that are served (endpoints/discovery). */
export function discoveryAt(
  server: Server,
  parts: readonly string[],
  accept: string | undefined,
): Discovery | undefined {
  const [root, first, second, ...more] = parts
  if (more.length > 0) return undefined
  const groups = groupsOf(server)
  if (root === 'api') {
    const core = groups.find(({ name }) => name === '')
    if (first === undefined) {
      return wantsAggregated(accept) ? aggregated(core ? [core] : []) : { document: apiVersions }
    }
    return second === undefined && first === 'v1' && core ? resourceList(core, 'v1') : undefined
  }
  if (root !== 'apis') return undefined
  const named = groups.filter(({ name }) => name !== '')
  if (first === undefined) {
    if (wantsAggregated(accept)) return aggregated(named)
    return { document: { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(legacyGroup) } }
  }
  const group = named.find(({ name }) => name === first)
  if (!group) return undefined
  if (second === undefined) return { document: { kind: 'APIGroup', apiVersion: 'v1', ...legacyGroup(group) } }
  return group.versions.some(({ version }) => version === second) ? resourceList(group, second) : undefined
}

const apiVersions = {
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '192.168.1.10:6443' }],
}

export interface Group {
  readonly name: string
  readonly versions: readonly { readonly version: string; readonly resources: readonly Resource[] }[]
}

/** Groups in the order of their priorities, versions with the preferred one first, resources by name. */
export function groupsOf({ resources }: Server): Group[] {
  const groups = new Map<string, Map<string, Resource[]>>()
  for (const resource of resources.all()) {
    const { group, version } = resource.kind
    const versions = groups.get(group) ?? new Map<string, Resource[]>()
    groups.set(group, versions)
    versions.set(version, [...(versions.get(version) ?? []), resource])
  }
  const place = (name: string): number => (special.groupOrder.includes(name) ? special.groupOrder.indexOf(name) : 1000)
  return [...groups]
    .sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
    .map(([name, versions]) => ({
      name,
      versions: [...versions]
        .sort(([a], [b]) => compareVersions(a, b))
        .map(([version, found]) => ({
          version,
          resources: [...found].sort((a, b) => (a.kind.plural < b.kind.plural ? -1 : 1)),
        })),
    }))
}

function legacyGroup({ name, versions }: Group): object {
  const list = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: list, preferredVersion: list[0] }
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** A subresource as discovery tells of it. */
export interface Sub {
  readonly name: string
  readonly verbs: readonly string[]
  readonly kind: string
  readonly group?: string
  readonly version?: string
}

export function subresourcesOf({ kind, name, subresources }: Resource): Sub[] {
  // Those of custom resources come in the order in which upstream asks for them.
  const ordered = kind.structural ? [...subresources] : [...subresources].sort()
  return ordered.map(sub => {
    const known = special.subresources[`${name}/${sub}`] ?? special.subresources[sub]
    return { name: sub, verbs: known?.verbs ?? ['get', 'patch', 'update'], kind: kind.kind, ...known?.of }
  })
}

export function verbsOf({ kind }: Resource): readonly string[] {
  return kind.discoveryVerbs ?? [...(kind.verbs ?? allVerbs)].sort()
}

function resourceList({ name, versions }: Group, version: string): Discovery {
  const groupVersion = name ? `${name}/${version}` : version
  const resources = (versions.find(found => found.version === version)?.resources ?? []).flatMap(resource => {
    const { kind } = resource
    const { plural, singular, namespaced, shortNames, categories } = kind
    const hash = kind.storageVersionHash ?? special.storageVersionHashes[groupVersion]?.[plural]
    const own = {
      name: plural,
      singularName: singular,
      namespaced,
      kind: kind.kind,
      verbs: verbsOf(resource),
      ...(shortNames && { shortNames }),
      ...(categories && { categories }),
      ...(hash !== undefined && { storageVersionHash: hash }),
    }
    const subs = subresourcesOf(resource).map(sub => ({
      name: `${plural}/${sub.name}`,
      singularName: '',
      namespaced,
      ...(sub.group !== undefined && { group: sub.group, version: sub.version }),
      kind: sub.kind,
      verbs: sub.verbs,
    }))
    return [own, ...subs]
  })
  return { document: { kind: 'APIResourceList', ...(name && { apiVersion: 'v1' }), groupVersion, resources } }
}

function aggregated(groups: readonly Group[]): Discovery {
  const items = groups.map(({ name, versions }) => ({
    metadata: name ? { name } : {},
    versions: versions.map(({ version, resources }) => ({
      version,
      resources: resources.map(aggregatedResource),
      freshness: 'Current',
    })),
  }))
  return {
    document: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items },
    contentType: aggregatedType,
  }
}

function aggregatedResource(resource: Resource): object {
  const { kind } = resource
  const { plural, singular, namespaced, shortNames, categories } = kind
  const subresources = subresourcesOf(resource).map(({ name, verbs, kind: of, group = '', version = '' }) => ({
    subresource: name,
    responseKind: { group, version, kind: of },
    verbs,
  }))
  return {
    resource: plural,
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(resource),
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(subresources.length > 0 && { subresources }),
  }
}
