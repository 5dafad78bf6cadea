import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fieldsOf, listOf, textOf } from '../record.ts'
import { apiLab } from '../../../testing/api-lab.ts'
import { openApiIndex, openApiV2, openApiV3 } from './index.ts'

const { server } = apiLab().api

/** What was recorded of a real server's documents: see testing/golden/api/README.md. */
const recorded = fieldsOf(
  JSON.parse(readFileSync(new URL('../../../testing/golden/api/schema/list-semantics.json', import.meta.url), 'utf8')),
)

const names = Object.keys(fieldsOf(JSON.parse(openApiIndex(server)).paths))
const documents = names.map(name => [name, fieldsOf(JSON.parse(openApiV3(server, name)?.text ?? ''))] as const)
const schemas = new Map(
  documents.flatMap(([, document]) => Object.entries(fieldsOf(fieldsOf(document.components).schemas))),
)

/** A schema as the recording writes it: references as `ref`, without descriptions, defaults of items left out. */
function asRecorded(value: unknown, isInner = false): unknown {
  const { allOf, $ref, items, additionalProperties, description: _, default: told, ...rest } = fieldsOf(value)
  const reference = textOf($ref ?? fieldsOf(listOf(allOf)[0]).$ref).replace('#/components/schemas/', '')
  return {
    ...rest,
    ...(reference !== '' && { ref: reference }),
    ...(items !== undefined && { items: asRecorded(items, true) }),
    ...(additionalProperties !== undefined && { additionalProperties: asRecorded(additionalProperties, true) }),
    ...(told !== undefined && !isInner && { default: told }),
  }
}

function everyReference(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(everyReference)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && key === '$ref' ? [inner] : everyReference(inner),
  )
}

describe('[A16] OpenAPI documents of the built-in kinds', () => {
  it.each([...schemas].filter(([name]) => fieldsOf(recorded.types)[name] !== undefined))(
    'tell of %s what a real server tells',
    (name, schema) => {
      const { fields, ...type } = fieldsOf(fieldsOf(recorded.types)[name])
      const { properties, description: _, ...own } = fieldsOf(schema)
      const ours = Object.entries(fieldsOf(properties)).map(([field, value]) => [field, asRecorded(value)])
      expect(Object.fromEntries(ours)).toEqual(fields ?? {})
      const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value)
      expect({ ...own, required: sorted(own.required) }).toEqual({ ...type, required: sorted(type.required) })
    },
  )

  it('describe more than 300 types, of which none refers to what is not there', () => {
    expect(schemas.size).toBeGreaterThan(300)
    for (const [name, document] of documents) {
      const held = Object.keys(fieldsOf(fieldsOf(document.components).schemas))
      const missing = everyReference(document)
        .map(reference => reference.replace('#/components/schemas/', ''))
        .filter(reference => !held.includes(reference))
      expect(missing, name).toEqual([])
    }
    const v2 = fieldsOf(JSON.parse(openApiV2(server).text))
    const held = new Set(Object.keys(fieldsOf(v2.definitions)).map(name => `#/definitions/${name}`))
    expect(everyReference(v2).filter(reference => !held.has(reference))).toEqual([])
  })

  it('name every operation once, with the kind that it is about', () => {
    const ids = documents.flatMap(([, { paths }]) =>
      Object.values(fieldsOf(paths)).flatMap(item =>
        Object.values(fieldsOf(item)).flatMap(operation => {
          const id = fieldsOf(operation).operationId
          return id === undefined ? [] : [textOf(id)]
        }),
      ),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(operationIds))
  })

  it('give the path of a Pod the operations that kubectl looks for', () => {
    const paths = fieldsOf(new Map(documents).get('api/v1')?.paths)
    const { patch } = fieldsOf(paths['/api/v1/namespaces/{namespace}/pods/{name}'])
    const parameters = listOf(fieldsOf(patch).parameters).map(parameter => fieldsOf(parameter).name)
    expect(parameters).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force'])
    expect(patch).toMatchObject({
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'Pod' },
    })
    expect(Object.keys(fieldsOf(fieldsOf(fieldsOf(patch).requestBody).content))).toContain(
      'application/strategic-merge-patch+json',
    )
  })
})

/** Names that generated clients know (release_1.36 of the official ones). */
const operationIds = [
  ...['listCoreV1NamespacedPod', 'listCoreV1PodForAllNamespaces', 'createCoreV1NamespacedPod'],
  ...['deleteCoreV1CollectionNamespacedPod', 'readCoreV1NamespacedPodLog', 'connectCoreV1GetNamespacedPodExec'],
  ...['connectCoreV1PostNamespacedPodProxyWithPath', 'createCoreV1NamespacedPodEviction', 'listCoreV1Node'],
  ...['replaceCoreV1NamespaceFinalize', 'createCoreV1NamespacedServiceAccountToken', 'watchCoreV1NamespacedPodList'],
  ...['patchAppsV1NamespacedDeploymentScale', 'readAppsV1NamespacedDeploymentStatus', 'getAppsV1APIResources'],
  ...['replaceCertificatesV1CertificateSigningRequestApproval', 'listRbacAuthorizationV1ClusterRole'],
  ...['createAuthorizationV1SelfSubjectAccessReview', 'getCodeVersion', 'getRbacAuthorizationAPIGroup'],
]
