import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '../../../api/generated/apiextensions.v1.ts'
import { encodeBytes } from '../../../machinery/base64.ts'
import { defineKind, type FieldReader, type Kind, type KindDefinition } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { Schema } from '../../../machinery/schema.ts'
import { sha256 } from '../../../machinery/sha256.ts'
import { forbidden } from '../../../machinery/status.ts'
import type { JsonSchema } from '../../../machinery/structural/schema.ts'
import { withDefaults } from '../../../machinery/structural/defaults.ts'
import { compareVersions } from '../../../machinery/version-priority.ts'
import { isApiObject } from '../objects.ts'
import type { Conversion } from '../resources.ts'
import { parsePath } from './column-path.ts'
import { columnsFor } from './columns.ts'
import { byPriority, isTerminating, storageVersion } from './definitions.ts'
import { readCustom } from './reading.ts'
import { scaleMapping } from './scale.ts'
import { differs, strategyFor } from './strategy.ts'

/** Verbs in the order of upstream's discovery handler, and those that are left while the definition goes. */
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const lastVerbs = ['delete', 'deletecollection', 'get', 'list', 'watch']

/** discovery.StorageVersionHash: the first 64 bits of the digest, in base64. */
function hashOf(text: string): string {
  const digits = sha256(text).slice(0, 16)
  return encodeBytes(Array.from({ length: 8 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)))
}

/** One version of a custom resource as a kind like any other: what crdHandler builds when it first serves it. */
export function customKind(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  schema: Schema,
): Kind {
  const { spec, status } = definition
  const names = status.acceptedNames
  const structural: JsonSchema = version.schema?.openAPIV3Schema ?? {}
  const { subresources } = version
  const strategy = strategyFor(definition, version)
  const warning = deprecationOf(definition, version)
  const plural = spec.names.plural
  const kind: KindDefinition<ApiObject> = {
    ...{ group: spec.group, version: version.name, kind: names.kind || spec.names.kind, plural },
    singular: names.singular || spec.names.kind.toLowerCase(),
    ...(names.listKind && { listKind: names.listKind }),
    ...(names.shortNames?.length && { shortNames: names.shortNames }),
    ...(names.categories?.length && { categories: names.categories }),
    namespaced: spec.scope === 'Namespaced',
    subresources: [...(subresources?.status ? ['status'] : []), ...(subresources?.scale ? ['scale'] : [])],
    structural: { ...structural },
    discoveryVerbs: isTerminating(definition) ? lastVerbs : verbs,
    storageVersionHash: hashOf(`${spec.group}/${storageVersion(definition)}/${spec.names.kind}`),
    needsResourceVersion: true,
    read: document => readCustom(schema, structural, document),
    defaults(draft) {
      const filled = withDefaults(draft, structural)
      if (filled !== draft) Object.assign(draft, filled)
    },
    // The strategy counts itself: changes of status do so, too, where status has no path of its own.
    countsGenerations: false,
    prepareForCreate(draft) {
      if (isTerminating(definition)) {
        const why = 'create not allowed while custom resource definition is terminating'
        throw forbidden({ group: spec.group, plural }, draft.metadata.name, why)
      }
      if (subresources?.status) Reflect.deleteProperty(draft, 'status')
      draft.metadata.generation = 1
    },
    prepareForUpdate(draft, old) {
      if (differs(draft, old)) draft.metadata.generation = (old.metadata.generation ?? 0) + 1
    },
    ...strategy,
    selectableFields: fieldReaders(version),
    ...(subresources?.scale && { scale: scaleMapping(subresources.scale) }),
    columns: columnsFor(version.additionalPrinterColumns),
    ...(warning !== undefined && { deprecation: warning }),
  }
  return defineKind(kind)
}

function fieldReaders({
  selectableFields = [],
}: CustomResourceDefinitionVersion): Record<string, FieldReader<ApiObject>> {
  const readers = selectableFields.map(({ jsonPath }): [string, FieldReader<ApiObject>] => {
    const values = parsePath(jsonPath)
    const read = (object: ApiObject): string => {
      const [value] = values?.(object) ?? []
      return value === undefined || value === null ? '' : String(value)
    }
    return [jsonPath.replace(/^\./, ''), read]
  })
  return Object.fromEntries(readers)
}

/** The warning that comes with every answer about a version that is on its way out. */
function deprecationOf(
  { spec }: CustomResourceDefinition,
  { name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
): string | undefined {
  if (!deprecated) return undefined
  if (deprecationWarning !== undefined) return deprecationWarning
  const text = `${spec.group}/${name} ${spec.names.kind} is deprecated`
  const better = byPriority(spec.versions).find(
    other => other.served && !other.deprecated && compareVersions(other.name, name) < 0,
  )
  return better ? `${text}; use ${spec.group}/${better.name} ${spec.names.kind}` : text
}

/**
 * How a version is kept: under another name of version and with nothing else changed, which is what the strategy None
 * means. What is read gets the defaults that were not there yet when it was written.
 */
export function customConversion(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  storage: string,
): Conversion {
  const { group, names } = definition.spec
  const structural: JsonSchema = version.schema?.openAPIV3Schema ?? {}
  const renamed = (object: ApiObject, apiVersion: string): ApiObject =>
    object.apiVersion === apiVersion ? object : { ...object, apiVersion }
  return {
    resource: `${group}/${version.name}/${names.plural}`,
    storedAs: `${group}/${storage}/${names.plural}`,
    toStored: object => renamed(object, `${group}/${storage}`),
    fromStored(object) {
      const filled = withDefaults(object, structural)
      return renamed(isApiObject(filled) ? filled : object, `${group}/${version.name}`)
    },
  }
}
