import { behaviourAnnotations, behaviourPrefix } from './core/behaviour-annotations.ts'
import type { JsonSchema } from './json-schema.ts'

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const stagedMeta = 'dev.podscape.StagedObjectMeta'
/** Types whose metadata becomes that of a Pod. */
const owners = ['io.k8s.api.core.v1.Pod', 'io.k8s.api.core.v1.PodTemplateSpec']

/** Adds the annotations that stage a Pod to the editor's schema: to Pods and templates of Pods, and nowhere else. */
export function withBehaviour(schema: JsonSchema): JsonSchema {
  const definitions = { ...schema.definitions }
  const meta = definitions[objectMeta]
  const annotations = meta?.properties?.['annotations']
  if (!meta || !annotations) return schema
  const properties: Record<string, JsonSchema> = {}
  const patternProperties: Record<string, JsonSchema> = {}
  for (const { key, en, ko, form, example } of behaviourAnnotations) {
    const description = `${en} (${form.replace('must be ', '')})\n\n${ko}`
    properties[behaviourPrefix + key] = { type: 'string', description, examples: [example] }
    // One container's own: podscape.dev/web.cpu.
    patternProperties[`^podscape\\.dev/[a-z0-9-]+\\.${key}$`] = { type: 'string', description }
  }
  definitions[stagedMeta] = {
    ...meta,
    properties: { ...meta.properties, annotations: { ...annotations, properties, patternProperties } },
  }
  for (const name of owners) {
    const owner = definitions[name]
    const metadata = owner?.properties?.['metadata']
    if (!owner || !metadata) continue
    const staged = { ...metadata, $ref: `#/definitions/${stagedMeta}` }
    definitions[name] = { ...owner, properties: { ...owner.properties, metadata: staged } }
  }
  return { ...schema, definitions }
}
