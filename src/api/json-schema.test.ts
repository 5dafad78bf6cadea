import { describe, expect, it } from 'vitest'
import { withBehaviour } from './behaviour-schema.ts'
import { docs } from './docs.ts'
import { type JsonSchema, jsonSchemaFor } from './json-schema.ts'
import { schema } from './schema.ts'

const kinds = [
  { group: '', version: 'v1', kind: 'Pod' },
  { group: 'apps', version: 'v1', kind: 'Deployment' },
  { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' },
]
const made = jsonSchemaFor(kinds, schema, docs)
const definition = (name: string): JsonSchema => made.definitions?.[name] ?? {}

describe('[J2] the JSON schema for the editor', () => {
  it('offers apiVersions, then the kinds of that version, and chooses the type by both', () => {
    const apiVersion = { type: 'string', enum: ['apiextensions.k8s.io/v1', 'apps/v1', 'v1'] }
    expect(made.properties).toEqual({ apiVersion, kind: { type: 'string' } })
    const [byVersion, byBoth] = made.allOf ?? []
    expect(byVersion?.then?.allOf?.[1]).toEqual({
      if: { properties: { apiVersion: { const: 'apps/v1' } } },
      then: { properties: { kind: { enum: ['Deployment'] } } },
    })
    expect(byBoth?.then?.allOf?.[1]).toEqual({
      if: { properties: { apiVersion: { const: 'apps/v1' }, kind: { const: 'Deployment' } } },
      then: { $ref: '#/definitions/io.k8s.api.apps.v1.Deployment' },
    })
  })

  it('demands what is required, offers what is enumerated and forbids what does not exist', () => {
    expect(definition('io.k8s.api.core.v1.Container')).toMatchObject({
      required: ['name'],
      additionalProperties: false,
    })
    const { properties } = definition('io.k8s.api.core.v1.Container')
    expect(properties?.['imagePullPolicy']?.enum).toEqual(['Always', 'IfNotPresent', 'Never'])
    expect(definition('io.k8s.api.apps.v1.DeploymentSpec').properties?.['replicas']).toMatchObject({
      type: 'integer',
      maximum: 2147483647,
    })
    expect(definition('io.k8s.api.core.v1.ResourceRequirements').properties?.['limits']).toMatchObject({
      additionalProperties: { type: ['string', 'number'] },
    })
  })

  it('explains types and fields', () => {
    expect(definition('io.k8s.api.core.v1.Pod').description).toMatch(/^Pod is a collection of containers/)
    const { properties } = definition('io.k8s.api.core.v1.Container')
    expect(properties?.['command']?.description).toMatch(/^Entrypoint array\..*The container image's ENTRYPOINT/)
    expect(properties?.['lifecycle']).toMatchObject({ description: expect.stringMatching(/^Lifecycle describes/) })
  })

  it('refers to nothing that it does not define', () => {
    const text = JSON.stringify(made)
    const refs = new Set([...text.matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name ?? ''))
    expect(refs.size).toBeGreaterThan(150)
    expect([...refs].filter(name => !made.definitions?.[name])).toEqual([])
  })
})

describe('[A16] the documentation', () => {
  it('leaves few fields out: those of which upstream says nothing', () => {
    const silent = [...schema.types.values()].flatMap(({ name, structName, fields }) =>
      [...fields.keys()].filter(field => !docs.ofField(name, field)).map(field => `${structName}.${field}`),
    )
    const inJsonSchema = silent.filter(field =>
      /^(?:JSONSchemaProps|ExternalDocumentation|GroupResource)\./.test(field),
    )
    expect(silent.length - inJsonSchema.length).toBeLessThan(3)
  })

  it('is that of the right type where groups share a name', () => {
    expect(docs.ofField('io.k8s.api.core.v1.Event', 'involvedObject')).not.toBe('')
    expect(docs.ofField('io.k8s.api.events.v1.Event', 'regarding')).not.toBe('')
    expect(docs.ofType('io.k8s.api.rbac.v1.Subject')).toMatch(/role binding/)
    expect(docs.ofType('io.k8s.api.flowcontrol.v1.Subject')).not.toMatch(/role binding/)
  })

  it('explains the annotations that stage a Pod where they count: in Pods and in templates of Pods', () => {
    const { definitions = {} } = withBehaviour(made)
    const annotationsOf = (name: string): JsonSchema | undefined => {
      const reference = definitions[name]?.properties?.['metadata']?.$ref ?? ''
      return definitions[reference.replace('#/definitions/', '')]?.properties?.['annotations']
    }
    for (const name of ['Pod', 'PodTemplateSpec']) {
      const annotations = annotationsOf(`io.k8s.api.core.v1.${name}`)
      expect(annotations?.properties?.['podscape.dev/memory-growth']?.description).toContain('A leak')
      expect(annotations?.additionalProperties).toEqual({ type: 'string' })
    }
    expect(annotationsOf('io.k8s.api.apps.v1.Deployment')?.properties).toBeUndefined()
  })
})
