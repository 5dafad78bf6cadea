import type { Kind } from '../../../machinery/kind.ts'
import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { type Atom, deducedAtom } from '../../../machinery/structured-merge/atom.ts'
import { atomOfType, emptyStruct } from '../../../machinery/structured-merge/schema-atoms.ts'
import { atomOfCustomResource } from '../../../machinery/structured-merge/structural-atoms.ts'
import type { Typed } from '../../../machinery/structured-merge/update.ts'
import { isApiObject } from '../objects.ts'
import type { Resource } from '../resources.ts'
import type { Server } from '../server-context.ts'
import type { FieldManager } from './field-manager.ts'
import { filterFor } from './reset-fields.ts'

/** Managers by what they are for. A memo: they hold nothing but what follows from the kinds. */
const known = new WeakMap<Kind, Map<string, FieldManager>>()

/**
 * The field manager of a resource or of one of its subresources. `kind` is the kind of the objects that are compared, when
 * it is not that of the resource: a Scale.
 */
export function fieldManagerFor(
  server: Server,
  resource: Resource,
  subresource: string,
  kind = resource.kind,
): FieldManager {
  let managers = known.get(resource.kind)
  if (!managers) known.set(resource.kind, (managers = new Map()))
  let manager = managers.get(subresource)
  if (!manager) managers.set(subresource, (manager = makeManager(server, resource, subresource, kind)))
  return manager
}

function makeManager(server: Server, resource: Resource, subresource: string, kind: Kind): FieldManager {
  const filter = filterFor(resource.name, subresource, resource.subresources.has('status'))
  return {
    kind,
    atom: atomOf(server, kind),
    subresource,
    context: {
      filter: (set, apiVersion) => (apiVersion === kind.apiVersion ? filter(set) : set),
      convert: (typed, apiVersion) => convert(server, resource, typed, apiVersion),
    },
    empty: emptyObject(server, kind),
  }
}

/** How the values of a kind belong together. */
export function atomOf({ options, resources }: Server, kind: Kind): Atom {
  const type = options.schema.schemaOf(kind)
  if (type) return atomOfType(type)
  const structural = structuralSchemaOf(resources.findKind(kind.apiVersion, kind.kind))
  if (!structural) return deducedAtom
  const meta = options.schema.typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  return atomOfCustomResource(structural, meta ? atomOfType(meta) : deducedAtom)
}

/** The schema of a CustomResourceDefinition's version, for resources that have one. */
function structuralSchemaOf(resource: Resource | undefined): JsonObject | undefined {
  return resource?.kind.structural
}

function emptyObject({ options }: Server, kind: Kind): ApiObject {
  const type = options.schema.schemaOf(kind)
  const names = { apiVersion: kind.apiVersion, kind: kind.kind }
  const nothing: unknown = deepFreeze(type ? { ...emptyStruct(type), ...names } : { ...names, metadata: {} })
  if (!isApiObject(nothing)) throw new Error('an object with metadata is an API object')
  return nothing
}

/** An object in another version of its resource: by way of the one that is stored. */
function convert(server: Server, resource: Resource, typed: Typed, apiVersion: string): Typed | undefined {
  if (typed.apiVersion === apiVersion) return typed
  const versions = server.resources.atKey(resource.prefix)
  const from = versions.find(({ kind }) => kind.apiVersion === typed.apiVersion)
  const to = versions.find(({ kind }) => kind.apiVersion === apiVersion)
  if (!from || !to || !isApiObject(typed.value)) return undefined
  const stored = from.conversion ? from.conversion.toStored(typed.value) : typed.value
  const value = to.conversion ? to.conversion.fromStored(stored) : stored
  return { apiVersion, atom: atomOf(server, to.kind), value }
}
