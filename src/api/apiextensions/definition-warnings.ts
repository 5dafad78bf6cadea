import { knownFormat } from '../../machinery/structural/formats.ts'
import { additionalOf, itemsOf, type JsonSchema, propertiesOf } from '../../machinery/structural/schema.ts'
import type { CustomResourceDefinition } from '../generated/apiextensions.v1.ts'

/** What is accepted but hardly meant: strategy.go, WarningsOnCreate and WarningsOnUpdate. */
export function definitionWarnings(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): string[] {
  const known = new Set(old ? warningsOf(old) : [])
  return warningsOf(definition).filter(warning => !known.has(warning))
}

function warningsOf({ spec }: CustomResourceDefinition): string[] {
  const formats: string[] = []
  const sets = new Set<string>()
  for (const { schema } of spec.versions) {
    if (!schema?.openAPIV3Schema) continue
    for (const each of allIn(schema.openAPIV3Schema)) {
      const { type = '', format } = each
      if (format && !knownFormat(type, format)) formats.push(`unrecognized format ${JSON.stringify(format)}`)
      const items = itemsOf(each)?.type
      if (each['x-kubernetes-list-type'] === 'set' && (items === 'object' || items === 'array')) {
        sets.add(
          `x-kubernetes-list-type: set for items of type "${items}" is not supported by server-side apply or CEL validation rules`,
        )
      }
    }
  }
  return [...formats, ...[...sets].sort()]
}

/** A schema and all that are in it. */
function* allIn(schema: JsonSchema): Generator<JsonSchema> {
  yield schema
  const { allOf = [], anyOf = [], oneOf = [], not } = schema
  const items = itemsOf(schema)
  const additional = additionalOf(schema)
  const logic = [...allOf, ...anyOf, ...oneOf, ...(not ? [not] : [])]
  const structure = [...(items ? [items] : []), ...(additional ? [additional] : [])]
  for (const inner of [...structure, ...logic, ...propertiesOf(schema).map(([, property]) => property)]) {
    yield* allIn(inner)
  }
}
