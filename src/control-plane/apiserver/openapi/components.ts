import type { CustomResourceDefinition } from '../../../api/generated/apiextensions.v1.ts'
import type { Docs } from '../../../machinery/docs.ts'
import type { GroupVersionKind, Schema, TypeSchema } from '../../../machinery/schema.ts'
import { openApiName, openApiSchema } from '../custom/openapi.ts'
import { type Form, leafSchema, type OpenApiSchema, refTo, typeSchema, typesIn } from './schemas.ts'
import { forVersion2 } from './structural-v2.ts'

/** What schemas are made of. */
export interface Sources {
  readonly schema: Schema
  readonly docs: Docs
  readonly definitions: readonly CustomResourceDefinition[]
}

/** The schemas that a document refers to, each with all that it refers to in turn. */
export class Components {
  private readonly schemas = new Map<string, OpenApiSchema>()

  constructor(
    private readonly sources: Sources,
    private readonly form: Form,
  ) {}

  /** The reference to a type by its name, or to the type of a kind; its schema is among the components from then on. */
  reference(of: GroupVersionKind | string): OpenApiSchema {
    const name = typeof of === 'string' ? this.add(of) : this.addKind(of)
    return { $ref: refTo(name, this.form) }
  }

  /** All of them, by name. */
  all(): Record<string, OpenApiSchema> {
    return Object.fromEntries([...this.schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  private add(name: string): string {
    if (this.schemas.has(name)) return name
    const leaf = leafSchema(name, this.form)
    const type = this.sources.schema.typeNamed(name)
    if (leaf ?? type) this.schemas.set(name, leaf ?? {})
    if (!leaf && type) this.addType(type)
    return name
  }

  private addType(type: TypeSchema): void {
    this.schemas.set(type.name, typeSchema(type, this.sources.docs, this.form))
    for (const inner of typesIn(type)) this.add(typeof inner === 'string' ? inner : inner.name)
  }

  private addKind(gvk: GroupVersionKind): string {
    const type = this.sources.schema.schemaOf(gvk)
    if (type) return this.add(type.name)
    return this.addDefined(gvk) ?? this.addUnknown(gvk)
  }

  /** A kind of a definition, or the list of one. */
  private addDefined({ group, version, kind }: GroupVersionKind): string | undefined {
    for (const definition of this.sources.definitions) {
      const { names } = definition.spec
      if (definition.spec.group !== group || (names.kind !== kind && names.listKind !== kind)) continue
      const name = openApiName(definition, version)
      const schema = openApiSchema(definition, version)
      if (!schema) continue
      if (names.kind !== kind) return this.addList({ group, version, kind }, name, names.kind)
      this.schemas.set(name, this.form === 'v2' ? forVersion2(schema) : schema)
      this.add('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
      return name
    }
    return undefined
  }

  /** The list of a custom kind: buildListSchema of pkg/controller/openapi/builder. */
  private addList(gvk: GroupVersionKind, itemName: string, item: string): string {
    const name = `${itemName.slice(0, -item.length)}${gvk.kind}`
    const listType = this.sources.schema.schemaOf({ group: '', version: 'v1', kind: 'PodList' })
    const base = listType ? typeSchema(listType, this.sources.docs, this.form) : {}
    const properties = typeof base.properties === 'object' ? base.properties : {}
    const description = `List of ${item}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`
    const items = { description, type: 'array', items: { $ref: refTo(itemName, this.form) } }
    this.schemas.set(name, {
      description: `${gvk.kind} is a list of ${item}`,
      type: 'object',
      properties: { ...properties, items },
      required: ['items'],
      'x-kubernetes-group-version-kind': [gvk],
    })
    this.add('io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta')
    this.addKind({ ...gvk, kind: item })
    return name
  }

  /** Kinds of which only their columns and reading are known: options of connections, kinds of aggregated servers. */
  private addUnknown(gvk: GroupVersionKind): string {
    const name = [...gvk.group.split('.').reverse(), gvk.version, gvk.kind].filter(Boolean).join('.')
    if (!this.schemas.has(name)) {
      this.schemas.set(name, { type: 'object', 'x-kubernetes-group-version-kind': [gvk] })
    }
    return name
  }
}
