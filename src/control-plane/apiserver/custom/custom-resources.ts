import type { CustomResourceDefinition } from '../../../api/generated/apiextensions.v1.ts'
import type { Schema } from '../../../machinery/schema.ts'
import { type EtcdState, revisionOf } from '../../etcd/store.ts'
import { type Resource, resourceOf } from '../resources.ts'
import { customConversion, customKind } from './custom-kind.ts'
import { definitionsIn, definitionsPrefix, instancesPrefix, isServed, storageVersion } from './definitions.ts'

/**
 * The resources that CustomResourceDefinitions define. What they are is in etcd and nowhere else; this only remembers what
 * was made of it, until a definition changes.
 */
export class CustomResources {
  private readonly made = new WeakMap<CustomResourceDefinition, readonly Resource[]>()
  private at: { readonly etcd: EtcdState; readonly revision: number } | undefined
  private resources: readonly Resource[] = []
  private byPath = new Map<string, Resource>()

  constructor(
    private readonly schema: Schema,
    private readonly etcd: () => EtcdState,
  ) {}

  all(): readonly Resource[] {
    this.refresh()
    return this.resources
  }

  /** By `shop.example.com/v1/widgets`. */
  find(path: string): Resource | undefined {
    this.refresh()
    return this.byPath.get(path)
  }

  /** The versions of the resource of which an object is under the key. */
  atKey(key: string): readonly Resource[] {
    this.refresh()
    return this.resources.filter(({ prefix }) => key.startsWith(prefix))
  }

  private refresh(): void {
    const etcd = this.etcd()
    const revision = revisionOf(etcd, definitionsPrefix)
    if (this.at?.etcd === etcd && this.at.revision === revision) return
    this.at = { etcd, revision }
    this.resources = definitionsIn(etcd).flatMap(definition =>
      isServed(definition) ? (this.made.get(definition) ?? this.make(definition)) : [],
    )
    this.byPath = new Map(
      this.resources.map(resource => [`${resource.kind.apiVersion}/${resource.kind.plural}`, resource]),
    )
  }

  private make(definition: CustomResourceDefinition): readonly Resource[] {
    const storage = storageVersion(definition)
    const prefix = instancesPrefix(definition)
    const made = definition.spec.versions
      .filter(({ served }) => served)
      .map(version => {
        const kind = customKind(definition, version, this.schema)
        return resourceOf(kind, prefix, customConversion(definition, version, storage))
      })
    this.made.set(definition, made)
    return made
  }
}
