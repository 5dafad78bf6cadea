import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { HttpResponse } from '../../http/message.ts'
import { controlPlane } from '../../../../testing/control-plane.ts'

const rules = (operations: string, resources: string, group = ''): string =>
  `{resourceRules: [{apiGroups: ["${group}"], apiVersions: [v1], operations: [${operations}], resources: [${resources}]}]}`

const binding = (policy: string, more: string, kind = 'Validating'): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}AdmissionPolicyBinding
metadata: {name: ${policy}}
spec: {policyName: ${policy}, ${more}}`

const policy = (name: string, spec: string, kind = 'Validating'): string => `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}AdmissionPolicy
metadata: {name: ${name}}
spec: ${spec}`

const paths: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
  MutatingAdmissionPolicy: '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies',
  MutatingAdmissionPolicyBinding: '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings',
  ConfigMap: '/api/v1/namespaces/default/configmaps',
}

interface Lab {
  send(method: string, path: string, object?: object): HttpResponse
  /** Creates every document; fails when one is refused. */
  create(text: string): void
  configMap(name: string, data?: Record<string, string>): HttpResponse
}

function lab(): Lab {
  const cluster = controlPlane()
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const send = (method: string, path: string, object?: object): HttpResponse =>
    cluster.http({ method, path, headers, ...(object && { body: JSON.stringify(object) }) })
  return {
    send,
    create(text) {
      for (const document of parseAllDocuments(text)) {
        const object: { kind: string } | null = document.toJS()
        if (!object) continue
        const { status, body } = send('POST', paths[object.kind] ?? '', object)
        expect(body).toContain('"kind"')
        expect([status, status === 201 ? '' : body]).toEqual([201, ''])
      }
    },
    configMap: (name, data = {}) =>
      send('POST', paths['ConfigMap'] ?? '', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }),
  }
}

const messageOf = ({ body }: HttpResponse): string => JSON.parse(body).message

describe('[H3] validating admission policies', () => {
  it('refuse with the message that an expression makes, of variables that are made of each other', () => {
    const { create, configMap } = lab()
    const variables =
      '[{name: keys, expression: "object.data.map(k, k)"}, {name: many, expression: "size(variables.keys)"}]'
    const validation = `{expression: "variables.many < 2", messageExpression: "'has ' + string(variables.many) + ' keys'", reason: Forbidden}`
    create(
      policy(
        'few',
        `{matchConstraints: ${rules('CREATE', 'configmaps')}, variables: ${variables}, validations: [${validation}]}`,
      ),
    )
    create(binding('few', 'validationActions: [Deny]'))
    expect(configMap('one', { a: '1' }).status).toBe(201)
    const refused = configMap('two', { a: '1', b: '2' })
    expect(refused.status).toBe(403)
    expect(messageOf(refused)).toBe(
      `configmaps "two" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: has 2 keys`,
    )
  })

  it('ask the parameters that a binding names, and refuse when they are missing', () => {
    const { create, configMap } = lab()
    const validation = `{expression: "size(object.metadata.name) <= int(params.data.longest)", message: too long}`
    const conditions = `[{name: not-the-limits, expression: "object.metadata.name != 'limits'"}]`
    create(
      policy(
        'short',
        `{paramKind: {apiVersion: v1, kind: ConfigMap}, matchConstraints: ${rules('CREATE', 'configmaps')}, matchConditions: ${conditions}, validations: [${validation}]}`,
      ),
    )
    create(
      binding(
        'short',
        'paramRef: {name: limits, namespace: default, parameterNotFoundAction: Deny}, validationActions: [Deny]',
      ),
    )
    expect(messageOf(configMap('abc'))).toContain(
      'no params found for policy binding with `Deny` parameterNotFoundAction',
    )
  })

  it('look at who asks, and at what was before; and leave other operations alone', () => {
    const { create, configMap, send } = lab()
    const validations = `[{expression: "object.data == oldObject.data || request.userInfo.username == 'nobody'", message: data is kept}]`
    create(policy('keep', `{matchConstraints: ${rules('UPDATE', 'configmaps')}, validations: ${validations}}`))
    create(binding('keep', 'validationActions: [Deny]'))
    expect(configMap('one', { a: '1' }).status).toBe(201)
    const put = (data: Record<string, string>): HttpResponse =>
      send('PUT', `${paths['ConfigMap'] ?? ''}/one`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'one' },
        data,
      })
    expect(put({ a: '1' }).status).toBe(200)
    expect(put({ a: '2' }).status).toBe(422)
  })

  it('warn instead of refusing, and ignore their own failures, when they are told so', () => {
    const { create, configMap } = lab()
    create(
      policy(
        'warns',
        `{matchConstraints: ${rules('CREATE', 'configmaps')}, validations: [{expression: "'a' in object.data"}]}`,
      ),
    )
    create(binding('warns', 'validationActions: [Warn]'))
    create(
      policy(
        'breaks',
        `{failurePolicy: Ignore, matchConstraints: ${rules('CREATE', 'configmaps')}, validations: [{expression: "object.data.missing == 'x'"}]}`,
      ),
    )
    create(binding('breaks', 'validationActions: [Deny]'))
    const { status, headers } = configMap('one', { b: '1' })
    expect(status).toBe(201)
    expect(JSON.stringify(headers)).toContain(`with binding 'warns': failed expression: 'a' in object.data`)
  })

  it('may ask the authorizer', () => {
    const { create, configMap } = lab()
    const expression = `authorizer.group('').resource('pods').namespace('default').check('delete').allowed()`
    create(
      policy(
        'may',
        `{matchConstraints: ${rules('CREATE', 'configmaps')}, validations: [{expression: "${expression}"}]}`,
      ),
    )
    create(binding('may', 'validationActions: [Deny]'))
    expect(configMap('one').status).toBe(201)
  })
})

describe('[H3] mutating admission policies', () => {
  it('merge a configuration that an expression makes', () => {
    const { create, configMap } = lab()
    const mutation = `{patchType: ApplyConfiguration, applyConfiguration: {expression: "Object{metadata: Object.metadata{labels: {'made-by': request.userInfo.username}}, data: {'size': string(size(object.data))}}"}}`
    create(
      policy(
        'label',
        `{reinvocationPolicy: Never, matchConstraints: ${rules('CREATE', 'configmaps')}, mutations: [${mutation}]}`,
        'Mutating',
      ),
    )
    create(binding('label', '', 'Mutating').replace(', }', '}'))
    const { body } = configMap('one', { a: '1' })
    expect(JSON.parse(body)).toMatchObject({
      data: { a: '1', size: '1' },
      metadata: { labels: { 'made-by': expect.any(String) } },
    })
  })

  it('patch with operations, each change seeing those before it', () => {
    const { create, configMap } = lab()
    const add = (key: string, value: string): string =>
      `{patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{op: 'add', path: '/data/${key}', value: ${value}}]"}}`
    create(
      policy(
        'patch',
        `{reinvocationPolicy: Never, matchConstraints: ${rules('CREATE', 'configmaps')}, mutations: [${add('b', `'2'`)}, ${add('c', 'object.data.b')}]}`,
        'Mutating',
      ),
    )
    create(binding('patch', '', 'Mutating').replace(', }', '}'))
    expect(JSON.parse(configMap('one', { a: '1' }).body).data).toEqual({ a: '1', b: '2', c: '2' })
  })

  it('are refused when their expressions make something else', () => {
    const { send } = lab()
    const spec = {
      reinvocationPolicy: 'Never',
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: '"text"' } }],
    }
    const path = paths['MutatingAdmissionPolicy'] ?? ''
    const kind = 'MutatingAdmissionPolicy'
    const { status, body } = send('POST', path, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name: 'x' },
      spec,
    })
    expect(status).toBe(422)
    expect(JSON.parse(body).message).toContain('must evaluate to list(JSONPatch) but got string')
  })
})
