import { describe, expect, it } from 'vitest'
import type { CustomResourceDefinition } from '../../../api/generated/apiextensions.v1.ts'
import type { ApiRequest, ApiResponse } from '../../../machinery/rest.ts'
import { ApiError, type Status } from '../../../machinery/status.ts'
import { compareVersions } from '../../../machinery/version-priority.ts'
import { apiLab, type ApiLab, type Watcher } from '../../../testing/api-lab.ts'
import { fieldsOf } from '../record.ts'
import { definitionsIn } from './definitions.ts'
import { parsePath } from './column-path.ts'
import { openApiName, openApiSchema } from './openapi.ts'

const group = 'shop.example.com'

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', maximum: 10 },
        colour: { type: 'string', default: 'green' },
        replicas: { type: 'integer' },
      },
      'x-kubernetes-validations': [{ rule: 'self.size >= oldSelf.size', message: 'must not shrink' }],
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
}

const scale = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.selector',
}

function definition(changes: object = {}, names: object = {}): object {
  const version = {
    ...{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } },
    subresources: { status: {}, scale },
    additionalPrinterColumns: [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      { name: 'Ready', type: 'string', priority: 1, jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    ],
    selectableFields: [{ jsonPath: '.spec.colour' }],
  }
  const plural = 'widgets'
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced', names: { plural, kind: 'Widget', shortNames: ['wg'], ...names } },
      versions: [version],
      ...changes,
    },
  }
}

const definitions = { group: 'apiextensions.k8s.io', version: 'v1' }

/** A server that serves widgets. */
function lab(changes: object = {}): ApiLab {
  const made = apiLab()
  made.request('create', 'customresourcedefinitions', { ...definitions, body: definition(changes) })
  made.advance(1_000)
  return made
}

function widget(name: string, spec: object, version = 'v1'): object {
  return { apiVersion: `${group}/${version}`, kind: 'Widget', metadata: { name, namespace: 'default' }, spec }
}

function ask(server: ApiLab, verb: ApiRequest['verb'], rest: Partial<ApiRequest> = {}): ApiResponse {
  return server.request(verb, 'widgets', { group, version: 'v1', namespace: 'default', ...rest })
}

function refusal(action: () => unknown): Status | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error.status
    throw error
  }
}

function only({ etcd }: ApiLab): CustomResourceDefinition | undefined {
  return definitionsIn(etcd)[0]
}

function conditions(server: ApiLab): string[] {
  return (only(server)?.status.conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`)
}

describe('[H1] CustomResourceDefinitions', () => {
  it('serves a resource once its names are accepted, and not before', () => {
    const server = apiLab()
    server.request('create', 'customresourcedefinitions', { ...definitions, body: definition() })
    expect(refusal(() => ask(server, 'list'))).toMatchObject({ code: 404 })
    server.advance(1_000)
    expect(ask(server, 'list').body).toMatchObject({ kind: 'WidgetList', items: [] })
    expect(conditions(server)).toEqual(['NamesAccepted=True NoConflicts', 'Established=True InitialNamesAccepted'])
  })

  it('writes lists as maps are written, with items that say what they are; those of structs are the other way', () => {
    const server = lab()
    ask(server, 'create', { body: widget('a', {}) })
    const text = (path: string): string => {
      const response = server.api.http(server.self, { method: 'GET', path, headers: {} })
      return 'body' in response ? response.body : ''
    }
    const custom = text(`/apis/${group}/v1/namespaces/default/widgets`)
    expect(custom).toMatch(/^\{"apiVersion":"[^"]+","items":\[\{"kind":"Widget".*\],"kind":"WidgetList","metadata":\{/)
    const builtIn = text('/api/v1/namespaces')
    expect(builtIn).toMatch(/^\{"kind":"NamespaceList","apiVersion":"v1","metadata":\{[^}]*\},"items":\[\{"metadata"/)
  })

  it('lets the first have a name, and the second when the first is gone', () => {
    const server = lab()
    const other = {
      ...definition({}, { plural: 'wares', kind: 'Ware', shortNames: ['wg'] }),
      metadata: { name: `wares.${group}` },
    }
    server.request('create', 'customresourcedefinitions', { ...definitions, body: other })
    server.advance(1_000)
    const wares = (): CustomResourceDefinition | undefined =>
      definitionsIn(server.etcd).find(each => each.metadata.name.startsWith('wares'))
    expect(wares()?.status.conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'False', reason: 'ShortNamesConflict', message: '"wg" is already in use' },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ])
    server.request('delete', 'customresourcedefinitions', { ...definitions, name: `widgets.${group}` })
    server.advance(1_000)
    expect(wares()?.status.conditions?.map(({ status }) => status)).toEqual(['True', 'True'])
  })

  it('deletes the instances with the definition, and waits for those that have finalizers', () => {
    const server = lab()
    ask(server, 'create', { body: widget('free', { size: 1 }) })
    const kept = {
      ...widget('kept', { size: 1 }),
      metadata: { name: 'kept', namespace: 'default', finalizers: ['example.com/hold'] },
    }
    ask(server, 'create', { body: kept })
    server.request('delete', 'customresourcedefinitions', { ...definitions, name: `widgets.${group}` })
    server.advance(1_000)
    expect(conditions(server).at(-1)).toBe('Terminating=True InstanceDeletionInProgress')
    expect(ask(server, 'list').body).toMatchObject({ items: [{ metadata: { name: 'kept' } }] })
    expect(refusal(() => ask(server, 'create', { body: widget('late', { size: 1 }) }))).toMatchObject({
      reason: 'Forbidden',
      message: `widgets.${group} "late" is forbidden: create not allowed while custom resource definition is terminating`,
    })
    ask(server, 'patch', { name: 'kept', patchType: 'merge', body: { metadata: { finalizers: null } } })
    server.advance(6_000)
    expect(only(server)).toBeUndefined()
    expect(refusal(() => ask(server, 'list'))).toMatchObject({ code: 404 })
  })

  it('ends the watches of a definition that changes, and of one that is gone', () => {
    const server = lab()
    const watch = (): Watcher => server.watch('widgets', {}, { group, version: 'v1' })
    const endsOf = ({ deliveries }: Watcher): unknown[] => deliveries.flatMap(({ closed }) => closed ?? [])
    const name = `widgets.${group}`
    const patch = (body: object): void => {
      const patchType = 'merge'
      server.request('patch', 'customresourcedefinitions', { ...definitions, name, patchType, body })
    }
    const first = watch()
    patch({ metadata: { labels: { a: 'b' } } })
    server.advance(5_000)
    expect(endsOf(first)).toEqual([])
    patch({ spec: { names: { shortNames: ['wdg'] } } })
    server.advance(500)
    const second = watch()
    ask(server, 'create', { body: widget('last', { size: 1 }) })
    server.advance(5_000)
    expect(first.events().map(({ type }) => type)).toEqual(['ADDED'])
    expect([endsOf(first), endsOf(second)]).toEqual([['closed'], []])
    server.request('delete', 'customresourcedefinitions', { ...definitions, name })
    server.advance(5_000)
    expect(second.events().map(({ type }) => type)).toEqual(['ADDED', 'DELETED'])
    expect(endsOf(second)).toEqual(['closed'])
  })

  it('keeps kind and scope once they are established, and group and plural always', () => {
    const server = lab()
    const [metadata] = [only(server)?.metadata]
    const body = { ...definition({ scope: 'Cluster' }, { kind: 'Wodget' }), metadata }
    const name = `widgets.${group}`
    expect(
      refusal(() => server.request('update', 'customresourcedefinitions', { ...definitions, name, body }))?.details
        ?.causes,
    ).toEqual([
      { reason: 'FieldValueInvalid', message: 'Invalid value: "Cluster": field is immutable', field: 'spec.scope' },
      { reason: 'FieldValueInvalid', message: 'Invalid value: "Wodget": field is immutable', field: 'spec.names.kind' },
    ])
  })
})

describe('[H1] objects of custom resources', () => {
  it('are defaulted, pruned, checked, counted and found by their fields', () => {
    const server = lab()
    const { body } = ask(server, 'create', { body: widget('a', { size: 1, strange: 1 }) })
    expect(body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1, colour: 'green' } })
    expect(fieldsOf(fieldsOf(body).spec).strange).toBeUndefined()
    expect(refusal(() => ask(server, 'create', { body: widget('b', { size: 11 }) }))?.message).toBe(
      `Widget.${group} "b" is invalid: spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10`,
    )
    const patch = (change: object): ApiResponse => ask(server, 'patch', { name: 'a', patchType: 'merge', body: change })
    expect(patch({ spec: { size: 2, colour: 'red' } }).body).toMatchObject({ metadata: { generation: 2 } })
    expect(refusal(() => patch({ spec: { size: 1 } }))?.message).toBe(
      `Widget.${group} "a" is invalid: spec: Invalid value: must not shrink`,
    )
    const found = (fieldSelector: string): unknown =>
      fieldsOf(ask(server, 'list', { options: { fieldSelector } }).body).items
    expect(found('spec.colour=red')).toHaveLength(1)
    expect(found('spec.colour=green')).toHaveLength(0)
    expect(refusal(() => found('spec.size=2'))).toMatchObject({ code: 400 })
  })

  it('take no strategic patches and no updates without a version', () => {
    const server = lab()
    ask(server, 'create', { body: widget('a', { size: 1 }) })
    const patch = { name: 'a', patchType: 'strategic', body: {} } as const
    expect(refusal(() => ask(server, 'patch', patch))).toMatchObject({
      code: 415,
      message: expect.stringContaining('application/apply-patch+yaml'),
    })
    expect(refusal(() => ask(server, 'update', { name: 'a', body: widget('a', { size: 2 }) }))?.message).toContain(
      'metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    )
  })

  it('have a status and a scale of their own', () => {
    const server = lab()
    ask(server, 'create', { body: { ...widget('a', { size: 1, replicas: 2 }), status: { replicas: 9 } } })
    const status = { status: { replicas: 1, selector: 'a=b' }, spec: { size: 5 } }
    const { body } = ask(server, 'patch', { name: 'a', subresource: 'status', patchType: 'merge', body: status })
    expect(body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 }, status: { replicas: 1 } })
    expect(ask(server, 'get', { name: 'a', subresource: 'scale' }).body).toMatchObject({
      ...{ kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 1, selector: 'a=b' } },
    })
    ask(server, 'patch', { name: 'a', subresource: 'scale', patchType: 'merge', body: { spec: { replicas: 4 } } })
    expect(ask(server, 'get', { name: 'a' }).body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 4 } })
  })

  it('are the same in every version, and watched in each', () => {
    const version = (name: string, storage: boolean, rest: object = {}): object => ({
      ...{ name, storage, served: true, schema: { openAPIV3Schema: schema }, ...rest },
    })
    const server = lab({ versions: [version('v1beta1', false, { deprecated: true }), version('v1', true)] })
    const watcher = server.watch('widgets', {}, { group, version: 'v1beta1' })
    const { body, warnings } = ask(server, 'create', { version: 'v1beta1', body: widget('a', { size: 1 }, 'v1beta1') })
    expect(body).toMatchObject({ apiVersion: `${group}/v1beta1` })
    expect(warnings).toEqual([`${group}/v1beta1 Widget is deprecated; use ${group}/v1 Widget`])
    expect(ask(server, 'get', { name: 'a' }).body).toMatchObject({
      apiVersion: `${group}/v1`,
      spec: { colour: 'green' },
    })
    server.advance(1_000)
    expect(watcher.events().map(({ type, object }) => `${type} ${object.apiVersion}`)).toEqual([
      `ADDED ${group}/v1beta1`,
    ])
  })

  it('get defaults that were not there yet when they were written', () => {
    const server = lab()
    ask(server, 'create', { body: widget('a', { size: 1 }) })
    const crd = only(server)
    const later = structuredClone(schema)
    Object.assign(later.properties.spec.properties, { unit: { type: 'string', default: 'kg' } })
    const versions = [{ ...crd?.spec.versions[0], schema: { openAPIV3Schema: later } }]
    const body = { spec: { versions } }
    server.request('patch', 'customresourcedefinitions', {
      ...definitions,
      name: `widgets.${group}`,
      patchType: 'merge',
      body,
    })
    expect(ask(server, 'get', { name: 'a' }).body).toMatchObject({ spec: { unit: 'kg' } })
  })

  it('are served by every server, also by one that starts later', () => {
    const server = lab()
    ask(server, 'create', { body: widget('a', { size: 1 }) })
    const other = server.addServer('second')
    const user = { name: 'tester', groups: ['system:masters'] }
    const at = { group, version: 'v1', resource: 'widgets', name: 'a', namespace: 'default' }
    const { body } = server.api.request(other, { verb: 'get', ...at, user, userAgent: 'test' })
    expect(body).toMatchObject({ spec: { size: 1 } })
  })
})

describe('[H1] what clients see of custom resources', () => {
  const get = (server: ApiLab, path: string, accept = 'application/json'): unknown => {
    const response = server.api.http(server.self, { method: 'GET', path, headers: { Accept: accept } })
    return 'body' in response ? JSON.parse(String(response.body)) : undefined
  }

  it('prints the columns of the definition', () => {
    const server = lab()
    ask(server, 'create', { body: widget('a', { size: 1 }) })
    server.advance(60_000)
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const table = get(server, `/apis/${group}/v1/namespaces/default/widgets`, accept)
    expect(table).toMatchObject({
      columnDefinitions: [
        { name: 'Name' },
        { name: 'Size', type: 'integer' },
        { name: 'Since', type: 'date' },
        { name: 'Ready', priority: 1 },
      ],
      rows: [{ cells: ['a', 1, '60s', null] }],
    })
  })

  it('tells of the group in discovery, the newest version first', () => {
    const server = lab()
    expect(get(server, `/apis/${group}`)).toMatchObject({ preferredVersion: { groupVersion: `${group}/v1` } })
    expect(get(server, `/apis/${group}/v1`)).toMatchObject({
      resources: [{ name: 'widgets', shortNames: ['wg'] }, { name: 'widgets/status' }, { name: 'widgets/scale' }],
    })
    expect(['v1', 'v1beta2', 'foo', 'v10', 'v1alpha1', 'v2'].sort(compareVersions)).toEqual([
      'v10',
      'v2',
      'v1',
      'v1beta2',
      'v1alpha1',
      'foo',
    ])
  })

  it('publishes the schema with the fields that every object has', () => {
    const crd = only(lab())
    if (!crd) throw new Error('the definition is there')
    expect(openApiName(crd, 'v1')).toBe('com.example.shop.v1.Widget')
    expect(openApiSchema(crd, 'v1')).toMatchObject({
      properties: { apiVersion: { type: 'string' }, metadata: { default: {} }, spec: { type: 'object' } },
      'x-kubernetes-group-version-kind': [{ group, kind: 'Widget', version: 'v1' }],
      'x-kubernetes-selectable-fields': [{ fieldPath: 'spec.colour' }],
    })
    expect(openApiSchema(crd, 'v2')).toBeUndefined()
  })

  it.each<readonly [path: string, values: readonly unknown[]]>([
    ['.a.b', [1]],
    ['.list[1].n', ['y']],
    ['.list[-1].n', ['y']],
    ['.list[*].n', ['x', 'y']],
    [".a['b']", [1]],
    ['.list[?(@.n=="y")].v', [2]],
    ['.a.missing', []],
  ])('reads %s', (path, values) => {
    const object = {
      a: { b: 1 },
      list: [
        { n: 'x', v: 1 },
        { n: 'y', v: 2 },
      ],
    }
    expect(parsePath(path)?.(object)).toEqual(values)
  })
})
