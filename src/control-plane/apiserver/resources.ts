import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'

/** A kind as it is served: one version of a resource, and how it is kept in etcd. */
export interface Resource {
  readonly kind: Kind
  /** `pods` or `deployments.apps`: in the trace, and the name of the resource's watchers. */
  readonly name: string
  /** Where its objects are in etcd: `/registry/pods/`. */
  readonly prefix: string
  /** The kind that is stored, when it is another version of the resource. */
  readonly conversion?: Conversion
  readonly verbs: ReadonlySet<string>
  /** Another API server has it (aggregation/). */
  readonly isAggregated?: boolean
  readonly subresources: ReadonlySet<string>
}

/** How one version of a resource becomes the stored one and comes back. */
export interface Conversion {
  /** `events.k8s.io/v1/events`. */
  readonly resource: string
  /** `v1/events`. */
  readonly storedAs: string
  toStored(object: ApiObject): ApiObject
  fromStored(object: ApiObject): ApiObject
}

/** Resources whose place in etcd is not their plural (kubeapiserver/default_storage_factory_builder.go). */
const prefixes: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'events.events.k8s.io': 'events',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
}

/** Resources that are defined while the server runs. */
export interface DefinedResources {
  all(): readonly Resource[]
  /** By `shop.example.com/v1/widgets`. */
  find(path: string): Resource | undefined
  atKey(key: string): readonly Resource[]
}

const allVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']

const none: DefinedResources = { all: () => [], find: () => undefined, atKey: () => [] }

const root = '/registry/'

/** The kinds that a server serves, by `group/version/plural`: those that are built in and those that are defined. */
export class ResourceTable {
  private readonly byPath = new Map<string, Resource>()
  private readonly byPlural = new Map<string, Resource[]>()
  private readonly byKindName = new Map<string, Resource>()
  private readonly byPrefix = new Map<string, Resource[]>()

  constructor(
    kinds: readonly Kind[],
    conversions: readonly Conversion[],
    private readonly defined: DefinedResources = none,
  ) {
    for (const kind of kinds) this.add(kind, conversions)
  }

  /** Resources in the order of the registry, defined ones last. */
  all(): IterableIterator<Resource> {
    return [...this.byPath.values(), ...this.defined.all()].values()
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    // Asked several times for every request: no names are put together for what is built in.
    for (const found of this.byPlural.get(plural) ?? []) {
      if (found.kind.version === version && found.kind.group === group) return found
    }
    return this.defined.find(group ? `${group}/${version}/${plural}` : `${version}/${plural}`)
  }

  /** By `apps/v1` and `Deployment`. */
  findKind(apiVersion: string, kind: string): Resource | undefined {
    const builtIn = this.byKindName.get(`${apiVersion}/${kind}`)
    return builtIn ?? this.defined.all().find(each => each.kind.kind === kind && each.kind.apiVersion === apiVersion)
  }

  hasGroup(group: string): boolean {
    for (const { kind } of this.all()) if (kind.group === group) return true
    return false
  }

  hasVersion(group: string, version: string): boolean {
    for (const { kind } of this.all()) if (kind.group === group && kind.version === version) return true
    return false
  }

  /** The versions of the resource that is kept under an etcd key. */
  atKey(key: string): readonly Resource[] {
    for (let end = key.indexOf('/', root.length); end > 0; end = key.indexOf('/', end + 1)) {
      const found = this.byPrefix.get(key.slice(0, end + 1))
      if (found) return found
    }
    return this.defined.atKey(key)
  }

  private add(kind: Kind, conversions: readonly Conversion[]): void {
    const path = `${kind.apiVersion}/${kind.plural}`
    if (this.byPath.has(path)) throw new Error(`kind ${path} was given twice`)
    const conversion = conversions.find(({ resource }) => resource === path)
    const prefix = `${root}${prefixes[kind.resource] ?? kind.plural}/`
    const resource = resourceOf(kind, prefix, conversion)
    this.byPath.set(path, resource)
    this.byPlural.set(kind.plural, [...(this.byPlural.get(kind.plural) ?? []), resource])
    this.byKindName.set(`${kind.apiVersion}/${kind.kind}`, resource)
    const versions = this.byPrefix.get(prefix)
    if (versions) versions.push(resource)
    else this.byPrefix.set(prefix, [resource])
  }
}

/** A kind as it is served. */
export function resourceOf(kind: Kind, prefix: string, conversion?: Conversion): Resource {
  return {
    kind,
    name: kind.resource,
    prefix,
    ...(conversion && { conversion }),
    verbs: new Set(kind.verbs ?? allVerbs),
    subresources: new Set(kind.subresources),
  }
}

/** The etcd key of an object: `/registry/pods/default/web`. */
export function keyFor({ prefix }: Resource, namespace: string | undefined, name: string): string {
  return namespace ? `${prefix}${namespace}/${name}` : prefix + name
}
