import { describe, expect, it } from 'vitest'
import { apiLab } from '../../testing/api-lab.ts'

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'texts.shop.example.com' },
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { plural: 'texts', kind: 'Text' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: { openAPIV3Schema: { type: 'object', properties: { text: { type: 'string' } } } },
      },
    ],
  },
}

/** Sends a creation and answers what the server says of it. */
function sender(): (path: string, body: unknown) => { code: number; message: string; reason?: string } {
  const lab = apiLab()
  const headers = { 'Content-Type': 'application/json' }
  const send = (path: string, body: unknown): ReturnType<ReturnType<typeof sender>> => {
    const answer = lab.api.http(lab.self, { method: 'POST', path, headers, body: JSON.stringify(body) })
    if (!('body' in answer)) throw new Error('an answer has a body')
    const { message = '', reason } = JSON.parse(answer.body)
    return { code: answer.status, message, ...(answer.status > 300 && { reason }) }
  }
  expect(send('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition).code).toBe(201)
  lab.advance(1_000)
  return send
}

const configMaps = '/api/v1/namespaces/default/configmaps'
const texts = '/apis/shop.example.com/v1/namespaces/default/texts'
const text = (name: string, length: number): object => ({
  ...{ apiVersion: 'shop.example.com/v1', kind: 'Text', metadata: { name } },
  text: 'x'.repeat(length),
})

describe('[A3] [A4] objects and requests that are too large', () => {
  it('annotations may hold 256 KiB together', () => {
    const send = sender()
    const half = 128 * 1024
    const withNotes = (name: string, length: number): object => ({
      metadata: { name, annotations: { a: 'x'.repeat(half - 1), b: 'y'.repeat(length) } },
    })
    expect(send(configMaps, withNotes('fits', half - 1)).code).toBe(201)
    expect(send(configMaps, withNotes('large', half))).toEqual({
      code: 422,
      reason: 'Invalid',
      message: 'ConfigMap "large" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    })
  })

  it('a ConfigMap may hold a mebibyte', () => {
    const send = sender()
    const data = { a: 'x'.repeat(1024 * 1024 + 1) }
    expect(send(configMaps, { metadata: { name: 'large' }, data })).toMatchObject({ code: 422, reason: 'Invalid' })
  })

  it('what etcd does not take is refused in its words', () => {
    const send = sender()
    expect(send(texts, text('fits', 1_500_000)).code).toBe(201)
    expect(send(texts, text('large', 1_600_000))).toMatchObject({
      code: 500,
      message: 'etcdserver: request is too large',
    })
    expect(send(texts, text('larger', 2_200_000)).message).toMatch(
      /^rpc error: code = ResourceExhausted desc = trying to send message larger than max \(22\d{5} vs\. 2097152\)$/,
    )
  })

  it('a body may have 3 MiB, counted in bytes', () => {
    const send = sender()
    const refused = {
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    }
    expect(send(texts, text('huge', 3 * 1024 * 1024))).toEqual(refused)
    expect(send(texts, { ...text('korean', 0), text: '한'.repeat(1024 * 1024) })).toEqual(refused)
  })
})
