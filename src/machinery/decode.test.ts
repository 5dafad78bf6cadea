import { describe, expect, it } from 'vitest'
import { decode, strictDecodingError } from './decode.ts'
import { documentOf, parseJson } from './json-text.ts'
import { deepFreeze } from './object.ts'
import { createSchema, type FieldData, type SchemaData } from './schema.ts'

const fields = {
  name: { value: { type: 'string', goType: 'string' }, presence: 'always', required: true },
  replicas: { value: { type: 'integer', format: 'int32', goType: 'int32' }, presence: 'keep' },
  minimum: { value: { type: 'integer', format: 'int64', goType: 'int64' }, presence: 'omit-zero' },
  paused: { value: { type: 'boolean', goType: 'bool' }, presence: 'omit-zero' },
  labels: {
    value: { type: 'map', items: { type: 'string', goType: 'string' }, goType: 'map[string]string' },
    presence: 'omit-zero',
  },
  args: {
    value: { type: 'array', items: { type: 'string', goType: 'string' }, goType: '[]string' },
    presence: 'omit-zero',
  },
  parts: {
    value: { type: 'array', items: { type: 'object', object: 'x.v1.Part', goType: 'v1.Part' }, goType: '[]v1.Part' },
    presence: 'null',
    required: true,
  },
  spec: { value: { type: 'object', object: 'x.v1.PartSpec', goType: 'v1.PartSpec' }, presence: 'always' },
  protocol: { value: { type: 'string', goType: 'v1.Protocol' }, presence: 'omit-zero', default: 'TCP' },
  size: { value: { type: 'quantity', goType: 'resource.Quantity' }, presence: 'keep' },
  port: { value: { type: 'int-or-string', goType: 'intstr.IntOrString' }, presence: 'always' },
  since: { value: { type: 'time', goType: 'v1.Time' }, presence: 'always' },
  data: { value: { type: 'bytes', goType: '[]uint8' }, presence: 'omit-zero' },
  extra: { value: { type: 'raw', goType: 'runtime.RawExtension' }, presence: 'keep' },
} satisfies Record<string, FieldData>

const names = Object.keys(fields)
const pick = (...picked: (keyof typeof fields)[]) => Object.fromEntries(picked.map(name => [name, names.indexOf(name)]))
const data: SchemaData = {
  fields: Object.values(fields),
  types: {
    'x.v1.Thing': { fields: pick('name', 'labels', 'spec'), kinds: [{ group: 'x', version: 'v1', kind: 'Thing' }] },
    'x.v1.PartSpec': { fields: pick('replicas', 'minimum', 'paused', 'args', 'parts') },
    'x.v1.Part': { fields: pick('name', 'protocol', 'size', 'port', 'since', 'data', 'extra') },
  },
}
const schema = createSchema(data)
const typeNamed = (name: string) => {
  const type = schema.typeNamed(name)
  if (!type) throw new Error(name)
  return type
}
const thing = typeNamed('x.v1.Thing')
const part = typeNamed('x.v1.Part')

const decodeText = (text: string, type = thing) => {
  const { value, error } = parseJson(text)
  return value ? decode(type, value) : { value: undefined, error, strict: [] }
}

describe('[A3] decoding an object', () => {
  it('fills in what Go always writes and what the schema has defaults for', () => {
    expect(decodeText('{}').value).toEqual({ name: '', spec: { parts: [] } })
    expect(decodeText('null').value).toEqual({ name: '', spec: { parts: [] } })
    expect(decodeText('{}', part).value).toEqual({ name: '', protocol: 'TCP', port: 0, since: null })
  })

  it('leaves out zeros that Go leaves out, and keeps those behind pointers', () => {
    const spec = '{"replicas":0,"minimum":0,"paused":false,"args":[],"parts":[]}'
    expect(decodeText(`{"name":"","labels":{},"spec":${spec}}`).value).toEqual({
      name: '',
      spec: { replicas: 0, parts: [] },
    })
  })

  it('takes null for absent, and for the zero in a list or map', () => {
    const text = '{"name":null,"labels":{"a":null},"spec":{"replicas":null,"args":["x",null],"parts":[null]}}'
    expect(decodeText(text)).toEqual({
      value: {
        name: '',
        labels: { a: '' },
        spec: { args: ['x', ''], parts: [{ name: '', protocol: 'TCP', port: 0, since: null }] },
      },
      error: undefined,
      strict: [],
    })
  })

  it('prunes unknown fields and names them with their paths in the order of the text', () => {
    const { value, strict, error } = decodeText(
      '{"colour":1,"labels":{"any":"thing"},"spec":{"Replicas":1,"parts":[{},{"siz":1,"name":"b"}]},"zzz":{"a":1,"a":2}}',
    )
    expect(strict).toEqual([
      'unknown field "colour"',
      'unknown field "spec.Replicas"',
      'unknown field "spec.parts[1].siz"',
      'unknown field "zzz"',
    ])
    expect(error).toBeUndefined()
    expect(JSON.stringify(value)).not.toMatch(/colour|Replicas|siz|zzz/)
    expect(strictDecodingError(strict.slice(0, 2))).toBe(
      'strict decoding error: unknown field "colour", unknown field "spec.Replicas"',
    )
  })

  it('names fields that stand twice, and merges the structs of which they are made', () => {
    const { value, strict } = decodeText(
      '{"name":"a","name":"b","labels":{"x":"1","x":"2"},"spec":{"replicas":1,"no":1,"no":2},"spec":{"minimum":2}}',
    )
    expect(strict).toEqual([
      'duplicate field "name"',
      'duplicate field "labels.x"',
      'unknown field "spec.no"',
      'duplicate field "spec"',
    ])
    expect(value).toEqual({ name: 'b', labels: { x: '2' }, spec: { replicas: 1, minimum: 2, parts: [] } })
  })

  it('says no more than 100 things', () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`f${i}`, 1])))
    expect(decodeText(text).strict).toHaveLength(100)
  })

  it.each([
    ['{"name":1}', 'json: cannot unmarshal number into Go struct field Thing.name of type string'],
    ['{"labels":{"a":true}}', 'json: cannot unmarshal bool into Go struct field Thing.labels of type string'],
    ['{"labels":["a"]}', 'json: cannot unmarshal array into Go struct field Thing.labels of type map[string]string'],
    ['{"spec":[]}', 'json: cannot unmarshal array into Go struct field Thing.spec of type v1.PartSpec'],
    [
      '{"spec":{"replicas":"3"}}',
      'json: cannot unmarshal string into Go struct field PartSpec.spec.replicas of type int32',
    ],
    [
      '{"spec":{"replicas":1.5}}',
      'json: cannot unmarshal number 1.5 into Go struct field PartSpec.spec.replicas of type int32',
    ],
    [
      '{"spec":{"replicas":1e3}}',
      'json: cannot unmarshal number 1e3 into Go struct field PartSpec.spec.replicas of type int32',
    ],
    [
      '{"spec":{"replicas":3000000000}}',
      'json: cannot unmarshal number 3000000000 into Go struct field PartSpec.spec.replicas of type int32',
    ],
    [
      '{"spec":{"parts":{}}}',
      'json: cannot unmarshal object into Go struct field PartSpec.spec.parts of type []v1.Part',
    ],
    [
      '{"spec":{"parts":[{"protocol":6}]}}',
      'json: cannot unmarshal number into Go struct field Part.spec.parts.protocol of type v1.Protocol',
    ],
    [
      '{"spec":{"parts":[{"port":1.5}]}}',
      'json: cannot unmarshal number 1.5 into Go struct field Part.spec.parts.port of type int32',
    ],
    [
      '{"spec":{"parts":[{"since":5}]}}',
      'json: cannot unmarshal number into Go struct field Part.spec.parts.since of type string',
    ],
    ['{"spec":{"parts":[{"data":"#"}]}}', 'illegal base64 data at input byte 0'],
    ['[]', 'json: cannot unmarshal array into Go value of type v1.Thing'],
  ])('says what does not fit in the words of Go: %s', (text, error) => {
    expect(decodeText(text).error).toBe(error)
  })

  it('takes integers up to the limits of their type', () => {
    const minimums = ['9223372036854775807', '-9223372036854775808', '9223372036854775808']
    const errors = minimums.map(minimum => decodeText(`{"spec":{"minimum":${minimum}}}`).error)
    const refusal =
      'json: cannot unmarshal number 9223372036854775808 into Go struct field PartSpec.spec.minimum of type int64'
    expect(errors).toEqual([undefined, undefined, refusal])
    expect(decodeText('{"spec":{"replicas":-2147483648}}').error).toBeUndefined()
    expect(decodeText('{"spec":{"replicas":2147483648}}').error).toContain('number 2147483648 into')
  })

  it('reports the first mistake, unless a value with a decoder of its own is wrong after it', () => {
    const first = 'json: cannot unmarshal number into Go struct field Thing.name of type string'
    expect(decodeText('{"name":1,"spec":{"replicas":"x"}}').error).toBe(first)
    const quantity = decodeText('{"name":1,"spec":{"parts":[{"size":"much"},{"size":true}]}}')
    expect(quantity.error).toMatch(/^quantities must match the regular expression/)
  })

  it('writes quantities canonically, from strings and from numbers', () => {
    const sizes = ['"1000m"', '1', '0.5', '"1024Ki"', '1e3'].map(size => decodeText(`{"size":${size}}`, part).value)
    expect(sizes).toMatchObject([{ size: '1' }, { size: '1' }, { size: '500m' }, { size: '1Mi' }, { size: '1e3' }])
  })

  it('leaves raw values alone', () => {
    const text = '{"extra":{"b":null,"a":[0,"",{"x":{}}]}}'
    expect(decodeText(text, part).value).toMatchObject({ extra: { b: null, a: [0, '', { x: {} }] } })
  })

  it('puts fields in the order of the Go struct and keys of maps in the order of bytes, as Go writes them', () => {
    const { value } = decodeText('{"spec":{"parts":[],"replicas":1},"labels":{"b":"","a":"","B":""},"name":"n"}')
    expect(JSON.stringify(value)).toBe('{"name":"n","labels":{"B":"","a":"","b":""},"spec":{"replicas":1,"parts":[]}}')
  })

  it('copies only what it changes, and looks at frozen parts once', () => {
    const spec = deepFreeze({ replicas: 1, parts: [{ name: 'p', protocol: 'TCP', port: 1, since: null }] })
    const input = { name: 'n', spec }
    expect(decode(thing, documentOf(input)).value).toBe(input)
    const { value } = decode(thing, documentOf({ ...input, labels: {} }))
    expect(value).toEqual(input)
    expect(value).toHaveProperty('spec', spec)
    expect(Object.is(Reflect.get(Object(value), 'spec'), spec)).toBe(true)
  })

  it('is not led astray by keys that objects inherit', () => {
    const { value, strict } = decodeText(
      '{"__proto__":{"a":1},"constructor":1,"labels":{"__proto__":"x","toString":"y"}}',
    )
    expect(strict).toEqual(['unknown field "__proto__"', 'unknown field "constructor"'])
    expect(JSON.stringify(value)).toBe('{"name":"","labels":{"__proto__":"x","toString":"y"},"spec":{"parts":[]}}')
  })
})
