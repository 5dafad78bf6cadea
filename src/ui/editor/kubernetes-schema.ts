import { withBehaviour } from '../../api/behaviour-schema.ts'
import { docs } from '../../api/docs.ts'
import { type JsonSchema, jsonSchemaFor } from '../../api/json-schema.ts'
import { schema } from '../../api/schema.ts'
import type { TypeSchema } from '../../machinery/schema.ts'

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

/** The JSON schema of every object that can be applied, with documentation. Lazy like Monaco itself: it weighs as much. */
export function kubernetesSchema(): JsonSchema {
  const kinds = [...schema.types.values()].filter(isObject).flatMap(type => type.kinds)
  return withBehaviour(jsonSchemaFor(kinds, schema, docs))
}

/** Objects have metadata of their own; lists, options and statuses do not. */
function isObject(type: TypeSchema): boolean {
  const metadata = type.fields.get('metadata')?.value
  return metadata?.object?.name === objectMeta
}
