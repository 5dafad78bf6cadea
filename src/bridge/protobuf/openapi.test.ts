import { describe, expect, it } from 'vitest'
import { encodeOpenApiV2 } from './openapi.ts'
import { Reader, type WireValue } from './wire.ts'

/** The values of a field. */
function field(message: WireValue | undefined, number: number): WireValue[] {
  if (!Buffer.isBuffer(message)) throw new TypeError('no message')
  return [...new Reader(message)].flatMap(each => (each.number === number ? [each.value] : []))
}

describe('[I3] /openapi/v2 in protobuf', () => {
  it('names every definition with its type, members and extensions', () => {
    const pod = {
      type: 'object',
      description: 'é'.repeat(200),
      required: ['spec'],
      properties: { spec: { $ref: '#/definitions/Spec' }, names: { type: 'array', items: { type: 'string' } } },
      'x-kubernetes-group-version-kind': [{ group: '', kind: 'Pod', version: 'v1' }],
    }
    const document = { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1' }, definitions: { Pod: pod } }
    const bytes = encodeOpenApiV2(JSON.stringify(document))
    const [entry] = field(field(bytes, 9)[0], 1)
    expect(String(field(entry, 1)[0])).toBe('Pod')
    const [schema] = field(entry, 2)
    expect(String(field(schema, 4)[0])).toBe(pod.description)
    expect(String(field(schema, 19)[0])).toBe('spec')
    expect(String(field(field(schema, 22)[0], 1)[0])).toBe('object')
    const [spec, names] = field(field(schema, 25)[0], 1)
    expect(String(field(field(spec, 2)[0], 1)[0])).toBe('#/definitions/Spec')
    const [items] = field(field(field(names, 2)[0], 23)[0], 1)
    expect(String(field(field(items, 22)[0], 1)[0])).toBe('string')
    const [extension] = field(schema, 31)
    expect(String(field(extension, 1)[0])).toBe('x-kubernetes-group-version-kind')
    expect(JSON.parse(String(field(field(extension, 2)[0], 2)[0]))).toEqual(pod['x-kubernetes-group-version-kind'])
  })
})
