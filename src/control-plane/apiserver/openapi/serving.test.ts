import { beforeAll, describe, expect, it } from 'vitest'
import { apiLab } from '../../../testing/api-lab.ts'
import { fieldsOf, textOf } from '../record.ts'

const lab = apiLab()

const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.shop.example.com' },
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { size: { type: 'integer', default: 3 }, extra: { type: 'object', nullable: true } },
              },
            },
          },
        },
      },
    ],
  },
}

function get(path: string, headers: Record<string, string> = {}, server = lab) {
  const certificate = { user: 'kubernetes-admin', groups: ['system:masters'] }
  const answer = server.api.http(server.self, { method: 'GET', path, headers, certificate })
  return { status: answer.status, headers: answer.headers, body: 'body' in answer ? answer.body : '' }
}

function json(path: string, server = lab): Record<string, unknown> {
  return fieldsOf(JSON.parse(get(path, {}, server).body))
}

function urlOf(index: Record<string, unknown>, name: string): string {
  return textOf(fieldsOf(fieldsOf(index.paths)[name]).serverRelativeURL)
}

describe('[A16] /openapi over HTTP', () => {
  it('sends a document for good to who names its hash, and who names another to the right one', () => {
    const url = urlOf(json('/openapi/v3'), 'apis/apps/v1')
    const fresh = get(url)
    expect(fresh.headers).toMatchObject({ 'Cache-Control': 'public, immutable', 'Content-Type': 'application/json' })
    expect(get('/openapi/v3/apis/apps/v1?hash=00')).toMatchObject({ status: 301, headers: { Location: url } })
    const etag = textOf(fresh.headers.Etag)
    expect(get('/openapi/v3/apis/apps/v1', { 'If-None-Match': etag })).toMatchObject({ status: 304, body: '' })
  })

  it('writes JSON only', () => {
    const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
    expect(get('/openapi/v2', { Accept: protobuf }).status).toBe(406)
    expect(get('/openapi/v2', { Accept: `${protobuf},application/json` }).status).toBe(200)
    expect(get('/openapi/v3/apis/nothing.example.com/v1').status).toBe(404)
  })

  describe('of custom kinds', () => {
    const custom = apiLab()
    beforeAll(() => {
      const place = { group: 'apiextensions.k8s.io', version: 'v1' }
      custom.request('create', 'customresourcedefinitions', { ...place, body: crd })
      custom.advance(1_000)
    })

    it('has their paths, by which kubectl knows that the server checks fields', () => {
      const document = json(urlOf(json('/openapi/v3', custom), 'apis/shop.example.com/v1'), custom)
      const item = fieldsOf(fieldsOf(document.paths)['/apis/shop.example.com/v1/namespaces/{namespace}/widgets/{name}'])
      expect(item.patch).toMatchObject({
        'x-kubernetes-group-version-kind': { group: 'shop.example.com', version: 'v1', kind: 'Widget' },
        parameters: expect.arrayContaining([expect.objectContaining({ name: 'fieldValidation' })]),
      })
      // Strategic merge patches are for kinds that are built in.
      expect(Object.keys(fieldsOf(fieldsOf(fieldsOf(item.patch).requestBody).content))).toEqual([
        'application/apply-patch+yaml',
        'application/json-patch+json',
        'application/merge-patch+json',
      ])
      const schemas = fieldsOf(fieldsOf(document.components).schemas)
      expect(schemas['com.example.shop.v1.Widget']).toMatchObject({
        properties: { spec: { properties: { size: { type: 'integer', default: 3 } } } },
      })
      expect(schemas['com.example.shop.v1.WidgetList']).toMatchObject({
        properties: { items: { items: { $ref: '#/components/schemas/com.example.shop.v1.Widget' } } },
      })
    })

    it('says in OpenAPI 2 nothing of the form of what may be null', () => {
      const definitions = fieldsOf(json('/openapi/v2', custom).definitions)
      const spec = fieldsOf(fieldsOf(fieldsOf(definitions['com.example.shop.v1.Widget']).properties).spec)
      expect(spec.properties).toEqual({ size: { type: 'integer' }, extra: {} })
    })

    it('makes their document anew when the definition changes', () => {
      const before = urlOf(json('/openapi/v3', custom), 'apis/shop.example.com/v1')
      const apps = urlOf(json('/openapi/v3', custom), 'apis/apps/v1')
      custom.request('patch', 'customresourcedefinitions', {
        group: 'apiextensions.k8s.io',
        version: 'v1',
        name: crd.metadata.name,
        patchType: 'json',
        body: [
          { op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/default' },
        ],
      })
      custom.advance(1_000)
      const index = json('/openapi/v3', custom)
      expect(urlOf(index, 'apis/shop.example.com/v1')).not.toBe(before)
      expect(urlOf(index, 'apis/apps/v1')).toBe(apps)
    })
  })
})

describe('[G3] what others need to check tokens', () => {
  it('names the issuer and where its keys are', () => {
    expect(json('/.well-known/openid-configuration')).toMatchObject({
      issuer: 'https://kubernetes.default.svc.cluster.local',
      jwks_uri: 'https://192.168.1.10:6443/openid/v1/jwks',
    })
    expect(get('/openid/v1/jwks').headers).toMatchObject({ 'Content-Type': 'application/jwk-set+json' })
  })
})
