import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decode, strictDecodingError } from '../machinery/decode.ts'
import { documentOf, parseJson } from '../machinery/json-text.ts'
import type { GroupVersionKind } from '../machinery/schema.ts'
import { servedResources } from '../testing/golden-api.ts'
import { type Json, textAt } from '../testing/golden-json.ts'
import { goldenExchanges, goldenObjects } from '../testing/golden-objects.ts'
import data from './generated/schema.ts'
import { schema } from './schema.ts'

const gvkOf = (apiVersion: string, kind: string): GroupVersionKind => {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  return { group, version, kind }
}
const typeOf = (body: unknown) => schema.schemaOf(gvkOf(textIn(body, 'apiVersion'), textIn(body, 'kind')))
const textIn = (body: unknown, field: string): string => String(Reflect.get(Object(body), field) ?? '')

describe('[A16] the schema', () => {
  it('knows every kind that the server serves', () => {
    const unknown = [...servedResources().values()].filter(({ name, kind }) => {
      const [version = '', group = ''] = name
        .split('/')
        .slice(0, name.split('/')[1]?.startsWith('v') ? 2 : 1)
        .reverse()
      const isProxy = /\/(?:proxy|attach|exec|portforward|log)$/.test(name)
      return !isProxy && !schema.schemaOf({ group, version, kind })
    })
    // Subresources whose kind belongs to another group; the recording names it in responseKind only.
    expect(unknown.filter(({ name }) => !/\/(?:scale|eviction|token)$/.test(name))).toEqual([])
  })

  it('describes fields as the merge and apply algorithms need them', () => {
    const containers = schema.typeNamed('io.k8s.api.core.v1.PodSpec')?.fields.get('containers')
    expect(containers).toMatchObject({
      required: true,
      listType: 'map',
      listMapKeys: ['name'],
      patchStrategy: ['merge'],
      patchMergeKey: 'name',
      value: { type: 'array', goType: '[]v1.Container', items: { object: { structName: 'Container' } } },
    })
    const volumes = schema.typeNamed('io.k8s.api.core.v1.PodSpec')?.fields.get('volumes')
    expect(volumes).toMatchObject({ patchStrategy: ['merge', 'retainKeys'] })
    expect(schema.typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector')).toMatchObject({ mapType: 'atomic' })
  })

  it('fits into 60 kB', () => {
    expect(gzipSync(JSON.stringify(data)).length).toBeLessThan(60_000)
  })
})

describe('[A3] decoding against the schema', () => {
  const objects = goldenObjects().filter(({ object }) => typeOf(object))

  it('is tried on hundreds of objects of dozens of kinds', () => {
    expect(objects.length).toBeGreaterThan(800)
    expect(new Set(objects.map(({ object }) => textAt(object, 'kind'))).size).toBeGreaterThan(40)
  })

  it('knows every field that a real server wrote, and would write each object as it did', () => {
    const changed = objects.flatMap(({ where, object }) => {
      const type = typeOf(object)
      if (!type) return []
      const { value, error, strict } = decode(type, documentOf(object))
      const isSame = JSON.stringify(value) === JSON.stringify(object)
      return isSame && !error && strict.length === 0 ? [] : [{ where, error, strict, object, value }]
    })
    expect(changed).toEqual([])
  })

  // Refusals that the schema does not decide: of kinds that do not exist or stand at the wrong path, and of YAML.
  const isForeign = (message: string): boolean => /no kind ".*" is registered|unknown conversion|: yaml: /.test(message)
  const refusals = goldenExchanges().flatMap(({ where, request, response }) => {
    const message = textAt(response.body, 'message')
    const refusal = / cannot be handled as a \w+: (.*)$/s.exec(message)?.[1]
    const text = request.bodyText ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
    return refusal && text && !isForeign(message) ? [{ where, text, refusal }] : []
  })

  it('is tried on dozens of refusals', () => {
    expect(refusals.length).toBeGreaterThanOrEqual(31)
  })

  it.each(refusals)('refuses in the words of the server: $refusal ($where)', ({ text, refusal }) => {
    expect(refusalOf(text)).toBe(refusal)
  })
})

function refusalOf(text: string): string | undefined {
  const { value: document } = parseJson(text)
  const type = document && typeOf(document.value)
  if (!type) return undefined
  const { error, strict } = decode(type, document)
  return error ?? (strict.length > 0 ? strictDecodingError(strict) : undefined)
}

describe('[H1] a CustomResourceDefinition', () => {
  const decodeSchema = (openAPIV3Schema: Json) => {
    const type = schema.typeNamed('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation')
    if (!type) throw new Error('CustomResourceValidation is not in the schema')
    return decode(type, documentOf({ openAPIV3Schema }))
  }

  it('may say items and additionalProperties by a schema, and by a list or a boolean', () => {
    const items = { type: 'string' }
    const good = {
      type: 'array',
      items,
      additionalProperties: { items: [items] },
      not: { additionalProperties: false },
    }
    const { value, error, strict } = decodeSchema(good)
    expect({ value, error, strict }).toEqual({ value: { openAPIV3Schema: good }, error: undefined, strict: [] })
    expect(decodeSchema({ additionalProperties: 3 }).error).toBe('boolean or JSON schema expected')
  })

  it('is pruned below items without a word, as that part has a decoder of its own', () => {
    const { value, strict } = decodeSchema({ colour: 1, items: { colour: 2, type: 'string' } })
    expect(strict).toEqual(['unknown field "openAPIV3Schema.colour"'])
    expect(value).toEqual({ openAPIV3Schema: { items: { type: 'string' } } })
  })

  it('that is nested beyond reason is refused and does not overflow the stack', () => {
    let nested: Json = { type: 'object' }
    for (let depth = 0; depth < 4_000; depth++) nested = { properties: { a: nested } }
    expect(decodeSchema(nested).error).toMatch(/exceeded max depth/)
  })
})
