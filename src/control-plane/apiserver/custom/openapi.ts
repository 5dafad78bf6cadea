import type { CustomResourceDefinition } from '../../../api/generated/apiextensions.v1.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from '../../../machinery/structural/schema.ts'

/** What OpenAPI says of the fields that every object has: apimachinery's swagger documentation. */
const apiVersionText =
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources'
const kindText =
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds'
const metadataText =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"
const metaSchema = '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

/** `com.example.shop.v1.Widget`: the group's parts turned round, as components of OpenAPI are named. */
export function openApiName({ spec }: CustomResourceDefinition, version: string): string {
  return [...spec.group.split('.').reverse(), version, spec.names.kind].join('.')
}

/**
 * The schema of a version as the server publishes it in OpenAPI 3: the definition's own with the fields that every object
 * has (pkg/controller/openapi/builder). Undefined when there is no such version.
 */
export function openApiSchema(definition: CustomResourceDefinition, version: string): JsonObject | undefined {
  const { group, names, versions } = definition.spec
  const found = versions.find(({ name }) => name === version)
  if (!found) return undefined
  const schema = found.schema?.openAPIV3Schema
  const { selectableFields } = found
  const extensions = {
    'x-kubernetes-group-version-kind': [{ group, kind: names.kind, version }],
    ...(selectableFields && {
      'x-kubernetes-selectable-fields': selectableFields.map(({ jsonPath }) => ({
        fieldPath: jsonPath.replace(/^\./, ''),
      })),
    }),
  }
  // Without a schema nothing is told of fields: clients would take others for mistakes.
  if (!schema) return { type: 'object', ...extensions }
  return { ...withTypeMeta(schema, metadataText), ...extensions }
}

/** A schema whose embedded resources have the fields of resources, too. */
function withTypeMeta(schema: JsonSchema, metadata?: string): JsonObject {
  const isResource = metadata !== undefined || schema['x-kubernetes-embedded-resource'] === true
  const properties = Object.fromEntries(propertiesOf(schema).map(([name, inner]) => [name, withTypeMeta(inner)]))
  const items = itemsOf(schema)
  const additional = additionalOf(schema)
  const own = isResource && {
    apiVersion: { description: apiVersionText, type: 'string' },
    kind: { description: kindText, type: 'string' },
    metadata: { description: metadata ?? metadataText, allOf: [{ $ref: metaSchema }], default: {} },
  }
  return {
    ...schema,
    ...((schema.properties ?? own) && { properties: { ...properties, ...own } }),
    ...(items && { items: withTypeMeta(items) }),
    ...(additional && { additionalProperties: withTypeMeta(additional) }),
  }
}
